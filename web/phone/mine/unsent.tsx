/** What is on this phone and not sent: the truth about each, and what can be done with it. */

import { FileText } from "lucide";
import { categoryOf } from "../core/city";
import type { Draft } from "../core/db";
import { Link } from "../core/router";
import { SendState } from "../sending/state";
import { useKeptPhoto } from "../sending/photos";
import { categoryIcon } from "../ui/category-icons";
import { Icon } from "../ui/icon";
import { reportPath } from "../ui/report-card";
import { DraftButtons } from "./draft-buttons";
import { words } from "./words";

export function Unsent({ drafts }: { drafts: Draft[] }) {
  const w = words();
  const isSent = (draft: Draft) => draft.state === "sent";
  return (
    <>
      <Part id="unsent" title={w.unsent} drafts={drafts.filter((draft) => !isSent(draft))} />
      <Part id="just-sent" title={w.justSent} drafts={drafts.filter(isSent)} />
    </>
  );
}

function Part({ id, title, drafts }: { id: string; title: string; drafts: Draft[] }) {
  if (!drafts.length) return null;
  return (
    <section class="cards" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {drafts.map((draft) => (
        <DraftCard draft={draft} key={draft.id} />
      ))}
    </section>
  );
}

function DraftCard({ draft }: { draft: Draft }) {
  const category = categoryOf(draft.category);
  const said = draft.description.trim();
  return (
    <article class={draft.code ? "card" : "card mine-draft"}>
      <Link to={draft.code ? reportPath(draft.code) : `/reports/${draft.id}`} class="card-link">
        <span class="card-photo">
          {draft.photos[0] ? (
            <KeptCover id={draft.photos[0]} />
          ) : (
            <Icon of={category ? categoryIcon(category.icon) : FileText} size={28} />
          )}
        </span>
        <span class="card-text">
          <strong class="card-title">{said || category?.name || words().noWords}</strong>
          {draft.code && <span class="card-facts">{draft.code}</span>}
          {said && category && <span class="card-facts">{category.name}</span>}
        </span>
      </Link>
      <div class="mine-draft-state">
        <SendState item={draft} />
        {draft.state !== "sent" && <DraftButtons draft={draft} />}
      </div>
    </article>
  );
}

function KeptCover({ id }: { id: string }) {
  const source = useKeptPhoto(id);
  return source ? <img class="picture" src={source} alt="" width={88} height={88} /> : null;
}

/** What I sent: first what waits for me, then what has not left this phone, then the rest, newest first. */

import { Megaphone } from "lucide";
import { useEffect } from "preact/hooks";
import type { Session } from "../core/db";
import { Problem } from "../core/api";
import type { Card } from "../core/types";
import { acts } from "../sending/acts";
import { drafts, forgetSent } from "../sending/drafts";
import { Button, ButtonLink } from "../ui/button";
import { Empty, KeptLine, SkeletonCards, Trouble } from "../ui/states";
import { useAnonymous } from "./anonymous";
import { type Listed, MineCard } from "./card";
import { GuestLine } from "./guest-line";
import { type Pages, usePages } from "./more";
import { Unsent } from "./unsent";
import { Waiting, isWaiting } from "./waiting";
import { words } from "./words";

const EVERY_MS = 60_000;

/** `me`: undefined until it was looked up, null when there is no session. */
export function Sent({ me }: { me: Session | null | undefined }) {
  const told = usePages<Card>(me && !me.expired ? "/me/reports?limit=20" : null, undefined, EVERY_MS);
  const hidden = useAnonymous();
  const listed = merged(told, hidden);
  // What was sent just now stays here, by its code, until the list shows it.
  const unsent = drafts.value.filter((draft) => !listed.some(({ card }) => card.id === draft.id));
  const waiting = me === undefined ? [] : acts.value.filter(isWaiting);
  const asking = listed.filter(({ card }) => card.asks_me);
  const rest = listed.filter(({ card }) => !card.asks_me);
  const names = listed.map(({ card }) => card.id).join(" ");
  useEffect(() => void forgetSent(names.split(" ")).catch(() => undefined), [names, drafts.value]);
  const sentCount = [...drafts.value, ...acts.value].filter(({ state }) => state === "sent").length;
  useEffect(() => told.again(), [sentCount]);
  const loading = me === undefined || Boolean(me && !me.expired && told.state === "loading");
  const first = !asking.length && !waiting.length && !unsent.length;
  const nothing = !loading && !listed.length && first;

  if (nothing && told.error && !isSignedOut(told.error)) {
    return <Trouble error={told.error} again={told.again} />;
  }
  return (
    <>
      <KeptLine at={told.at} error={told.error} />
      <GuestLine me={me} any={listed.length > 0} />
      <Section name={words().asked} listed={asking} id="asked" />
      <Waiting acts={waiting} me={me ?? null} />
      <Unsent drafts={unsent} />
      {loading && <SkeletonCards count={3} />}
      <Section name={words().sentHead} listed={rest} id="sent" quiet={first} />
      <More told={told} />
      {nothing && me !== undefined && !me?.expired && <None />}
    </>
  );
}

function isSignedOut(error: unknown): boolean {
  return error instanceof Problem && error.status === 401;
}

/** The server's list and the anonymous ones of this phone, newest first; these only as far back as the
 * list was read. */
function merged(told: Pages<Card>, hidden: Listed[]): Listed[] {
  const last = told.items[told.items.length - 1];
  const within = told.next && last ? last.submitted_at : "";
  const near = hidden.filter(({ card }) => card.submitted_at >= within);
  const all: Listed[] = [...told.items.map((card) => ({ card })), ...near];
  return all.sort((a, b) => (a.card.submitted_at < b.card.submitted_at ? 1 : -1));
}

function Section({ name, listed, id, quiet }: { name: string; listed: Listed[]; id: string; quiet?: boolean }) {
  if (!listed.length) return null;
  return (
    <section class="cards" aria-labelledby={`mine-${id}`}>
      <h2 id={`mine-${id}`} class={quiet ? "unseen" : ""}>
        {name}
      </h2>
      {listed.map(({ card, key }) => (
        <MineCard card={card} session={key} key={card.id} />
      ))}
    </section>
  );
}

export function More({ told }: { told: Pages<{ id: string }> }) {
  const w = words();
  if (!told.next) return null;
  return (
    <>
      <Button wide busy={told.busy} onClick={() => void told.more()}>
        {w.more}
      </Button>
      {told.failed && (
        <p class="field-error" role="alert">
          {w.moreFailed}
        </p>
      )}
    </>
  );
}

function None() {
  const w = words();
  return (
    <Empty icon={Megaphone} title={w.none}>
      <p>{w.noneText}</p>
      <ButtonLink to="/new" look="primary">
        {w.report}
      </ButtonLink>
    </Empty>
  );
}

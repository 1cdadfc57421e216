/** What I did to reports that were sent, as long as the server has not said that it has it: the truth about
 * each, and a way to take it back, also where the report itself is shown to nobody any more. */

import type { Act, Session } from "../core/db";
import { Link } from "../core/router";
import { keptOrSaid } from "../sending/aloud";
import { type Undo, discardAct } from "../sending/acts";
import { nameOf, wordsOf } from "../sending/named";
import { OTHER_ACCOUNT, isAnothers } from "../sending/owner";
import { SendState } from "../sending/state";
import { TakeBack } from "../sending/take-back";
import { reportPath } from "../ui/report-card";
import { toast } from "../ui/toast";
import { words } from "./words";

export function isWaiting(act: Act): boolean {
  return act.state !== "sent" && act.state !== "writing";
}

/** Reports that I join, and the list of them, last read at `readAt` (ms), cannot tell yet; of each what I
 * wished last. */
export function joining(all: Act[], me: Session | null, readAt: number | null): Act[] {
  const wishes = all.filter(({ kind }) => kind === "support" || kind === "unsupport");
  const last = new Map(wishes.filter((act) => !isAnothers(act, me)).map((act) => [act.report, act]));
  const isTold = (act: Act) => act.state === "sent" && (act.sentAt ?? 0) <= (readAt ?? 0);
  return [...last.values()].filter((act) => act.kind === "support" && !isTold(act));
}

export function Waiting({ acts, me }: { acts: Act[]; me: Session | null }) {
  if (!acts.length) return null;
  return (
    <section class="cards" aria-labelledby="mine-waiting">
      <h2 id="mine-waiting">{words().waiting}</h2>
      {acts.map((act) => (
        <ActCard act={act} me={me} key={act.id} />
      ))}
    </section>
  );
}

/** Of another account it says neither words nor stars. */
function ActCard({ act, me }: { act: Act; me: Session | null }) {
  const w = words();
  const theirs = isAnothers(act, me);
  const dropped = (undo: Undo) => toast(w.dropped, { label: w.undo, do: () => void keptOrSaid(undo) });
  return (
    <article class="card mine-draft mine-act">
      <div class="mine-act-head">
        <strong>{nameOf(act)}</strong>
        <Link to={reportPath(act.code)} class="mine-act-code">
          {act.code}
        </Link>
      </div>
      {!theirs && saidIn(act) && <p class="mine-act-words">{saidIn(act)}</p>}
      <SendState item={theirs ? refusedHere(act) : act} />
      {act.state !== "sent" && (
        <div class="draft-buttons">
          <TakeBack
            look="quiet"
            label={w.discard}
            away={act.state === "sending"}
            discard={(evenSo) => discardAct(act.id, evenSo)}
            gone={dropped}
          />
        </div>
      )}
    </article>
  );
}

function saidIn(act: Act): string {
  const stars = act.kind === "rating" ? (act.body as { stars?: number } | null)?.stars : undefined;
  return [stars && words().stars(stars), wordsOf(act)].filter(Boolean).join(" · ");
}

/** It waits for its own account, as it will say itself once it was tried. */
function refusedHere(act: Act): Act {
  return { ...act, state: "refused", trouble: { code: OTHER_ACCOUNT, detail: "", fields: [], at: 0 } };
}

/** What I did that the server has not told back yet: the truth about it, and a way to take it back. */

import { Send } from "lucide";
import type { Act } from "../core/db";
import { discardAct } from "../sending/acts";
import { nameOf, stepOf, wordsOf } from "../sending/named";
import { SendState } from "../sending/state";
import { TakeBack } from "../sending/take-back";
import { Button } from "../ui/button";
import { Icon } from "../ui/icon";
import { KeptPhotos } from "./photo-field";
import { words } from "./words";

/** Nobody is sending it now. What left without an answer is only taken back knowingly. */
const stays = (act: Act) => act.state === "queued" || act.state === "refused";

const FORMS = new Set(["answer", "reopen", "reconsider"]);

/** As a panel, where the asked thing stood. */
export function Pending({ act, putRight }: { act: Act; putRight: () => void }) {
  const w = words();
  const refused = act.state === "refused";
  return (
    <section class="panel panel-wash asked pending" aria-live="polite">
      <h2>{nameOf(act)}</h2>
      {wordsOf(act) && <p class="asked-words">{wordsOf(act)}</p>}
      <KeptPhotos photos={act.photos} />
      <SendState item={act} />
      <div class="asked-buttons">
        {refused && FORMS.has(stepOf(act) ?? "") && (
          <Button look="primary" onClick={putRight}>
            {w.putRight}
          </Button>
        )}
        <TakeBack label={w.takeBack} away={!stays(act)} discard={(evenSo) => discardAct(act.id, evenSo)} />
      </div>
    </section>
  );
}

/** As an entry above the timeline. */
export function PendingEntry({ act }: { act: Act }) {
  const w = words();
  const stars = act.kind === "rating" ? (act.body as { stars?: number })?.stars : undefined;
  return (
    <li class="entry entry-pending">
      <span class="entry-ring">
        <Icon of={Send} size={18} />
      </span>
      <div class="entry-text">
        <p class="entry-head">
          <strong>{nameOf(act)}</strong>
        </p>
        {stars && <p>{w.stars(stars)}</p>}
        {wordsOf(act) && <p class="entry-words">{wordsOf(act)}</p>}
        <SendState item={act} />
        {act.kind !== "step" && (
          <TakeBack look="link" label={w.takeBack} away={!stays(act)} discard={(evenSo) => discardAct(act.id, evenSo)} />
        )}
      </div>
    </li>
  );
}

/** What can be done with a report that is on this phone alone. */

import type { Draft } from "../core/db";
import { go } from "../core/router";
import { keptOrSaid } from "../sending/aloud";
import { discardDraft, mayHaveArrived } from "../sending/drafts";
import { Button } from "../ui/button";
import { toast } from "../ui/toast";
import { sendNow } from "../sending/outbox";
import { TakeBack } from "../sending/take-back";
import { takenToChange } from "./change";
import { words } from "./words";

export function DraftButtons({ draft, gone }: { draft: Draft; gone?: () => void }) {
  const w = words();
  const discard = async (evenSo: boolean) => {
    if (!evenSo && (await mayHaveArrived(draft.id))) return null;
    const undo = await discardDraft(draft.id);
    if (evenSo) gone?.();
    return undo;
  };
  const discarded = (undo: () => Promise<void>) => {
    gone?.();
    toast(w.discarded, { label: w.undo, do: () => void keptOrSaid(undo) });
  };
  const change = async () => {
    if (await takenToChange(draft.id)) go(`/new?draft=${draft.id}`);
  };
  return (
    <div class="draft-buttons">
      {draft.state === "queued" && <Button onClick={() => void sendNow()}>{w.sendNow}</Button>}
      {draft.state !== "sending" && (
        <Button look={draft.state === "queued" ? "quiet" : "plain"} onClick={() => void change()}>
          {draft.state === "refused" ? w.putRight : draft.state === "queued" ? w.change : w.goOn}
        </Button>
      )}
      <TakeBack look="quiet" label={w.discard} away={draft.state === "sending"} discard={discard} gone={discarded} />
    </div>
  );
}

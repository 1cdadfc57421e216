/** What can be done with a report that is on this phone alone. */

import type { Draft } from "../core/db";
import { go } from "../core/router";
import { discardDraft, editDraft } from "../sending/drafts";
import { Button } from "../ui/button";
import { toast } from "../ui/toast";
import { sendNow } from "../sending/outbox";
import { words } from "./words";

export function DraftButtons({ draft, gone }: { draft: Draft; gone?: () => void }) {
  const w = words();
  const discard = async () => {
    const undo = await discardDraft(draft.id);
    gone?.();
    toast(w.discarded, { label: w.undo, do: () => void undo() });
  };
  const change = async () => {
    if (await editDraft(draft.id)) go(`/new?draft=${draft.id}`);
    else toast(w.onItsWay);
  };
  return (
    <div class="draft-buttons">
      {draft.state === "queued" && <Button onClick={() => void sendNow()}>{w.sendNow}</Button>}
      {draft.state !== "sending" && (
        <Button look={draft.state === "queued" ? "quiet" : "plain"} onClick={() => void change()}>
          {draft.state === "refused" ? w.putRight : draft.state === "queued" ? w.change : w.goOn}
        </Button>
      )}
      {draft.state !== "sending" && (
        <Button look="quiet" onClick={() => void discard()}>
          {w.discard}
        </Button>
      )}
    </div>
  );
}

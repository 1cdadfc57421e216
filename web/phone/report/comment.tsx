/** A few words for everybody to read, once a person has looked at them. */

import { MessageCircle } from "lucide";
import { Button } from "../ui/button";
import type { Deeds } from "./deeds";
import { words } from "./words";
import { WordsForm, useOpened } from "./words-form";

export function CommentDoor({ deeds }: { deeds: Deeds }) {
  const wording = deeds.wording("comment");
  const [open, setOpen] = useOpened(wording);
  const w = words();
  if (!open) {
    return (
      <Button icon={MessageCircle} wide onClick={() => setOpen(true)}>
        {w.writeComment}
      </Button>
    );
  }
  return (
    <section class="panel">
      <WordsForm
        label={w.commentLabel}
        hint={w.commentHint}
        sending={w.sendComment}
        maxLength={2000}
        cancel={() => setOpen(false)}
        wording={wording}
        sent={() => setOpen(false)}
      />
    </section>
  );
}

/** A field for words, photos where they help, and one button to send. */

import { useRef, useState } from "preact/hooks";
import type { Act } from "../core/db";
import { Button } from "../ui/button";
import { TextArea } from "../ui/field";
import { requeueAct } from "../sending/acts";
import { wordsOf } from "./deeds";
import { KeptPhotos, PhotoField } from "./photo-field";
import { words } from "./words";

interface FormProps {
  label: string;
  hint?: string;
  sending: string; // on the button
  withPhotos?: boolean;
  before?: Act | null; // refused: its words are there again, its photos stay
  maxLength?: number;
  cancel?: () => void;
  send: (note: string, photos: string[]) => Promise<unknown>;
}

export function WordsForm({ label, hint, sending, withPhotos, before, maxLength = 5000, cancel, send }: FormProps) {
  const [text, write] = useState(before ? wordsOf(before) : "");
  const [photos, setPhotos] = useState<string[]>([]);
  const [error, tell] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const w = words();

  const submit = async () => {
    if (busy) return;
    if (!text.trim()) {
      tell(w.needWords);
      form.current?.querySelector("textarea")?.focus();
      return;
    }
    setBusy(true);
    try {
      await (before ? requeueAct(before.id, { ...(before.body as object), note: text.trim() }) : send(text, photos));
      write("");
      setPhotos([]);
    } catch {
      tell(w.notKept);
    }
    setBusy(false);
  };

  return (
    <form
      ref={form}
      class="words-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <TextArea
        label={label}
        hint={hint}
        error={error}
        value={text}
        rows={3}
        maxLength={maxLength}
        onText={(now) => {
          write(now);
          tell(null);
        }}
      />
      {before && <KeptPhotos photos={before.photos} />}
      {withPhotos && !before && <PhotoField photos={photos} set={setPhotos} />}
      <div class="asked-buttons">
        <Button type="submit" look="primary" busy={busy}>
          {sending}
        </Button>
        {cancel && <Button onClick={cancel}>{w.cancel}</Button>}
      </div>
    </form>
  );
}

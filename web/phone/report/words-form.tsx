/** A field for words, photos where they help, and one button to send. What is written is kept on the
 * phone until it is sent or thrown away, as a report's draft is. */

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Act } from "../core/db";
import { uuid } from "../core/session";
import { Button } from "../ui/button";
import { TextArea } from "../ui/field";
import { requeueAct } from "../sending/acts";
import { keptOrSaid } from "../sending/aloud";
import { wordsOf } from "../sending/named";
import { toast } from "../ui/toast";
import type { Wording } from "./deeds";
import { PhotoField } from "./photo-field";
import { words } from "./words";

interface FormProps {
  label: string;
  hint?: string;
  sending: string; // on the button
  withPhotos?: boolean;
  before?: Act | null; // refused: its words and photos are there again, to be put right
  maxLength?: number;
  cancel?: () => void;
  wording: Wording;
  sent?: () => void;
}

export function WordsForm({ label, hint, sending, withPhotos, before, maxLength = 5000, cancel, wording, sent }: FormProps) {
  const { text, photos, write, change, written } = useWritten(wording, before ?? null);
  const [error, tell] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [working, setWorking] = useState(false);
  const [asked, ask] = useState(false); // to send, once the photos are ready
  const form = useRef<HTMLFormElement>(null);
  const w = words();

  const submit = () => {
    if (busy) return;
    if (text.trim()) return ask(true);
    tell(w.needWords);
    form.current?.querySelector("textarea")?.focus();
  };
  const send = async () => {
    setBusy(true);
    try {
      await written.send();
      sent?.();
    } catch {
      tell(w.notKept);
    }
    setBusy(false);
  };
  useEffect(() => {
    if (!asked || working) return;
    ask(false);
    void send();
  }, [asked, working]);

  return (
    <form
      ref={form}
      class="words-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
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
      {withPhotos && <PhotoField photos={photos} change={change} working={working} setWorking={setWorking} />}
      <p class="unseen" role="status">
        {asked && w.waitsForPhotos}
      </p>
      <div class="asked-buttons">
        <Button type="submit" look="primary" busy={busy || asked}>
          {asked ? w.waitsForPhotos : sending}
        </Button>
        {cancel && <Button onClick={() => void written.drop().then(cancel)}>{w.cancel}</Button>}
      </div>
    </form>
  );
}

const KEEP_AFTER_MS = 400;

/** Whether the form stands open: as the person wants it, and where something was begun and left. */
export function useOpened(wording: Wording, first = false): [boolean, (open: boolean) => void] {
  const [open, setOpen] = useState(first);
  useEffect(() => {
    if (wording.begun) setOpen(true);
  }, [wording.begun]);
  return [open, setOpen];
}

/** What is being written, under one id: as it was left before, and kept a moment after each change. */
function useWritten(wording: Wording, before: Act | null) {
  const [text, setText] = useState(before ? wordsOf(before) : "");
  const [photos, setPhotos] = useState(before?.photos ?? []);
  const now = useRef({ id: before?.id ?? uuid(), text, photos, touched: false, dirty: false, done: false });
  const latest = useRef(wording);
  latest.current = wording;
  const written = useMemo(() => writing(now.current, latest, before), []);

  useEffect(() => {
    if (!before) void written.load((act) => (setText(wordsOf(act)), setPhotos(act.photos))).catch(() => undefined);
    const keep = () => void written.keep();
    addEventListener("pagehide", keep);
    document.addEventListener("visibilitychange", keep);
    return () => {
      removeEventListener("pagehide", keep);
      document.removeEventListener("visibilitychange", keep);
      keep();
    };
  }, []);
  const write = (said: string) => {
    setText(said);
    written.change({ text: said });
  };
  const change = (how: (ids: string[]) => string[]) => {
    const ids = how(now.current.photos);
    setPhotos(ids);
    written.change({ photos: ids });
  };
  return { text, photos, write, change, written };
}

interface Now {
  id: string;
  text: string;
  photos: string[];
  touched: boolean; // by the person: what was read late does not overwrite it
  dirty: boolean;
  done: boolean; // sent or thrown away
}

function writing(now: Now, wording: { current: Wording }, before: Act | null) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const keep = async (): Promise<void> => {
    clearTimeout(timer);
    if (!now.dirty || now.done) return;
    now.dirty = false;
    const empty = !before && !now.text.trim() && !now.photos.length;
    const kept = empty ? wording.current.empty(now.id) : wording.current.keep(now.id, now.text, now.photos);
    await kept.catch(() => (now.dirty = true)); // a full phone: it is still on the screen, and sending says so
  };
  return {
    keep,
    load: async (show: (act: Act) => void) => {
      const act = await wording.current.load();
      if (!act || now.touched) return;
      Object.assign(now, { id: act.id, text: wordsOf(act), photos: act.photos });
      show(act);
    },
    change: (what: Partial<Now>) => {
      Object.assign(now, what, { touched: true, dirty: true });
      clearTimeout(timer);
      timer = setTimeout(() => void keep(), KEEP_AFTER_MS);
    },
    send: async () => {
      if (before) {
        await wording.current.keep(now.id, now.text.trim(), now.photos);
        await requeueAct(before.id);
      } else await wording.current.send(now.id, now.text, now.photos);
      now.done = true;
    },
    /** Thrown away, with a way back; a refused one stays as it was. */
    drop: async () => {
      await keep();
      now.done = true;
      if (before) return;
      const worth = now.text.trim() || now.photos.length;
      await keptOrSaid(async () => {
        const undo = await wording.current.drop(now.id);
        const w = words();
        if (worth && undo) toast(w.wordsDropped, { label: w.undo, do: () => void keptOrSaid(undo) });
      });
    },
  };
}

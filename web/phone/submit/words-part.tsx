/** One field for words, and a gentle word when they name a person or a number. */

import { ShieldAlert } from "lucide";
import { useEffect, useRef } from "preact/hooks";
import { TextArea } from "../ui/field";
import { Icon } from "../ui/icon";
import { namesSomebody, tellsNumbers } from "./personal";
import { MOST_WORDS, type Writing } from "./state";
import { words } from "./words";

const SHORT = 300; // letters left, from where on it is said

export function WordsPart({ writing, hidden }: { writing: Writing; hidden: boolean }) {
  const around = useRef<HTMLElement>(null);
  const text = writing.draft.value.description;
  const w = words();
  useEffect(() => grow(around.current?.querySelector("textarea") ?? null), [text]);
  const left = MOST_WORDS - text.length;
  const numbers = !hidden && tellsNumbers(text);
  const name = !hidden && namesSomebody(text);
  return (
    <section class="submit-part submit-words" id="submit-words" ref={around}>
      <TextArea
        label={w.describe}
        placeholder={w.describeHint}
        value={text}
        maxLength={MOST_WORDS}
        rows={3}
        onText={(description) => writing.change({ description })}
        onBlur={() => void writing.keep()}
        hint={left < SHORT ? w.left(left) : undefined}
      />
      <div class="submit-warning" role="status">
        {(numbers || name) && <Icon of={ShieldAlert} />}
        <div>
          {numbers && <p>{w.hasNumber}</p>}
          {name && <p>{w.hasName}</p>}
        </div>
      </div>
    </section>
  );
}

/** As tall as its words. */
function grow(field: HTMLTextAreaElement | null): void {
  if (!field) return;
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight + 2}px`;
}

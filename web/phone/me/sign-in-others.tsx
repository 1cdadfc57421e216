/** After signing in where another account left things unsent: asked what should become of them, as
 * signing out asks. Until then, and unless they are thrown away, they are sent in nobody's name. */

import { categoryOf } from "../core/city";
import type { Act, Draft } from "../core/db";
import { discardAct } from "../sending/acts";
import { discardDraft } from "../sending/drafts";
import { nameOf } from "../sending/named";
import type { Left } from "../sending/owner";
import { words as leaving } from "./leaving-words";
import { words } from "./sign-in-words";

export type LeftWish = "keep" | "discard";

interface LeftProps {
  left: Left;
  who: string; // their masked number
  wish: LeftWish | null;
  choose: (wish: LeftWish) => void;
  missing: boolean;
}

export function LeftByOthers({ left, who, wish, choose, missing }: LeftProps) {
  const w = words();
  const ways: [LeftWish, string, string][] = [
    ["keep", w.leftKeep, w.leftKeepText],
    ["discard", w.leftDiscard, w.leftDiscardText],
  ];
  return (
    <section class="panel me-unsent" aria-labelledby="me-left">
      <h2 id="me-left">{w.left(left.drafts.length + left.acts.length, who)}</h2>
      <p>{w.leftText}</p>
      <ul class="me-unsent-list">
        {[...left.drafts.map(draftLine), ...left.acts.map(actLine)].map(([id, line, more]) => (
          <li key={id}>
            <span class="me-one-line">{line}</span>
            <span class="muted">{more}</span>
          </li>
        ))}
      </ul>
      <fieldset aria-describedby={missing ? "me-left-first" : undefined}>
        <legend>{leaving().choose}</legend>
        {ways.map(([value, label, text]) => (
          <label class="me-way" key={value}>
            <input type="radio" name="left" checked={wish === value} onChange={() => choose(value)} />
            <span>
              <strong>{label}</strong>
              <span class="muted">{text}</span>
            </span>
          </label>
        ))}
        {missing && (
          <p class="field-error" id="me-left-first" role="alert">
            {leaving().chooseFirst}
          </p>
        )}
      </fieldset>
    </section>
  );
}

type Line = [id: string, line: string, more: string];

function draftLine(draft: Draft): Line {
  const w = leaving();
  const title = draft.description.trim() || categoryOf(draft.category)?.name || w.noWords;
  return [draft.id, title, draft.photos.length ? w.photos(draft.photos.length) : ""];
}

function actLine(act: Act): Line {
  return [act.id, nameOf(act), act.code];
}

export async function discardLeft(left: Left): Promise<void> {
  for (const { id } of left.drafts) await discardDraft(id);
  for (const { id } of left.acts) await discardAct(id, true);
}

/** Who learns who sent it: one line, and each choice in a sentence; and what sending agrees to. */

import { EyeOff, Lock, LockOpen } from "lucide";
import { useState } from "preact/hooks";
import { Link } from "../core/router";
import type { Identity } from "../core/types";
import { isResident } from "../me/me-hooks";
import { useMe } from "../me/use-me";
import { Icon, type IconNode } from "../ui/icon";
import type { Writing } from "./state";
import { words } from "./words";

const ICONS: Record<Identity, IconNode> = { confidential: Lock, open: LockOpen, anonymous: EyeOff };
const OFFERED: Identity[] = ["confidential", "open", "anonymous"];

export function IdentityPart({ writing }: { writing: Writing }) {
  const [open, setOpen] = useState(false);
  const w = words();
  const { identity } = writing.draft.value;
  const known = isResident(useMe());
  return (
    <section class="submit-part submit-identity">
      <button
        type="button"
        class="submit-line"
        aria-expanded={open}
        aria-controls="identity-choices"
        onClick={() => setOpen(!open)}
      >
        <Icon of={ICONS[identity]} />
        <span>
          <span class="unseen">{w.who} </span>
          {w.identity[identity]}
        </span>
        <span class="submit-line-act">{w.change}</span>
      </button>
      <fieldset id="identity-choices" hidden={!open} class="submit-identity-choices">
        <legend>{w.who}</legend>
        {OFFERED.map((one) => (
          <label class="submit-option" key={one}>
            <input type="radio" name="identity" checked={identity === one} onChange={() => writing.change({ identity: one })} />
            <span>
              <strong>{w.identityName[one]}</strong>
              <span class="muted">
                {w.identityText[one]}
                {one === "open" && !known && ` ${w.identityNobody}`}
              </span>
            </span>
          </label>
        ))}
      </fieldset>
      <p class="muted">
        {w.consent} <Link to="/privacy">{w.privacy}</Link>
      </p>
    </section>
  );
}

/** Something that is on or off at once: a real checkbox, told to screen readers as a switch. */

import { useId } from "preact/hooks";

interface SwitchProps {
  label: string;
  hint?: string;
  on: boolean;
  disabled?: boolean;
  busy?: boolean;
  onChange: (on: boolean) => void;
}

export function Switch({ label, hint, on, disabled, busy, onChange }: SwitchProps) {
  const id = useId();
  return (
    <label class="me-switch">
      <span>
        <span class="me-switch-label" id={id}>
          {label}
        </span>
        {hint && (
          <span class="muted" id={`${id}-hint`}>
            {hint}
          </span>
        )}
      </span>
      <input
        type="checkbox"
        role="switch"
        aria-labelledby={id}
        aria-describedby={hint ? `${id}-hint` : undefined}
        checked={on}
        disabled={disabled}
        aria-busy={busy || undefined}
        onChange={(event) => {
          const wanted = event.currentTarget.checked;
          event.currentTarget.checked = on; // shown once it is so
          if (!busy) onChange(wanted);
        }}
      />
    </label>
  );
}

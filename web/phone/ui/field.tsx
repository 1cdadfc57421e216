/** A labelled field with its hint and its error, tied together for screen readers. */

import type { Ref } from "preact";
import { useId } from "preact/hooks";

interface FieldProps {
  label: string;
  value: string;
  onText: (text: string) => void;
  hint?: string;
  error?: string | null;
  placeholder?: string;
  maxLength?: number;
  required?: boolean;
  onFocus?: () => void;
  onBlur?: () => void;
}

interface InputProps extends FieldProps {
  type?: "text" | "tel" | "email" | "search" | "number";
  inputMode?: "text" | "tel" | "email" | "numeric" | "search";
  autoComplete?: "off" | "tel" | "email" | "one-time-code" | "name";
  inputRef?: Ref<HTMLInputElement>;
}

interface AreaProps extends FieldProps {
  rows?: number;
}

export function TextField({ label, hint, error, onText, inputRef, ...rest }: InputProps) {
  const { id, below, describedBy } = useBelow(hint, error);
  return (
    <div class={`field${error ? " wrong" : ""}`}>
      <label for={id}>{label}</label>
      <input
        {...(rest as object)} // preact's types of <input> depend on `type`, which varies here
        ref={inputRef}
        id={id}
        onInput={(event) => onText(event.currentTarget.value)}
        aria-invalid={error ? true : undefined}
        aria-describedby={describedBy}
      />
      {below}
    </div>
  );
}

export function TextArea({ label, hint, error, onText, ...rest }: AreaProps) {
  const { id, below, describedBy } = useBelow(hint, error);
  return (
    <div class={`field${error ? " wrong" : ""}`}>
      <label for={id}>{label}</label>
      <textarea
        {...rest}
        id={id}
        onInput={(event) => onText(event.currentTarget.value)}
        aria-invalid={error ? true : undefined}
        aria-describedby={describedBy}
      />
      {below}
    </div>
  );
}

function useBelow(hint?: string, error?: string | null) {
  const id = useId();
  const describedBy = error ? `${id}-error` : hint ? `${id}-hint` : undefined;
  const below = error ? (
    <p class="field-error" id={`${id}-error`}>
      {error}
    </p>
  ) : hint ? (
    <p class="field-hint" id={`${id}-hint`}>
      {hint}
    </p>
  ) : null;
  return { id, below, describedBy };
}

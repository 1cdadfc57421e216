/** A sentence at the foot of the screen about what was just done, with a way to undo it. */

import { signal } from "@preact/signals";

interface Toast {
  text: string;
  act?: { label: string; do: () => void };
}

const shown = signal<Toast | null>(null);
let timer: ReturnType<typeof setTimeout> | undefined;
const SHOWN_MS = 6000;

export function toast(text: string, act?: Toast["act"]): void {
  clearTimeout(timer);
  shown.value = { text, act };
  timer = setTimeout(() => (shown.value = null), act ? SHOWN_MS * 1.5 : SHOWN_MS);
}

export function Toasts() {
  const now = shown.value;
  return (
    <div class="toasts" role="status" aria-live="polite">
      {now && (
        <div class="toast">
          <span>{now.text}</span>
          {now.act && (
            <button
              type="button"
              onClick={() => {
                shown.value = null;
                now.act?.do();
              }}
            >
              {now.act.label}
            </button>
          )}
        </div>
      )}
    </div>
  );
}

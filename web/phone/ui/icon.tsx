/** Lucide's icons, drawn inline with one stroke width; always with a word beside them. */

import { h } from "preact";

export type IconNode = readonly (readonly [string, Record<string, string | number | undefined>])[];

export function Icon({ of, size = 20 }: { of: IconNode; size?: number }) {
  return (
    <svg
      class="icon"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="1.75"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {of.map(([tag, attributes]) => h(tag, attributes))}
    </svg>
  );
}

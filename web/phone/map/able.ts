/** Whether a map makes sense on this phone; known without fetching any of it. */

import { signal } from "@preact/signals";

let able: boolean | null = null;

/** Counts how often the colours changed (light, dark): a map is drawn anew in the new ones. */
export const scheme = signal(0);
if (typeof matchMedia !== "undefined") {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => scheme.value++);
}

/** Whether this phone can draw a map at all: WebGL 2 is there, and works. */
export function canDraw(): boolean {
  if (able === null) {
    const context = document.createElement("canvas").getContext("webgl2");
    able = context !== null;
    context?.getExtension("WEBGL_lose_context")?.loseContext(); // phones have few of them
  }
  return able;
}

/** Whether whoever pays for the bytes asked for few of them, or the line is slow. */
export function savesData(): boolean {
  const line = (navigator as { connection?: { saveData?: boolean; effectiveType?: string } }).connection;
  return (
    line?.saveData === true ||
    /2g/.test(line?.effectiveType ?? "") ||
    matchMedia("(prefers-reduced-data: reduce)").matches
  );
}

export function calm(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

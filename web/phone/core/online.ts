/** Whether the network answers: what the phone says, corrected by what was seen to happen. */

import { signal } from "@preact/signals";

export const online = signal(typeof navigator === "undefined" || navigator.onLine);

/** How often the network has come back: what could not be read is asked for again when this changes. */
export const returns = signal(0);

/** Where some requests get through and others never do, every answer looks like a return: a phone must
 * not ask in circles then. What the phone itself says of its network counts at once. */
const LEAST_MS = 10_000;
let counted = -LEAST_MS;
let timer: ReturnType<typeof setTimeout> | undefined;

function comesBack(within: number): void {
  clearTimeout(timer);
  timer = setTimeout(() => {
    timer = undefined;
    counted = performance.now();
    returns.value += 1;
  }, within);
}

if (typeof window !== "undefined") {
  window.addEventListener("online", () => {
    online.value = true;
    comesBack(0);
  });
  window.addEventListener("offline", () => (online.value = false));
}

/** A request got through, or did not. */
export function sawNetwork(answered: boolean): void {
  const before = online.value;
  online.value = answered;
  if (answered && !before && !timer) comesBack(Math.max(0, counted + LEAST_MS - performance.now()));
}

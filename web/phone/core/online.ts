/** Whether the network answers: what the phone says, corrected by what was seen to happen. */

import { signal } from "@preact/signals";

export const online = signal(typeof navigator === "undefined" || navigator.onLine);

if (typeof window !== "undefined") {
  window.addEventListener("online", () => (online.value = true));
  window.addEventListener("offline", () => (online.value = false));
}

/** A request got through, or did not. */
export function sawNetwork(answered: boolean): void {
  online.value = answered;
}

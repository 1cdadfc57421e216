/** Registers the service worker, and tells when a newer app is ready. */

import { signal } from "@preact/signals";

/** A newer app is on the phone. It takes over at the next start, or now by `takeOver()`. */
export const newVersion = signal(false);

export function takeOver(): void {
  location.reload();
}

export function startWorker(): void {
  if ("serviceWorker" in navigator) void navigator.serviceWorker.register("/sw.js");
}

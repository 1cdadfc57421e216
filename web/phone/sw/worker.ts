/** The service worker: the app without a network, pushes, and sending in the background. What it does
 * is in `shell.ts`, `pushes.ts` and `../sending/machine.ts`; here stands only when. */

import { nextMoment, sendAll } from "../sending/machine";
import { SYNC } from "../sending/sync";
import * as pushes from "./pushes";
import * as shell from "./shell";

declare const self: ServiceWorkerGlobalScope;

interface SyncEvent extends ExtendableEvent {
  tag: string;
}

self.addEventListener("install", (event) => event.waitUntil(shell.install()));

// Claimed, so that the very first visit can be continued without a network.
self.addEventListener("activate", (event) =>
  event.waitUntil(Promise.all([self.clients.claim(), shell.clean()])),
);

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  const screen = request.mode === "navigate" ? shell.screenOf(url.pathname) : null;
  if (screen !== null) event.respondWith(shell.page(event, screen));
  else if (url.pathname.startsWith("/built/")) event.respondWith(shell.built(event));
});

self.addEventListener("message", (event) => {
  const { kind } = (event.data ?? {}) as { kind?: string };
  if (kind === "take-over") event.waitUntil(self.skipWaiting());
  if (kind === "claim") event.waitUntil(self.clients.claim());
  if (kind === "clean") event.waitUntil(shell.clean());
});

self.addEventListener("push", (event) => event.waitUntil(pushes.show(event)));
self.addEventListener("notificationclick", (event) => event.waitUntil(pushes.open(event)));
self.addEventListener("pushsubscriptionchange", (event) =>
  (event as ExtendableEvent).waitUntil(pushes.resubscribe(event)),
);

for (const name of ["sync", "periodicsync"]) {
  self.addEventListener(name, (event) => {
    const sync = event as SyncEvent;
    if (sync.tag === SYNC) sync.waitUntil(sendInBackground());
  });
}

/** Fails while something still waits, which has the browser call again later. */
async function sendInBackground(): Promise<void> {
  await sendAll({ hurry: "network", locale: (await shell.keptLocale()) ?? "vi" });
  if ((await nextMoment()) !== null) throw new Error("something still waits");
}

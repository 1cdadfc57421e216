/** The service worker: the app without a network, pushes, and sending in the background. */

declare const __BUILD__: string;
declare const __KEEP__: string[];

const worker = self as unknown as ServiceWorkerGlobalScope;

worker.addEventListener("install", (event) => {
  event.waitUntil(
    caches.open(`xom-${__BUILD__}`).then((cache) => cache.addAll(__KEEP__.map((name) => `/built/${name}`))),
  );
});

export {};

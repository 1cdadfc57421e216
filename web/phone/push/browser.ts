/** What this browser can do about pushes, and its own subscription. Knows nothing of the server. */

import { boot } from "../core/boot";

/** Why no push can be had here: the city has no key; an iPhone's page is not on the home screen yet;
 * or the browser cannot. */
export type WhyNot = "no-key" | "install" | "browser";

export function whyNot(): WhyNot | null {
  if (!boot.webpush_key && !boot.firebase) return "no-key";
  if (able()) return null;
  return isApplePhone() && !isInstalled() ? "install" : "browser";
}

function able(): boolean {
  return "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
}

/** iPads call themselves Macs, but have fingers. */
export function isApplePhone(): boolean {
  const mac = /Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1;
  return mac || /iPhone|iPad|iPod/.test(navigator.userAgent);
}

/** Opened from the home screen, not in a browser's tab. */
export function isInstalled(): boolean {
  const apple = (navigator as { standalone?: boolean }).standalone === true;
  return apple || matchMedia("(display-mode: standalone)").matches;
}

const WORKER_MS = 15_000;

/** The app's service worker, once it runs. Throws where there is none. */
export async function worker(): Promise<ServiceWorkerRegistration> {
  const none = new Promise<never>((_, refuse) =>
    setTimeout(() => refuse(new Error("no service worker")), WORKER_MS),
  );
  return Promise.race([navigator.serviceWorker.ready, none]);
}

/** The subscription under the city's key: the one there is, or a new one. */
export async function subscribe(): Promise<PushSubscription> {
  const manager = (await worker()).pushManager;
  const key = bytesOf(boot.webpush_key ?? "");
  const before = await manager.getSubscription();
  if (before && isUnder(before, key)) return before;
  await before?.unsubscribe(); // the city has another key now: nothing can come by the old one
  return manager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
}

export async function unsubscribe(): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration();
  await (await registration?.pushManager?.getSubscription())?.unsubscribe();
}

function isUnder(subscription: PushSubscription, key: Uint8Array): boolean {
  const used = subscription.options?.applicationServerKey;
  if (!used) return true; // a browser that does not tell
  const bytes = new Uint8Array(used);
  return bytes.length === key.length && bytes.every((byte, at) => byte === key[at]);
}

/** From unpadded base64url, as VAPID keys are written. */
function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

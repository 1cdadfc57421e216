/** Pushes to this phone: on, off, denied by its owner, or impossible here. Turned on once, they are
 * kept right by themselves: the server is told again when the browser's address, the language or who
 * is signed in changed. Nobody is asked at the door; that is `ask-push.tsx`. */

import { effect, signal } from "@preact/signals";
import { boot } from "../core/boot";
import { alone, onChange, remember, remembered } from "../core/db";
import { type Locale, locale } from "../core/locale";
import { ME, callAs, ensured, installationId, sessionOf } from "../core/session";
import { type WhyNot, subscribe, unsubscribe, whyNot } from "./browser";

export type PushState = "on" | "off" | "denied" | "impossible";
export type { WhyNot };

/** What the server was told last; its owner wants pushes for as long as it is there. */
interface Linked {
  kind: "webpush" | "fcm_token";
  address: string;
  locale: Locale;
  account: string;
}

const SETTING = "push";
const linked = signal<Linked | null>(null);
const permission = signal<NotificationPermission>(permitted());
const known = signal(false); // whether `linked` has been read from the phone yet

function permitted(): NotificationPermission {
  return typeof Notification === "undefined" ? "default" : Notification.permission;
}

/** Where it stands; read it within a component, and it is drawn again when that changes. */
export function pushState(): PushState {
  if (whyNot()) return "impossible";
  if (permission.value === "denied") return "denied";
  return permission.value === "granted" && linked.value ? "on" : "off";
}

export function whyImpossible(): WhyNot | null {
  return whyNot();
}

/** Whether `pushState()` has been read already; until then it says "off". */
export function pushKnown(): boolean {
  return known.value;
}

/** Ask the browser's leave, then tell the server where to send. Throws like `call`; called from a tap. */
export async function turnOn(): Promise<PushState> {
  if (whyNot()) return "impossible";
  permission.value = await Notification.requestPermission();
  if (permission.value === "granted") {
    await ensured(ME, locale.value);
    await alone("push", link);
  }
  return pushState();
}

/** No more pushes to this phone. Without a network the server is told by the push service, later. */
export async function turnOff(): Promise<void> {
  const path = `/devices/${await installationId()}`;
  await forgetHere();
  await callAs(ME, path, { method: "DELETE" });
}

/** End the subscription on this phone, and forget that there was one; the server is told by whoever
 * calls (signing out unlinks the device there). */
export function forgetHere(): Promise<void> {
  return alone("push", unlink);
}

async function unlink(): Promise<void> {
  const was = linked.value ?? (await remembered<Linked>(SETTING)) ?? null;
  linked.value = null;
  await remember(SETTING, null);
  if (was?.kind === "fcm_token") await (await import("./firebase")).dropFcm().catch(() => undefined);
  await unsubscribe().catch(() => undefined);
}

let keeping = false;

/** From the app's start on: keep what the server knows right. Asks nobody anything. */
export function keepPush(): void {
  if (keeping) return;
  keeping = true;
  void remembered<Linked>(SETTING)
    .then((before) => (linked.value = before ?? null))
    .catch(() => undefined)
    .finally(() => (known.value = true));
  effect(() => {
    void locale.value;
    if (known.value) queueMicrotask(() => void again()); // later, so that nothing else it reads counts
  });
  onChange((what) => what === "session" && void again());
  addEventListener("online", () => void again());
  watchPermission();
}

/** Told again when something changed; what fails now is tried at the next change, or the next start. */
async function again(): Promise<void> {
  permission.value = permitted();
  if (!linked.value || whyNot() || permission.value !== "granted") return;
  await alone("push", async () => {
    if (linked.value) await link(); // unless it was turned off meanwhile
  }).catch(() => undefined);
}

function watchPermission(): void {
  const look = () => (permission.value = permitted());
  document.addEventListener("visibilitychange", look);
  void navigator.permissions
    ?.query({ name: "notifications" })
    .then((status) => (status.onchange = look))
    .catch(() => undefined);
}

async function link(): Promise<void> {
  const session = await sessionOf(ME);
  if (!session || session.expired) return;
  const wanted: Linked = { ...(await address()), locale: locale.value, account: session.account.id };
  const before = await remembered<Linked>(SETTING);
  if (JSON.stringify(before) !== JSON.stringify(wanted)) await tell(wanted);
  linked.value = wanted;
}

async function tell(wanted: Linked): Promise<void> {
  const { kind, address, locale } = wanted;
  const json = { kind, address: kind === "webpush" ? JSON.parse(address) : address, locale };
  const path = `/devices/${await installationId()}`;
  await callAs(ME, path, { method: "PUT", json, locale });
  await remember(SETTING, wanted);
}

/** Firebase's token where the city has set it up and it can be had; else the browser's subscription. */
async function address(): Promise<Pick<Linked, "kind" | "address">> {
  if (boot.firebase) {
    const token = await import("./firebase").then((it) => it.fcmToken()).catch(() => null);
    if (token) return { kind: "fcm_token", address: token };
    if (!boot.webpush_key) throw new Error("no token from Firebase");
  }
  return { kind: "webpush", address: JSON.stringify(await subscribe()) };
}

keepPush();

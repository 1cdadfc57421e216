/** When what waits is sent, as this page sees to it: at the start, when the network returns, when the
 * page is looked at again, by a timer. How it is sent is `machine.ts`, which the service worker uses too. */

import { computed, signal } from "@preact/signals";
import { type Act, type Draft, database, onChange } from "../core/db";
import { locale } from "../core/locale";
import { acts, readActs } from "./acts";
import { drafts, readDrafts } from "./drafts";
import { type Hurry, nextMoment, sendAll } from "./machine";
import { sweep } from "./sweep";
import { SYNC } from "./sync";
import { onWake } from "./wake";

const LONGEST_SLEEP_MS = 60_000; // the phone's clock may be set meanwhile

const WAITS = new Set<Draft["state"]>(["queued", "sending", "refused"]);

/** What the person believes sent, and is not: reports and acts that wait or were refused. */
export const waitingCount = computed(
  () => [...drafts.value, ...acts.value].filter((item) => WAITS.has(item.state)).length,
);

export interface Progress {
  id: string;
  photosDone: number;
  photosTotal: number;
}

/** What is being sent at this moment, by whichever tab or by the service worker. */
export const progress = signal<Progress | null>(null);

/** Send all that is due, and try again whenever that makes sense. Called once, when the page starts. */
export function startSending(): void {
  onChange((what) => what === "queue" && refresh());
  onChange((what) => what === "session" && void send("none"));
  onWake(() => void send("none"));
  addEventListener("online", () => void send("network"));
  document.addEventListener("visibilitychange", () => !document.hidden && void send("network"));
  refresh();
  void sweep().catch(() => undefined);
  void send("network");
}

/** The person asks for it: try everything now, whatever the back-off says. */
export function sendNow(): Promise<void> {
  return send("all");
}

const URGENCY: Record<Hurry, number> = { none: 0, network: 1, all: 2 };
let running: Promise<void> | null = null;
let wanted: Hurry | null = null;

/** One run at a time in this tab; who asks meanwhile gets another run after it. */
async function send(hurry: Hurry): Promise<void> {
  if (running) {
    wanted = URGENCY[hurry] > URGENCY[wanted ?? "none"] ? hurry : (wanted ?? hurry);
    return running;
  }
  running = untilDone(hurry).finally(() => (running = null));
  return running;
}

async function untilDone(hurry: Hurry): Promise<void> {
  for (let next: Hurry | null = hurry; next; next = wanted) {
    wanted = null;
    await sendAll({ hurry: next, locale: locale.value }).catch(() => undefined); // tried again below
  }
  await plan().catch(() => undefined);
}

let timer: ReturnType<typeof setTimeout> | undefined;

async function plan(): Promise<void> {
  clearTimeout(timer);
  const moment = await nextMoment();
  if (moment === null) return;
  const sleep = Math.min(Math.max(moment - Date.now(), 1000), LONGEST_SLEEP_MS);
  timer = setTimeout(() => void send("none"), sleep);
  void askForSync();
}

interface Syncing {
  sync?: { register(tag: string): Promise<void> };
  periodicSync?: { register(tag: string, options: { minInterval: number }): Promise<void> };
}

/** Have the browser wake the service worker once there is a network, though the page be closed. */
async function askForSync(): Promise<void> {
  const worker = (await navigator.serviceWorker?.ready) as Syncing | undefined;
  await worker?.sync?.register(SYNC).catch(() => undefined);
  await worker?.periodicSync
    ?.register(SYNC, { minInterval: 60 * 60_000 })
    .catch(() => undefined); // only for installed pages that are used often
}

let refreshing = false;
let stale = false;

/** Mirror the database; changes that come while it is read make it read once more. */
function refresh(): void {
  stale = true;
  if (refreshing) return;
  refreshing = true;
  void mirror().finally(() => (refreshing = false));
}

async function mirror(): Promise<void> {
  while (stale) {
    stale = false;
    await Promise.all([readDrafts(), readActs()]).catch(() => undefined);
    progress.value = await progressOf([...drafts.value, ...acts.value].find(isSending));
  }
}

function isSending(item: Draft | Act): boolean {
  return item.state === "sending";
}

async function progressOf(item: Draft | Act | undefined): Promise<Progress | null> {
  if (!item) return null;
  const db = await database();
  const kept = await Promise.all(item.photos.map((id) => db.get("photos", id)));
  const photosDone = kept.filter((photo) => photo?.put).length;
  return { id: item.id, photosDone, photosTotal: item.photos.length };
}


/** What the phone keeps, in IndexedDB: shared by all tabs and the service worker. */

import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { Account, Answer, Identity } from "./types";

/** Who sends and asks: "me", or the id of a report that was made anonymous. */
export type SessionKey = string;

export interface Session {
  key: SessionKey;
  token: string;
  account: Account;
  phone?: string; // masked, to be shown
  expired?: boolean; // the server knows this token no longer
}

/** A photo on its way: the very bytes that will be sent, kept until the server has what needs them. */
export interface KeptPhoto {
  id: string;
  bytes: Blob;
  preview: Blob; // small, for lists on this phone
  width: number;
  height: number;
  fromVideo?: boolean;
  put: boolean; // the server has it
  keptAt?: number; // so that one which nothing came to need is swept
}

export interface Pin {
  lat: number;
  lng: number;
  from: "gps" | "photo" | "hand" | "search" | "area";
  accuracy?: number; // metres, of the phone's own place
  name?: string; // as searched for
}

export interface Trouble {
  code: string;
  detail: string;
  fields: { field: string; detail: string }[];
  at: number;
}

/** Where something on this phone stands. "writing" is a draft; what is "sent" has the server's word. */
export type SendState = "writing" | "queued" | "sending" | "refused" | "sent";

/** A report as it is written and sent: its id is made here and never changes. */
export interface Draft {
  id: string;
  createdAt: number;
  changedAt: number;
  state: SendState;
  category: string | null;
  description: string;
  placeNote: string;
  pin: Pin | null;
  photos: string[]; // ids of KeptPhoto, in order
  answers: Record<string, Answer>;
  identity: Identity;
  consent?: string; // the version of the privacy notice that it was sent under
  capturedAt: string | null;
  session: SessionKey;
  tries: number;
  nextTryAt: number;
  trouble: Trouble | null;
  code: string | null; // once sent
  sentAt?: number;
  /** Something of it may have reached the server, in the name of its session. */
  tried?: boolean;
  /** Words, kind or answers speak of danger: it waits for nothing. */
  dangerous?: boolean;
  /** It was sent off and no answer came: the server may have it, so it is not to be changed now. */
  posted?: boolean;
  /** The account that was signed in when it was kept: it goes in no other's name. None: a guest's, which
   * goes along to whichever account they sign in to. */
  owner?: string;
}

/** Anything else that waits for the network: a step, a support, a rating, a comment, a complaint. */
export interface Act {
  id: string;
  createdAt: number;
  state: SendState;
  kind: "step" | "support" | "unsupport" | "rating" | "comment" | "complaint";
  report: string; // its id
  code: string; // … and code, to be shown
  method: "POST" | "PUT" | "DELETE";
  path: string;
  body: unknown;
  photos: string[];
  session: SessionKey;
  tries: number;
  nextTryAt: number;
  trouble: Trouble | null;
  sentAt?: number;
  /** As a draft's. */
  posted?: boolean;
  owner?: string;
}

/** The last answer to a read, shown when there is no network. */
export interface KeptAnswer {
  key: string; // locale, session and path
  session: SessionKey | null; // null: the same for everybody
  value: unknown;
  at: number;
}

export interface Schema extends DBSchema {
  sessions: { key: string; value: Session };
  drafts: { key: string; value: Draft };
  acts: { key: string; value: Act };
  photos: { key: string; value: KeptPhoto };
  answers: { key: string; value: KeptAnswer };
  settings: { key: string; value: unknown };
}

let opened: Promise<IDBPDatabase<Schema>> | null = null;

export function database(): Promise<IDBPDatabase<Schema>> {
  opened ??= openDB<Schema>("xom", 1, {
    upgrade(db) {
      db.createObjectStore("sessions", { keyPath: "key" });
      db.createObjectStore("drafts", { keyPath: "id" });
      db.createObjectStore("acts", { keyPath: "id" });
      db.createObjectStore("photos", { keyPath: "id" });
      db.createObjectStore("answers", { keyPath: "key" });
      db.createObjectStore("settings");
    },
    terminated: () => (opened = null), // the browser closed it: open it anew
  }).catch((error) => {
    opened = null;
    throw error;
  });
  return opened;
}

/** A small thing remembered on this phone. */
export async function remembered<Value>(name: string): Promise<Value | undefined> {
  return (await (await database()).get("settings", name)) as Value | undefined;
}

export async function remember(name: string, value: unknown): Promise<void> {
  await (await database()).put("settings", value, name);
}

/** Tabs tell each other, and the service worker tells them, that something changed. */
const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("xom");
const listeners = new Set<(what: Changed) => void>();

export type Changed = "queue" | "session" | "messages" | "locale" | "leaving" | "wiped";

channel?.addEventListener("message", (event) => tellHere(event.data as Changed));

function tellHere(what: Changed): void {
  for (const listener of listeners) listener(what);
}

export function changed(what: Changed): void {
  tellOthers(what);
  tellHere(what);
}

export function tellOthers(what: Changed): void {
  channel?.postMessage(what);
}

export function onChange(listener: (what: Changed) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** One at a time among all tabs and the service worker; where phones are too old for locks, only here. */
export async function alone<Result>(name: string, act: () => Promise<Result>): Promise<Result> {
  if (typeof navigator !== "undefined" && navigator.locks) {
    return (await navigator.locks.request(`xom-${name}`, act)) as Result;
  }
  const before = queues.get(name) ?? Promise.resolve();
  const mine = before.then(act, act);
  const ended: Promise<unknown> = mine
    .catch(() => undefined)
    .finally(() => queues.get(name) === ended && queues.delete(name)); // nobody came after
  queues.set(name, ended);
  return mine;
}

const queues = new Map<string, Promise<unknown>>();

/** Is somebody at this now, in any tab or in the service worker? */
export async function isUnderWay(name: string): Promise<boolean> {
  if (typeof navigator === "undefined" || !navigator.locks) return queues.has(name);
  return ((await navigator.locks.query()).held ?? []).some((lock) => lock.name === `xom-${name}`);
}

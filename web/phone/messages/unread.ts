/** How many messages wait to be read: the badge at the foot of every screen. Asked when the page is
 * looked at, at most once a minute, and when a push says that there is something new. */

import { signal } from "@preact/signals";
import { type Session, type SessionKey, database, onChange } from "../core/db";
import { recall } from "../core/kept";
import { ME, allSessions, callAs } from "../core/session";
import type { Report } from "../core/types";
import { tellRead } from "./reading";

export const unread = signal(0);
const EVERY_MS = 60_000;
const MOST_SESSIONS = 6; // mine, and those of the latest anonymous reports: it is asked often

const counts = new Map<SessionKey, number>();
let countedAt = 0;
let counting: Promise<void> | null = null;
let stale = false;

/** Count again. Whoever asks while it is being counted may know of something newer: once more then. */
export function countUnread(): Promise<void> {
  stale = true;
  counting ??= untilFresh().finally(() => (counting = null));
  return counting;
}

async function untilFresh(): Promise<void> {
  while (stale) {
    stale = false;
    await count();
  }
}

async function count(): Promise<void> {
  countedAt = Date.now();
  const sessions = (await allSessions().catch(() => [])).filter(({ expired }) => !expired);
  const there = new Set(sessions.map(({ key }) => key));
  for (const key of counts.keys()) if (!there.has(key)) counts.delete(key);
  sum();
  const ask = ({ key }: { key: SessionKey }) =>
    callAs<{ unread: number }>(key, "/me/messages?limit=1").then(
      (told) => heardUnread(key, told.unread),
      () => undefined, // what was heard before still holds
    );
  await Promise.all((await latest(sessions)).map(ask));
}

async function latest(sessions: Session[]): Promise<Session[]> {
  if (sessions.length <= MOST_SESSIONS) return sessions;
  const moments = await Promise.all(sessions.map(({ key }) => madeAt(key).catch(() => 0)));
  const made = new Map(sessions.map((session, index) => [session, moments[index] ?? 0]));
  return sessions.sort((a, b) => (made.get(b) ?? 0) - (made.get(a) ?? 0)).slice(0, MOST_SESSIONS);
}

/** When its report was made, as this phone knows it (ms). My own come first, and what it knows nothing
 * of any more is old. */
async function madeAt(key: SessionKey): Promise<number> {
  if (key === ME) return Number.MAX_VALUE;
  const draft = await (await database()).get("drafts", key);
  if (draft) return draft.createdAt;
  const kept = await recall<Report>(`/reports/${key}`, key);
  return kept ? Date.parse(kept.value.submitted_at) : 0;
}

/** As it was heard last. */
export function hasUnread(key: SessionKey): boolean {
  return (counts.get(key) ?? 0) > 0;
}

/** What any answer says of it, so that the badge never contradicts the inbox. */
export function heardUnread(key: SessionKey, count: number): void {
  counts.set(key, count);
  sum();
}

function sum(): void {
  unread.value = [...counts.values()].reduce((all, one) => all + one, 0);
}

function countIfDue(): void {
  if (!document.hidden && Date.now() - countedAt >= EVERY_MS) void countUnread();
}

export function watchUnread(): void {
  void countUnread();
  addEventListener("online", () => void tellRead().catch(() => undefined));
  setInterval(countIfDue, EVERY_MS / 4);
  document.addEventListener("visibilitychange", countIfDue);
  onChange((what) => (what === "messages" || what === "session") && void countUnread());
}

/** How many messages wait to be read: the badge at the foot of every screen. Asked when the page is
 * looked at, at most once a minute, and when a push says that there is something new. */

import { signal } from "@preact/signals";
import { onChange } from "../core/db";
import { allSessions, callAs } from "../core/session";
import { tellRead } from "./reading";

export const unread = signal(0);
const EVERY_MS = 60_000;
const MOST_SESSIONS = 6; // mine, and the latest anonymous ones: it is asked often

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
  if (!sessions.length) {
    unread.value = 0;
    return;
  }
  const told = await Promise.all(
    sessions.slice(-MOST_SESSIONS).map(({ key }) =>
      callAs<{ unread: number }>(key, "/me/messages?limit=1").catch(() => null),
    ),
  );
  const heard = told.filter((one) => one !== null);
  if (heard.length) unread.value = heard.reduce((sum, one) => sum + one.unread, 0);
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

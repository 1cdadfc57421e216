/** How many messages wait to be read: the badge at the foot of every screen. */

import { signal } from "@preact/signals";
import { onChange } from "../core/db";
import { ME, callAs, sessionOf } from "../core/session";

export const unread = signal(0);
const EVERY_MS = 60_000;

export async function countUnread(): Promise<void> {
  if (!(await sessionOf(ME))) {
    unread.value = 0;
    return;
  }
  const told = await callAs<{ unread: number }>(ME, "/me/messages?limit=1").catch(() => null);
  if (told) unread.value = told.unread;
}

export function watchUnread(): void {
  void countUnread();
  setInterval(() => !document.hidden && void countUnread(), EVERY_MS);
  onChange((what) => (what === "messages" || what === "session") && void countUnread());
}

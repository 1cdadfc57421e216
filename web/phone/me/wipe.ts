/** Forgetting on this phone: all that this app keeps of a person, and nothing of the app itself. What
 * stays is the language, which tells of nobody, and the files that every visitor gets. */

import { NoNetwork, call } from "../core/api";
import { type Draft, alone, changed, database, tellOthers } from "../core/db";
import { ME, allSessions, installation } from "../core/session";
import { forgetHere } from "../push/push";
import { LEAVING } from "../sending/leaving";

const PATIENCE_MS = 6000;

const NAG_MS = 300;

/** Nothing is sent while `act` runs, by no tab and not by the service worker: what is being said to the
 * server is broken off, and who would speak next sees that somebody leaves. So nobody makes a new guest,
 * or sends what is being thrown away. */
export function withNothingSent<Result>(act: () => Promise<Result>): Promise<Result> {
  return alone(LEAVING, async () => {
    changed("leaving");
    const nag = setInterval(() => changed("leaving"), NAG_MS); // one may just have begun to speak
    try {
      return await alone("sending", act);
    } finally {
      clearInterval(nag);
    }
  });
}

/** End my session at the server, as far as it answers. False: it could not be told. Those of anonymous
 * reports are forgotten here alone: ended in one moment with mine, they would tell whose they were. */
export async function endSessions(): Promise<boolean> {
  const headers = await installation();
  const mine = (await allSessions()).filter(({ key }) => key === ME);
  const ended = mine.map(({ token }) =>
    // With its own credentials, else a browser passes over what the answer says of its cache.
    call("/auth/token", { method: "DELETE", token, headers, patience: PATIENCE_MS, credentials: "same-origin" }),
  );
  const told = await Promise.allSettled(ended);
  return told.every(({ status, reason }: { status: string; reason?: unknown }) => status === "fulfilled" || isOver(reason));
}

/** A session that the server knows no longer has ended too. */
function isOver(error: unknown): boolean {
  return !(error instanceof NoNetwork) && (error as { status?: number }).status === 401;
}

/** Forget, within `withNothingSent`. `keep`: drafts that stay on this phone as a guest's, to be sent by hand. */
export async function wipe(keep: Draft[] = []): Promise<void> {
  await forgetHere();
  await forgetRows(keep.map(({ id }) => id));
  localStorage.clear();
  sessionStorage.clear();
  await Promise.all([forgetPictures(), hideNotifications()]);
  tellOthers("wiped"); // they hold what they read in memory: each begins anew
}

/** In one transaction, so that nothing is half forgotten. */
async function forgetRows(keep: string[]): Promise<void> {
  const tx = (await database()).transaction(
    ["sessions", "drafts", "acts", "photos", "answers", "settings"],
    "readwrite",
    { durability: "strict" },
  );
  const language = await tx.objectStore("settings").get("locale"); // as `sw/start.ts` notes it
  const drafts = (await tx.objectStore("drafts").getAll()).filter(({ id }) => keep.includes(id));
  const photos = await Promise.all(
    drafts.flatMap((draft) => draft.photos).map((id) => tx.objectStore("photos").get(id)),
  );
  await Promise.all([...tx.objectStoreNames].map((name) => tx.objectStore(name).clear()));
  for (const draft of drafts) await tx.objectStore("drafts").put(asGuests(draft));
  for (const photo of photos) if (photo) await tx.objectStore("photos").put({ ...photo, put: false });
  if (language) await tx.objectStore("settings").put(language, "locale");
  await tx.done;
}

/** It waits for its next reader: nothing is sent in another's name by itself. */
function asGuests(draft: Draft): Draft {
  return { ...draft, state: "writing", tries: 0, nextTryAt: 0, trouble: null, owner: undefined };
}

/** Whatever the service worker kept of what was looked at. The app's own files stay, and its first
 * page: with them it opens without a network for the next person. */
async function forgetPictures(): Promise<void> {
  if (!("caches" in globalThis)) return;
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      if (!isTheApps(new URL(request.url).pathname)) await cache.delete(request);
    }
  }
}

function isTheApps(path: string): boolean {
  return /^\/(built|icons)\/|^\/\.kept\/(vi|en)\/$/.test(path);
}

/** What was shown on the locked screen tells of reports too. */
async function hideNotifications(): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration();
  for (const shown of (await registration?.getNotifications?.()) ?? []) shown.close();
  await (navigator as { clearAppBadge?: () => Promise<void> }).clearAppBadge?.().catch(() => undefined);
}

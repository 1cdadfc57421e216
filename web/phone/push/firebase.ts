/** Pushes by Firebase, for a city that has set it up. Fetched only then; its token is an address like
 * any other, and our own service worker shows what comes. */

import { type FirebaseOptions, deleteApp, getApps, initializeApp } from "@firebase/app";
import { deleteToken, getMessaging, getToken, isSupported } from "@firebase/messaging";
import { boot } from "../core/boot";
import { worker } from "./browser";

/** The databases in which Firebase's library keeps what it knows of this browser. */
const ITS_DATABASES = [
  "firebase-messaging-database",
  "firebase-installations-database",
  "firebase-heartbeat-database",
];

function messaging() {
  const app = getApps()[0] ?? initializeApp((boot.firebase ?? {}) as FirebaseOptions);
  return getMessaging(app);
}

/** This browser's token; null where Firebase cannot work. */
export async function fcmToken(): Promise<string | null> {
  if (!(await isSupported())) return null;
  const serviceWorkerRegistration = await worker();
  return getToken(messaging(), { vapidKey: boot.firebase?.vapidKey, serviceWorkerRegistration });
}

/** Give the token back and leave nothing of Firebase on this phone. */
export async function dropFcm(): Promise<void> {
  if (await isSupported()) await deleteToken(messaging()).catch(() => false);
  await Promise.all(getApps().map((app) => deleteApp(app).catch(() => undefined)));
  for (const name of ITS_DATABASES) indexedDB.deleteDatabase(name);
}

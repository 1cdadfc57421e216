/** Pushes: shown, opened, and the browser's address told anew when it changes. */

import { API } from "../core/api";
import { changed, remembered } from "../core/db";
import { ME, callAs, installationId } from "../core/session";
import { within } from "../core/within";
import { keptLocale, screenOf } from "./shell";

declare const self: ServiceWorkerGlobalScope;

/** What the server sends (notifications/channels/webpush.py). Firebase wraps the same in `data`, with
 * the words in `notification`. */
interface News {
  id?: string;
  message_id?: string;
  title: string;
  body?: string;
  tag?: string;
  path?: string;
  at?: string;
  lang?: string;
  urgent?: boolean | string;
}

const PLAIN = {
  vi: { title: "Có tin mới", body: "Mở Xóm để xem." },
  en: { title: "You have news", body: "Open Xóm to read it." },
};
const INBOX = "/messages";
const DESK = /^\/console(\/|$)/; // the officials' pages

/** Always shows something: a browser takes back the leave of those who do not. */
export async function show(event: PushEvent): Promise<void> {
  const news = newsIn(event.data) ?? (await plainNews());
  const urgent = String(news.urgent) === "true";
  const options: NotificationOptions & Record<string, unknown> = {
    body: news.body ?? "",
    tag: news.tag || undefined, // a repeat takes the place of the first, silently
    lang: news.lang,
    data: { path: safePath(news.path), id: news.id ?? news.message_id },
    icon: "/icons/icon-192.png",
    badge: "/icons/badge-96.png",
    timestamp: Date.parse(news.at ?? "") || Date.now(),
    renotify: false,
    requireInteraction: urgent,
  };
  await self.registration.showNotification(news.title, options);
  changed("messages");
}

function newsIn(data: PushMessageData | null): News | null {
  try {
    const { data: wrapped, notification, ...plain } = data?.json() as Record<string, object>;
    const news = { ...plain, ...notification, ...wrapped } as unknown as News;
    return typeof news.title === "string" && news.title ? news : null;
  } catch {
    return null;
  }
}

async function plainNews(): Promise<News> {
  const lang = (await keptLocale()) ?? "vi";
  return { ...PLAIN[lang], lang, tag: "news" };
}

/** An address of this site, whatever the payload says. */
function safePath(path: unknown): string {
  const href = within(path);
  if (!href) return INBOX;
  const { pathname, search } = new URL(href);
  return pathname + search;
}

/** Lead to what it is about: in a page of the app that is open (which keeps what is being written there),
 * else in a new one. Other windows of this site (/api/docs, the officials' pages) would not hear of it. */
export async function open(event: NotificationEvent): Promise<void> {
  const { path = INBOX } = (event.notification.data ?? {}) as { path?: string };
  event.notification.close();
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  if (DESK.test(path)) return openDesk(path, windows);
  const pages = windows.filter((page) => screenOf(new URL(page.url).pathname) !== null);
  const shown = pages.find((page) => page.focused) ?? pages.find(isVisible) ?? pages[0];
  if (!shown) return void (await self.clients.openWindow(path));
  shown.postMessage({ kind: "open", path });
  await shown.focus().catch(() => undefined);
}

/** An official's news leads to their pages, and never takes one away in which something is written: to
 * the one that shows it already, else to a new one. */
async function openDesk(path: string, windows: readonly WindowClient[]): Promise<void> {
  const [address] = path.split("?");
  const shown = windows.find((page) => new URL(page.url).pathname === address);
  await (shown ? shown.focus().catch(() => undefined) : self.clients.openWindow(path));
}

function isVisible(page: WindowClient): boolean {
  return page.visibilityState === "visible";
}

interface Change extends ExtendableEvent {
  oldSubscription?: PushSubscription | null;
  newSubscription?: PushSubscription | null;
}

/** The browser has a new address for us, or wants to be asked for one. Whose page opens next tells the
 * server too (`push/push.ts`), should this fail. */
export async function resubscribe(event: Event): Promise<void> {
  const linked = await remembered<{ kind: string } | null>("push"); // noted by `push/push.ts`
  if (linked === null || linked?.kind === "fcm_token") return; // turned off; or Firebase's, told by the page
  const { oldSubscription: before, newSubscription: given } = event as Change;
  const key = before?.options.applicationServerKey ?? (await cityKey());
  const now =
    given ??
    (await self.registration.pushManager.subscribe({
      userVisibleOnly: true,
      applicationServerKey: key,
    }));
  const address = now.toJSON() as { endpoint: string; keys: object };
  const locale = (await keptLocale()) ?? "vi";
  const path = `/devices/${await installationId()}`;
  const json = { kind: "webpush", address: { endpoint: address.endpoint, keys: address.keys }, locale };
  await callAs(ME, path, { method: "PUT", json });
}

async function cityKey(): Promise<string> {
  const answer = await fetch(`${API}/push/webpush-key`, { credentials: "omit" });
  return ((await answer.json()) as { key: string }).key;
}


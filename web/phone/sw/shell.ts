/** The app without a network: its files under their hashed names, and the page itself in the visitor's
 * language.
 *
 * The page is kept for each of its screens as they are opened (the server draws each one's frame), and
 * the first screen in both languages from the start: it serves for all others until then, since the
 * app in it looks at the address. It is shown from here at once and looked at anew behind it; a page of
 * another build is never kept beside these files: its own worker brings it. */

import { remembered } from "../core/db";

declare const __BUILD__: string;
declare const __KEEP__: string[];
declare const self: ServiceWorkerGlobalScope;

const PREFIX = "xom-";
const CACHE = `${PREFIX}${__BUILD__}`;
const OF_THIS_BUILD = new RegExp(`"build": ?"${__BUILD__}"`);
const LOCALES = ["vi", "en"] as const;
const PATIENCE_MS = 4_000; // for a page in a language that was asked for by the address

type Locale = (typeof LOCALES)[number];

/** The first part of an address → whether the page has it; `web/pages.py` has the same. */
const SCREENS: Record<string, RegExp> = {
  "": /^\/$/,
  new: /^\/new$/,
  mine: /^\/mine$/,
  messages: /^\/messages$/,
  me: /^\/me(\/.+)?$/,
  reports: /^\/reports\/[^/]+$/,
  follow: /^\/follow$/,
  privacy: /^\/privacy$/,
};

export async function install(): Promise<void> {
  const cache = await caches.open(CACHE);
  await cache.addAll(__KEEP__.map((name) => `/built/${name}`));
  const kept = await Promise.all(LOCALES.map((locale) => keepPage("/", "", locale)));
  if (kept.includes(false)) throw new Error("the server has another build by now");
}

/** The screen at an address of the app; null: that is none of ours (/api/docs, the officials' pages). */
export function screenOf(path: string): string | null {
  const first = path.split("/")[1] ?? "";
  return SCREENS[first]?.test(path) ? first : null;
}

/** A page of the app, from the phone whenever it is there. */
export async function page(event: FetchEvent, screen: string): Promise<Response> {
  const url = new URL(event.request.url);
  const asked = url.searchParams.get("lang");
  if (isLocale(asked)) return chosen(event, screen, asked);
  const locale = (await keptLocale()) ?? "vi";
  const kept = await keptPage(screen, locale);
  if (!kept) return fetch(event.request);
  event.waitUntil(renew(url.pathname, screen, locale));
  return kept;
}

/** `?lang=` is a wish that the server notes in a cookie: it is asked first, but not for ever. */
async function chosen(event: FetchEvent, screen: string, locale: Locale): Promise<Response> {
  const asked = fetch(event.request);
  const late = new Promise<undefined>((resolve) => setTimeout(resolve, PATIENCE_MS, undefined));
  const answer = await Promise.race([asked, late]).catch(() => undefined);
  return answer ?? (await keptPage(screen, locale)) ?? asked;
}

async function keptPage(screen: string, locale: Locale): Promise<Response | undefined> {
  const cache = await caches.open(CACHE);
  return (await cache.match(keyOf(screen, locale))) ?? cache.match(keyOf("", locale));
}

async function renew(path: string, screen: string, locale: Locale): Promise<void> {
  try {
    if (!(await keepPage(path, screen, locale))) await self.registration.update();
  } catch {
    // no network: what is kept still serves
  }
}

/** Fetch a page and keep it; false when it belongs to another build. Without the visitor's cookies, so
 * that the language asked for here is not noted as their choice. */
async function keepPage(path: string, screen: string, locale: Locale): Promise<boolean> {
  const response = await fetch(`${path}?lang=${locale}`, { credentials: "omit", cache: "no-cache" });
  if (!response.ok || response.redirected) throw new Error(`no page: ${response.status}`);
  const text = await response.clone().text();
  if (!OF_THIS_BUILD.test(text)) return false;
  await (await caches.open(CACHE)).put(keyOf(screen, locale), response);
  return true;
}

function keyOf(screen: string, locale: Locale): string {
  return `/.kept/${locale}/${screen}`;
}

function isLocale(text: unknown): text is Locale {
  return (LOCALES as readonly unknown[]).includes(text);
}

/** The language in which the app was used last; `start.ts` notes it. */
export async function keptLocale(): Promise<Locale | null> {
  const noted = await remembered<unknown>("locale").catch(() => null);
  return isLocale(noted) ? noted : null;
}

/** A built file: from whichever build has it; else from the network, and kept (the map, say). */
export async function built(event: FetchEvent): Promise<Response> {
  const kept = await caches.match(event.request, { ignoreVary: true });
  if (kept) return kept;
  const response = await fetch(event.request);
  if (response.ok) event.waitUntil(keepFile(event.request, response.clone()));
  return response;
}

async function keepFile(request: Request, response: Response): Promise<void> {
  await (await caches.open(CACHE)).put(request, response).catch(() => undefined); // a full phone
}

/** Take away the files of builds that no page runs any more. Each page holds a lock in its build's name
 * for as long as it lives (`start.ts`); on phones without locks, only when there is no page at all. */
export async function clean(): Promise<void> {
  if (self.registration.installing || self.registration.waiting) return; // theirs is being filled
  const old = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  const used = await cachesInUse(old);
  await Promise.all(old.filter((name) => !used.has(name)).map((name) => caches.delete(name)));
}

async function cachesInUse(old: string[]): Promise<Set<string>> {
  if (navigator.locks?.query) {
    const { held = [] } = await navigator.locks.query();
    return new Set(held.map((lock) => (lock.name ?? "").replace(/^xom-build-/, PREFIX)));
  }
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  return new Set(pages.length ? old : []);
}

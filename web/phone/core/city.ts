/** The city's own facts, kept on the phone for bad days: categories, areas, numbers to call, notices. */

import { signal } from "@preact/signals";
import { effect } from "@preact/signals";
import type { FeatureCollection } from "geojson";
import { boot } from "./boot";
import { ask, recall } from "./kept";
import { locale } from "./locale";
import { online, returns } from "./online";
import { useZone } from "./time";
import type { Area, Category, CityFacts, Notice, Page } from "./types";

export const city = signal<CityFacts | null>(null);
export const categories = signal<Category[]>([]);
export const areas = signal<Area[]>([]);
export const notices = signal<Notice[]>(boot.notices ?? []);
export const outlines = signal<FeatureCollection | null>(null);

/** The number of the city's own line, which answers at all hours; empty where a city has none. */
export function hotline(): { name: string; number: string } {
  return city.value?.hotline ?? boot.hotline;
}

export function categoryOf(code: string | null | undefined): Category | undefined {
  return categories.value.find((category) => category.code === code);
}

async function load<Value>(path: string, set: (value: Value) => void): Promise<void> {
  const before = await recall<Value>(path, null).catch(() => null);
  if (before) set(before.value);
  await ask<Value>(path, null).then(set, () => undefined); // what was kept still serves
}

const LOOK_AGAIN_MS = 20_000;

/** Read them all, from the phone first, then from the server. Again when the language changes, and when
 * the network returns; where only the answers are missing, and the phone itself notices nothing, this is
 * how it is seen that they come again. */
export function loadCity(): void {
  effect(() => {
    void [locale.value, returns.value];
    void loadFacts();
    void load<Page<Category>>("/categories", (page) => (categories.value = page.items));
    void load<Page<Area>>("/areas", (page) => (areas.value = page.items));
    void loadNotices();
  });
  setInterval(() => !online.value && navigator.onLine && !document.hidden && void loadFacts(), LOOK_AGAIN_MS);
}

function loadFacts(): Promise<void> {
  return load<CityFacts>("/city", (facts) => {
    useZone(facts.timezone);
    city.value = facts;
  });
}

/** Notices end by themselves: what is kept may have passed by now. */
export function loadNotices(): Promise<void> {
  return load<Page<Notice>>("/notices", (page) => (notices.value = page.items));
}

export function liveNotices(areaCode?: string | null, now = Date.now()): Notice[] {
  return notices.value.filter(
    (notice) =>
      Date.parse(notice.starts_at) <= now &&
      now < Date.parse(notice.ends_at) &&
      (!notice.areas.length || !areaCode || notice.areas.includes(areaCode)),
  );
}

/** The wards' outlines: only for maps, and to name the ward under a pin without a network. */
export async function loadOutlines(): Promise<void> {
  if (outlines.value) return;
  await load<FeatureCollection>("/areas/outlines", (shapes) => (outlines.value = shapes));
}

/** Which kinds of report are proposed, and the likely one: by the words typed, by what people report
 * nearby, by what was last sent from this phone. */

import { useEffect, useState } from "preact/hooks";
import { call } from "../core/api";
import { categories } from "../core/city";
import { type Pin, remember, remembered } from "../core/db";
import { fold, suggest } from "../core/guessing";
import { online } from "../core/online";
import type { Card, Category, Page } from "../core/types";

const SHOWN = 4;
const USED_KEPT = 8;
const CROWD = 4; // so many of the newest reports around, and half of them: then it is likely

export interface Proposals {
  offered: Category[];
  likely: Category | null;
  why: "words" | "near" | null;
}

/** What was used around a point: codes, most used first, with how often. */
export type Nearby = { code: string; times: number }[];

export function propose(text: string, nearby: Nearby, used: string[], all: Category[]): Proposals {
  const said = suggest(text, all, SHOWN);
  const byCode = new Map(all.map((category) => [category.code, category]));
  const near = nearby.flatMap(({ code }) => byCode.get(code) ?? []);
  const mine = used.flatMap((code) => byCode.get(code) ?? []);
  const plain = all.filter((category) => !category.legal_channel && !category.private);
  const offered = [...new Set([...said, ...near, ...mine, ...plain])].slice(0, SHOWN);
  if (said[0]) return { offered, likely: said[0], why: "words" };
  const crowd = crowded(nearby, byCode);
  return { offered, likely: crowd, why: crowd ? "near" : null };
}

/** On a day when everybody reports the same; never a kind that asks for more or is not public. */
function crowded(nearby: Nearby, byCode: Map<string, Category>): Category | null {
  const all = nearby.reduce((sum, { times }) => sum + times, 0);
  const first = nearby[0];
  if (!first || first.times < CROWD || first.times * 2 < all) return null;
  const found = byCode.get(first.code);
  return found && takesAnything(found) ? found : null;
}

function takesAnything(category: Category): boolean {
  const asks = category.questions.some((question) => question.required);
  return !asks && !category.legal_channel && !category.private && !category.urgent;
}

/** Where the centre sorts: what goes there when nobody said what it is. The last one offered. */
export function unsorted(all: Category[]): Category | null {
  return [...all].reverse().find(takesAnything) ?? null;
}

/** What people reported around here lately. */
export function useNearby(pin: Pin | null): Nearby {
  const [found, tell] = useState<Nearby>([]);
  const around = pin ? `${pin.lat.toFixed(3)},${pin.lng.toFixed(3)}` : null;
  const connected = online.value;
  useEffect(() => {
    if (!around || !connected) return;
    let mine = true;
    void call<Page<Card>>(`/reports?near=${around}&limit=30`)
      .then((page) => mine && tell(counted(page.items)))
      .catch(() => undefined); // it is only a proposal
    return () => {
      mine = false;
    };
  }, [around, connected]);
  return found;
}

function counted(cards: Card[]): Nearby {
  const times = new Map<string, number>();
  for (const { category } of cards) times.set(category.code, (times.get(category.code) ?? 0) + 1);
  return [...times].map(([code, n]) => ({ code, times: n })).sort((a, b) => b.times - a.times);
}

const USED = "categories-used";

/** What was last sent from this phone, newest first. */
export function useUsed(): string[] {
  const [used, tell] = useState<string[]>([]);
  useEffect(() => void remembered<string[]>(USED).then((codes) => tell(codes ?? []), () => undefined), []);
  return used;
}

export async function noteUsed(code: string): Promise<void> {
  const before = (await remembered<string[]>(USED).catch(() => [])) ?? [];
  const codes = [code, ...before.filter((one) => one !== code)].slice(0, USED_KEPT);
  await remember(USED, codes).catch(() => undefined);
}

/** All kinds under their groups, as the city orders them, narrowed by what was typed. */
export function grouped(text: string, names: Record<string, string>): [string, Category[]][] {
  const all = categories.value;
  const said = text.trim();
  const found = said ? [...new Set([...byName(said, all), ...suggest(said, all, all.length)])] : all;
  const groups = new Map<string, Category[]>();
  for (const category of found) {
    const group = names[category.group] ?? "";
    groups.set(group, [...(groups.get(group) ?? []), category]);
  }
  return [...groups];
}

function byName(text: string, all: Category[]): Category[] {
  const wanted = fold(text);
  return all.filter((one) => fold(`${one.name} ${one.help} ${one.keywords.join(" ")}`).includes(wanted));
}

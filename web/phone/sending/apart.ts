/** An anonymous report does not leave in one breath with what else this phone sends: the moment alone
 * would tell whose it is. Danger waits for nothing. */

import type { Act, Draft } from "../core/db";
import { ME } from "../core/session";

/** Why such a report waits, as its `trouble` says. */
export const APART = "apart";
const LEAST_MS = 60_000;
const MOST_MS = 5 * 60_000;

/** The person's own first, each kind oldest first; what is dangerous keeps its place. */
export function ownFirst(a: Draft | Act, b: Draft | Act): number {
  return Number(mustWait(a)) - Number(mustWait(b)) || a.createdAt - b.createdAt;
}

/** Was something of another session sent in this round? Then it is not this one's moment. */
export function isTooNear(item: Draft | Act, spoken: Set<string>): boolean {
  return mustWait(item) && [...spoken].some((session) => session !== item.session);
}

export function apartMoment(now: number, chance = Math.random()): number {
  return Math.round(now + LEAST_MS + chance * (MOST_MS - LEAST_MS));
}

function mustWait(item: Draft | Act): boolean {
  return item.session !== ME && !("dangerous" in item && item.dangerous);
}

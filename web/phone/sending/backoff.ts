/** When to try again. Longer each time, never at the same moment as all other phones. */

const FIRST_MS = 5_000;
const MOST_MS = 15 * 60_000;
const MOST_ASKED_MS = 60 * 60_000; // what a server may ask for
/** No wait is longer: a moment farther off was written before the phone's clock was put back. */
export const FARTHEST_MS = MOST_ASKED_MS + MOST_MS;

/** How long to wait after the `tries`-th failure in a row (from 1); `asked`: Retry-After, in seconds. */
export function delay(tries: number, asked = 0, chance = Math.random()): number {
  const doubled = Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(tries - 1, 20));
  const own = doubled * (0.75 + 0.5 * chance);
  const wanted = Math.min(asked * 1000, MOST_ASKED_MS);
  return Math.round(Math.max(own, wanted + FIRST_MS * chance));
}

export function isDue(nextTryAt: number, now: number): boolean {
  return nextTryAt <= now || nextTryAt - now > FARTHEST_MS;
}

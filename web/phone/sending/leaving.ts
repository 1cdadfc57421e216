/** Somebody leaves this phone: nothing of what waits here is said to the server any more. */

import { NoNetwork } from "../core/api";
import { isUnderWay } from "../core/db";

/** What whoever leaves holds meanwhile, as of `alone`. */
export const LEAVING = "leaving";

let leaving = new AbortController();

/** Ends with what is being said now. */
export function untilLeaving(): AbortSignal {
  return leaving.signal;
}

/** Break off what is being said to the server. */
export function breakOff(): void {
  leaving.abort();
  leaving = new AbortController();
}

/** Before each word to the server. Throws NoNetwork, as where one was broken off: what waits, waits. */
export async function unlessLeaving(): Promise<void> {
  if (await isUnderWay(LEAVING)) throw new NoNetwork();
}

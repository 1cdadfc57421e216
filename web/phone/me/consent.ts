/** That the person behind this phone has read what is done with their data and sent all the same: kept
 * on this phone, with the day and the version of the notice that it was about. */

import { remember, remembered } from "../core/db";

/** The notice's version: changed with what it says. */
export const NOTICE = "2026-11";
const SETTING = "consent";

export interface Consent {
  at: number;
  version: string;
}

export async function consented(): Promise<Consent | null> {
  return (await remembered<Consent>(SETTING)) ?? null;
}

/** Called with the first report that is sent under this version of the notice. */
export async function noteConsent(): Promise<void> {
  if ((await consented())?.version === NOTICE) return;
  await remember(SETTING, { at: Date.now(), version: NOTICE } satisfies Consent);
}

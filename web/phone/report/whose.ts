/** In whose name a report is read: one that was made anonymous answers to its own session alone. */

import { useEffect, useState } from "preact/hooks";
import type { Session, SessionKey } from "../core/db";
import { ask, recall } from "../core/kept";
import { ME, allSessions } from "../core/session";
import type { Report } from "../core/types";

export const bare = (code: string) => code.replaceAll("-", "").toUpperCase();

export async function anonymousSessions(): Promise<Session[]> {
  return (await allSessions()).filter((session) => session.key !== ME && !session.expired);
}

/** The anonymous session whose report goes by this id or code, else ME. */
export async function sessionFor(named: string): Promise<SessionKey> {
  for (const { key } of await anonymousSessions()) {
    if (key === named) return key;
    const report = await ownOf(key);
    if (report && bare(report.code) === bare(named)) return key;
  }
  return ME;
}

/** The one report of an anonymous session, as kept or as the server tells it. */
async function ownOf(key: SessionKey): Promise<Report | null> {
  const path = `/reports/${key}`;
  const kept = await recall<Report>(path, key).catch(() => null);
  return kept ? kept.value : ask<Report>(path, key).catch(() => null);
}

/** The session that an address names, if it is of this phone and the report is its own; else who it is of
 * by what this phone knows. */
async function checked(named: string, given: string | null): Promise<SessionKey> {
  const known = given && (await anonymousSessions()).some(({ key }) => key === given);
  if (!known) return sessionFor(named);
  const report = given === named ? null : await ownOf(given);
  return given === named || (report && bare(report.code) === bare(named)) ? given : sessionFor(named);
}

/** null until it is known. */
export function useWhose(named: string, given: string | null): SessionKey | null {
  const [key, tell] = useState<SessionKey | null>(null);
  useEffect(() => {
    let mine = true;
    tell(null);
    void checked(named, given)
      .catch(() => ME)
      .then((found) => mine && tell(found));
    return () => void (mine = false);
  }, [named, given]);
  return key;
}

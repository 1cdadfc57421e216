/** What would be lost if this phone forgot everything now: reports and steps that were not sent, and
 * the keys of anonymous reports. */

import { useEffect, useState } from "preact/hooks";
import { type Act, type Draft, database, onChange } from "../core/db";
import { ME, allSessions } from "../core/session";

export interface AtStake {
  drafts: Draft[]; // written or waiting, oldest first
  acts: Act[]; // confirmations, comments and the like that wait
  anonymous: { id: string; code: string | null }[];
}

export async function atStake(): Promise<AtStake> {
  const db = await database();
  const [drafts, acts, sessions] = await Promise.all([db.getAll("drafts"), db.getAll("acts"), allSessions()]);
  const keys = sessions.filter(({ key }) => key !== ME).map(({ key }) => key);
  const codes = await codesOf(keys, drafts);
  return {
    drafts: drafts.filter((draft) => draft.state !== "sent").sort((a, b) => a.createdAt - b.createdAt),
    acts: acts.filter((act) => act.state !== "sent"),
    anonymous: keys.map((id) => ({ id, code: codes.get(id) ?? null })),
  };
}

/** The codes of anonymous reports, as far as this phone still knows them. */
async function codesOf(keys: string[], drafts: Draft[]): Promise<Map<string, string>> {
  const codes = new Map<string, string>();
  for (const draft of drafts) if (draft.code) codes.set(draft.id, draft.code);
  for (const row of await (await database()).getAll("answers")) {
    const told = row.value as { id?: unknown; code?: unknown } | null;
    const named = told && typeof told.id === "string" && typeof told.code === "string";
    if (row.session && keys.includes(row.session) && named) codes.set(told.id as string, told.code as string);
  }
  return codes;
}

/** The same for a screen, kept right while things are sent. Null: not read yet. */
export function useAtStake(): AtStake | null {
  const [told, tell] = useState<AtStake | null>(null);
  useEffect(() => {
    const look = () => void atStake().then(tell, () => tell({ drafts: [], acts: [], anonymous: [] }));
    look();
    return onChange((what) => (what === "queue" || what === "session") && look());
  }, []);
  return told;
}

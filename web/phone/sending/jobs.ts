/** One thing that waits, as a row of the database: read and changed in one breath, since other tabs and
 * the person at the screen change it too. */

import { type Act, type Draft, changed, database } from "../core/db";
import { StorageFull, write } from "./store";

export interface Job {
  store: "drafts" | "acts";
  id: string;
}

type Row = Draft | Act;

export async function reread(job: Job): Promise<Row | null> {
  return (await (await database()).get(job.store, job.id)) ?? null;
}

/** Change a row that waits or is being sent. Null when it is there no more, or was taken back to be
 * written. On a full phone the change is remembered in memory alone and sending goes on: none of these
 * marks is needed to keep anything from being lost or doubled, and what is sent makes room. */
export async function edit(job: Job, change: (row: Row) => void): Promise<Row | null> {
  let seen: Row | null = null;
  let stored = "";
  try {
    await write([job.store], async (tx) => {
      const found = (await tx.store.get(job.id)) as Row | undefined;
      if (!found || (found.state !== "queued" && found.state !== "sending")) return;
      stored = JSON.stringify(found);
      seen = { ...asRemembered(found) };
      change(seen);
      await tx.store.put(seen as Draft & Act);
    });
    unwritten.delete(job.id);
  } catch (error) {
    if (!(error instanceof StorageFull)) throw error;
    if (seen) unwritten.set(job.id, { stored, row: seen });
  }
  changed("queue");
  return seen;
}

/** Changes that a full phone did not take, so that what has to wait does wait. */
const unwritten = new Map<string, { stored: string; row: Row }>();

/** The row as it would be, had it been written; as it is, once somebody else has written it. */
export function asRemembered<Item extends Draft | Act>(found: Item): Item {
  const lost = unwritten.get(found.id);
  return lost && lost.stored === JSON.stringify(found) ? (lost.row as Item) : found;
}

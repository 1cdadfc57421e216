/** One thing that waits, as a row of the database: read and changed in one breath, since other tabs and
 * the person at the screen change it too. */

import { type Act, type Draft, changed, database } from "../core/db";
import { StorageFull, write } from "./store";

export interface Job {
  store: "drafts" | "acts";
  id: string;
}

type Row = (Draft | Act) & { posted?: boolean };

export async function reread(job: Job): Promise<Row | null> {
  return (await (await database()).get(job.store, job.id)) ?? null;
}

/** Change a row that waits or is being sent. Null when it is there no more, or was taken back to be
 * written. On a full phone the change is lost and sending goes on: none of these marks is needed to
 * keep anything from being lost or doubled, and what is sent makes room. */
export async function edit(job: Job, change: (row: Row) => void): Promise<Row | null> {
  let seen: Row | null = null;
  try {
    await write([job.store], async (tx) => {
      const row = (await tx.store.get(job.id)) as Row | undefined;
      if (!row || (row.state !== "queued" && row.state !== "sending")) return;
      change(row);
      seen = row;
      await tx.store.put(row as Draft & Act);
    });
  } catch (error) {
    if (!(error instanceof StorageFull)) throw error;
  }
  changed("queue");
  return seen;
}

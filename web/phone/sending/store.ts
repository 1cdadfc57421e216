/** Writing what waits on this phone: whole or not at all, and on the disk before it counts as kept. */

import type { IDBPTransaction } from "idb";
import { type Schema, database } from "../core/db";

/** The phone has no room. Nothing of what was to be kept was kept; what was there before still is. */
export class StorageFull extends Error {}

export type Store = "drafts" | "acts" | "photos";
export type Writing<Stores extends Store[]> = IDBPTransaction<Schema, Stores, "readwrite">;

/** One transaction; `act` may await nothing but requests of it. Strict: a battery that dies now must
 * not take along what the screen says is kept. */
export async function write<const Stores extends Store[], Result>(
  stores: Stores,
  act: (tx: Writing<Stores>) => Promise<Result>,
): Promise<Result> {
  const tx = (await database()).transaction(stores, "readwrite", { durability: "strict" });
  const finished = tx.done.then(
    () => null,
    (error: unknown) => error ?? new DOMException("aborted", "AbortError"),
  );
  try {
    const result = await act(tx);
    const failed = await finished;
    if (failed) throw failed;
    return result;
  } catch (error) {
    abort(tx);
    await finished;
    throw isFull(error) || isFull(tx.error) ? new StorageFull() : error;
  }
}

function abort(tx: { abort(): void }): void {
  try {
    tx.abort();
  } catch {
    // it has ended by itself
  }
}

function isFull(error: unknown): boolean {
  return error instanceof DOMException && error.name === "QuotaExceededError";
}

let asked = false;

/** Ask the browser not to clear this page's data when the phone runs short: once something is kept. */
export function askToPersist(): void {
  if (asked || typeof navigator === "undefined" || !navigator.storage?.persist) return;
  asked = true;
  void navigator.storage
    .persisted()
    .then((already) => already || navigator.storage.persist())
    .catch(() => false);
}

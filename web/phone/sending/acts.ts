/** What else waits for the network: a step, a support, a rating, a comment. Each has an id made here,
 * so that the server tells a repeat from a second one. */

import { signal } from "@preact/signals";
import { type Act, type SessionKey, changed, database } from "../core/db";
import { ME, uuid } from "../core/session";
import { askToPersist, write } from "./store";
import { wake } from "./wake";

/** All of them, oldest first; those sent stay a few minutes, so that screens can say so. */
export const acts = signal<Act[]>([]);

export interface Wish {
  id?: string;
  kind: Act["kind"];
  report: string;
  code: string;
  method: Act["method"];
  path: string; // after /api/v1
  body: unknown;
  photos?: string[];
  session?: SessionKey;
}

/** Have it done now, or when there is a network. Throws StorageFull. */
export async function queueAct(wish: Wish): Promise<Act> {
  const act = actOf(wish);
  await write(["acts"], (tx) => tx.store.put(act));
  askToPersist();
  changed("queue");
  wake();
  return act;
}

function actOf({ id = uuid(), photos = [], session = ME, body, ...rest }: Wish): Act {
  return {
    ...rest,
    id,
    photos,
    session,
    body: withIds(rest.kind, body, id, photos),
    createdAt: Date.now(),
    state: "queued",
    tries: 0,
    nextTryAt: 0,
    trouble: null,
  };
}

/** Steps and comments carry their id, steps their photos; nobody has to write them twice. */
function withIds(kind: Act["kind"], body: unknown, id: string, photos: string[]): unknown {
  if (kind !== "step" && kind !== "comment") return body;
  const told = { id, ...(body as object) };
  return photos.length ? { ...told, photos } : told;
}

/** Try a refused one again, perhaps with another body (the same id). */
export async function requeueAct(id: string, body?: unknown): Promise<void> {
  await write(["acts"], async (tx) => {
    const act = await tx.store.get(id);
    if (act?.state !== "refused") return;
    const told = body === undefined ? act.body : withIds(act.kind, body, act.id, act.photos);
    await tx.store.put({ ...act, body: told, state: "queued", tries: 0, nextTryAt: 0, trouble: null });
  });
  changed("queue");
  wake();
}

export async function discardAct(id: string): Promise<void> {
  await write(["acts", "photos"], async (tx) => {
    const act = await tx.objectStore("acts").get(id);
    for (const photo of act?.photos ?? []) await tx.objectStore("photos").delete(photo);
    await tx.objectStore("acts").delete(id);
  });
  changed("queue");
}

/** Those about one report, oldest first. Reads the signal: screens follow it. */
export function actsOf(reportId: string): Act[] {
  return acts.value.filter((act) => act.report === reportId);
}

export async function readActs(): Promise<void> {
  const all = await (await database()).getAll("acts");
  acts.value = all.sort((a, b) => a.createdAt - b.createdAt);
}

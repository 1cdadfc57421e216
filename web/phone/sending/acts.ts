/** What else waits for the network: a step, a support, a rating, a comment, a complaint. Each has an id made here,
 * so that the server tells a repeat from a second one. */

import { signal } from "@preact/signals";
import { type Act, type KeptPhoto, type SessionKey, changed, database } from "../core/db";
import { ME, uuid } from "../core/session";
import { ownerNow } from "./owner";
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
  const act = await actOf(wish);
  await write(["acts"], (tx) => tx.store.put(act));
  askToPersist();
  changed("queue");
  wake();
  return act;
}

/** Keep what is being written, to be sent later under the same id; as often as one likes. A save that
 * comes after it was queued or thrown away changes nothing. Throws StorageFull. */
export async function keepAct(wish: Wish & { id: string }): Promise<void> {
  const act = await actOf(wish);
  await write(["acts"], async (tx) => {
    const known = await tx.store.get(wish.id);
    if (discarded.has(wish.id)) return;
    if (known && known.state !== "writing" && known.state !== "refused") return;
    const { body, photos } = act;
    await tx.store.put(known ? { ...known, body, photos } : { ...act, state: "writing" });
  });
  changed("queue");
}

/** Nothing is left of what was being written. */
export async function forgetWriting(id: string): Promise<void> {
  await write(["acts"], async (tx) => {
    if ((await tx.store.get(id))?.state === "writing") await tx.store.delete(id);
  });
  changed("queue");
}

/** Thrown away in this tab: a late save must not bring them back. */
const discarded = new Set<string>();

async function actOf({ id = uuid(), photos = [], session = ME, body, ...rest }: Wish): Promise<Act> {
  return {
    ...rest,
    id,
    photos,
    session,
    body: withIds(rest.kind, body, id, photos),
    owner: await ownerNow(session),
    createdAt: Date.now(),
    state: "queued",
    tries: 0,
    nextTryAt: 0,
    trouble: null,
  };
}

/** Steps, comments and complaints carry their id, steps their photos; nobody has to write them twice. */
function withIds(kind: Act["kind"], body: unknown, id: string, photos: string[]): unknown {
  if (kind !== "step" && kind !== "comment" && kind !== "complaint") return body;
  const told = { id, ...(body as object) };
  return photos.length ? { ...told, photos } : told;
}

/** Try a refused one again, as it has been put right meanwhile (`keepAct`); under the same id. */
export async function requeueAct(id: string): Promise<void> {
  const me = await ownerNow();
  await write(["acts"], async (tx) => {
    const act = await tx.store.get(id);
    if (act?.state !== "refused") return;
    const owner = act.session === ME ? me : undefined;
    await tx.store.put({ ...act, owner, state: "queued", tries: 0, nextTryAt: 0, trouble: null });
  });
  changed("queue");
  wake();
}

export type Undo = () => Promise<void>;

/** Take one back, with its photos; what is answered undoes that. Null: it stays, since the server may
 * have it (it is being sent, or was, and no answer came). `evenSo`: this phone forgets it all the same. */
export async function discardAct(id: string, evenSo = false): Promise<Undo | null> {
  const gone = await write(["acts", "photos"], async (tx) => {
    const act = await tx.objectStore("acts").get(id);
    if (!evenSo && (act?.posted || act?.state === "sending")) return null;
    const store = tx.objectStore("photos");
    const photos = await Promise.all((act?.photos ?? []).map((photo) => store.get(photo)));
    for (const photo of act?.photos ?? []) await store.delete(photo);
    await tx.objectStore("acts").delete(id);
    discarded.add(id);
    return { act, photos: photos.filter((photo) => photo !== undefined) };
  });
  changed("queue");
  return gone && (() => bringBack(gone.act, gone.photos));
}

async function bringBack(act: Act | undefined, photos: KeptPhoto[]): Promise<void> {
  if (!act) return;
  discarded.delete(act.id);
  await write(["acts", "photos"], async (tx) => {
    for (const photo of photos) await tx.objectStore("photos").put(photo);
    await tx.objectStore("acts").put(act);
  });
  changed("queue");
  wake();
}

export async function readActs(): Promise<void> {
  const all = await (await database()).getAll("acts");
  acts.value = all.sort((a, b) => a.createdAt - b.createdAt);
}

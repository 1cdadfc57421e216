/** Reports on this phone: being written, waiting to be sent, refused, and those just sent. Nothing
 * here talks to the server; `machine.ts` does. */

import { signal } from "@preact/signals";
import { type Draft, type KeptPhoto, changed, database } from "../core/db";
import { ME, callAs, uuid } from "../core/session";
import { ownerNow } from "./owner";
import { wake } from "./wake";
import { StorageFull, type Writing, askToPersist, write } from "./store";

export { StorageFull };

/** All reports on this phone, newest first, the same in every tab. */
export const drafts = signal<Draft[]>([]);

const EDITABLE = new Set<Draft["state"]>(["writing", "refused"]);
/** Thrown away in this tab: a late autosave must not bring them back. */
const discarded = new Set<string>();

/** A report about to be written. In memory alone, until it is first saved. */
export function newDraft(): Draft {
  const now = Date.now();
  return {
    id: uuid(),
    createdAt: now,
    changedAt: now,
    state: "writing",
    category: null,
    description: "",
    placeNote: "",
    pin: null,
    photos: [],
    answers: {},
    identity: "confidential",
    capturedAt: null,
    session: ME,
    tries: 0,
    nextTryAt: 0,
    trouble: null,
    code: null,
  };
}

/** Keep what was written, as often as one likes. Only what the person wrote is taken over: a save that
 * comes after the report was queued changes nothing. Throws StorageFull. */
export async function saveDraft(draft: Draft): Promise<void> {
  if (discarded.has(draft.id)) return;
  const owner = await ownerNow();
  await write(["drafts"], async (tx) => {
    const known = await tx.store.get(draft.id);
    if (known && !EDITABLE.has(known.state)) return;
    await tx.store.put({ ...(known ?? { ...draft, owner }), ...writtenIn(draft), changedAt: Date.now() });
  });
  askToPersist();
  changed("queue");
}

function writtenIn(draft: Draft) {
  const { category, description, placeNote, pin, photos, answers, identity, capturedAt } = draft;
  return { category, description, placeNote, pin, photos, answers, identity, capturedAt };
}

export async function loadDraft(id: string): Promise<Draft | null> {
  return (await (await database()).get("drafts", id)) ?? null;
}

/** It was sent off, or is being sent now, and no answer came: the server may have it. */
export async function mayHaveArrived(id: string): Promise<boolean> {
  const draft = await loadDraft(id);
  return draft?.state === "sending" || Boolean(draft?.posted);
}

/** Throw a report and its photos away; what it answers brings them back. */
export async function discardDraft(id: string): Promise<() => Promise<void>> {
  discarded.add(id);
  const gone = await write(["drafts", "photos"], async (tx) => {
    const draft = await tx.objectStore("drafts").get(id);
    const store = tx.objectStore("photos");
    const photos = await Promise.all((draft?.photos ?? []).map((photo) => store.get(photo)));
    for (const photo of draft?.photos ?? []) await store.delete(photo);
    await tx.objectStore("drafts").delete(id);
    return { draft, photos: photos.filter((photo) => photo !== undefined) };
  });
  changed("queue");
  return () => bringBack(gone.draft, gone.photos);
}

async function bringBack(draft: Draft | undefined, photos: KeptPhoto[]): Promise<void> {
  if (!draft) return;
  discarded.delete(draft.id);
  await write(["drafts", "photos"], async (tx) => {
    for (const photo of photos) await tx.objectStore("photos").put(photo);
    await tx.objectStore("drafts").put(draft);
  });
  changed("queue");
  wake();
}

/** What is known when it is sent off: does it speak of danger, and which privacy notice stood beside the
 * button (its version). */
interface Going {
  dangerous: boolean;
  consent: string;
}

/** The person says: send it. From now on it is on its way, whatever happens to this page. The same id
 * for ever, so that sending it again is harmless; but a new one, answered here, where something of it
 * went under another session before. Throws StorageFull. */
export async function queueDraft(id: string, { dangerous, consent }: Going): Promise<string> {
  const owner = await ownerNow();
  const { now, left } = await write(["drafts", "photos"], async (tx) => {
    const found = await tx.objectStore("drafts").get(id);
    if (!found || !EDITABLE.has(found.state)) return { now: id, left: null };
    if (isTooLate(found)) {
      await tx.objectStore("drafts").put(tooLate(found));
      return { now: id, left: null };
    }
    const draft = await underItsSession(tx, found);
    await tx.objectStore("drafts").put({
      ...draft,
      dangerous,
      consent,
      state: "queued",
      // An anonymous report has a session of its own, which nothing else is sent with.
      session: draft.identity === "anonymous" ? draft.id : ME,
      owner: draft.identity === "anonymous" ? undefined : owner,
      capturedAt: draft.capturedAt ?? new Date(draft.createdAt).toISOString(),
      tries: 0,
      nextTryAt: 0,
      trouble: null,
    });
    return { now: draft.id, left: draft === found ? null : found };
  });
  if (left) forgetThere(left);
  askToPersist();
  changed("queue");
  wake();
  return now;
}

/** Sent off in the person's own name, and no answer came: the city may know whose it is. */
function isTooLate(draft: Draft): boolean {
  return Boolean(draft.posted) && draft.identity === "anonymous" && draft.session !== draft.id;
}

function tooLate(draft: Draft): Draft {
  const trouble = { code: "named-already", detail: "", fields: [], at: Date.now() };
  return { ...draft, state: "refused", trouble };
}

/** The draft as its session may send it: under new ids, photos too, where an earlier try went in another
 * session's name, since an id seen twice would tell that both are one person's. */
async function underItsSession(tx: Writing<["drafts", "photos"]>, draft: Draft): Promise<Draft> {
  const same = (draft.identity === "anonymous") === (draft.session === draft.id);
  const store = tx.objectStore("photos");
  const kept = await Promise.all(draft.photos.map((photo) => store.get(photo)));
  if (same || draft.posted || !(draft.tried || kept.some((photo) => photo?.put))) return draft;
  const photos: string[] = [];
  for (const photo of kept) {
    if (!photo) continue;
    const anew = uuid();
    photos.push(anew);
    await store.put({ ...photo, id: anew, put: false });
    await store.delete(photo.id);
  }
  await tx.objectStore("drafts").delete(draft.id);
  discarded.add(draft.id); // what a page still saves under the old id is this one
  return { ...draft, id: uuid(), photos, tried: false };
}

/** What the earlier session has put and nothing came of goes now; else the server sweeps it in a week. */
function forgetThere({ photos, session }: Draft): void {
  for (const photo of photos) {
    void callAs(session, `/photos/${photo}`, { method: "DELETE" }).catch(() => undefined);
  }
}

/** Take a waiting report back to be changed. Null when it cannot be: it is being sent now, or was sent
 * off without an answer, so that the server may have it as it is. */
export async function editDraft(id: string): Promise<Draft | null> {
  const taken = await write(["drafts"], async (tx) => {
    const draft = await tx.store.get(id);
    if (!draft) return null;
    if (EDITABLE.has(draft.state)) return draft;
    if (draft.state !== "queued" || draft.posted) return null;
    const back: Draft = { ...draft, state: "writing", trouble: null, changedAt: Date.now() };
    await tx.store.put(back);
    return back;
  });
  changed("queue");
  return taken;
}

/** The server's list shows these: what the phone kept of them may go. */
export async function forgetSent(ids: string[]): Promise<void> {
  const listed = new Set(ids);
  const gone = drafts.value.filter((draft) => draft.state === "sent" && listed.has(draft.id));
  if (!gone.length) return;
  await write(["drafts", "photos"], async (tx) => {
    for (const draft of gone) {
      for (const photo of draft.photos) await tx.objectStore("photos").delete(photo);
      await tx.objectStore("drafts").delete(draft.id);
    }
  });
  changed("queue");
}

/** Read them anew, when any tab or the service worker has changed them. */
export async function readDrafts(): Promise<void> {
  const all = await (await database()).getAll("drafts");
  drafts.value = all.sort((a, b) => b.createdAt - a.createdAt);
}

/** One report, or one act, to the server: its photos first, then itself. What is answered here is the
 * server's word; everything else is thrown, and `machine.ts` says what that means. */

import { type Ask, Busy, NoNetwork, Problem, call } from "../core/api";
import {
  type Act,
  type Draft,
  type KeptPhoto,
  type Session,
  type SessionKey,
  type Trouble,
  changed,
  database,
} from "../core/db";
import { ensured, uuid } from "../core/session";
import { type Job, edit, reread } from "./jobs";
import { unlessLeaving, untilLeaving } from "./leaving";
import { StorageFull, write } from "./store";

/** The server, or this phone, says no: the person must change something. */
export class Refused extends Error {
  readonly code: string;
  readonly detail: string;
  readonly fields: Trouble["fields"];

  constructor({ code, detail, fields = [] }: { code: string; detail: string; fields?: Trouble["fields"] }) {
    super(code);
    this.code = code;
    this.detail = detail;
    this.fields = fields;
  }
}

/** Only the person can go on: their sign-in has run out. */
export class NeedsSignIn extends Error {}

/** Another is signed in than whoever it is of. */
export class Anothers extends Error {}

/** The item is there no more, or was taken back. */
export class Vanished extends Error {}

const TURNS = 4; // photos that are missing: put again, then under new ids, then no more

export async function sendReport(job: Job, session: Session, locale: string): Promise<void> {
  const before = (await present(job)) as Draft;
  for (let turn = 0; turn < TURNS; turn++) {
    const draft = (await putPhotos(job, session, locale)) as Draft;
    try {
      const ask: Ask = { method: "POST", json: bodyOf(draft), ...as(session, locale) };
      const answer = await post<Answer>(job, "/reports", ask);
      return await arrived(job, codeIn(answer, job.id));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.status === 409) return ours(job, session, locale, error, before.posted);
      if (!(await putAgain(job, error, turn))) throw error;
    }
  }
}

export async function sendAct(job: Job, session: Session, locale: string): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) {
    const act = (await putPhotos(job, session, locale)) as Act;
    const json = act.method === "DELETE" ? undefined : (act.body ?? undefined);
    try {
      await post(job, act.path, { method: act.method, json, ...as(session, locale) });
      return await arrived(job, null);
    } catch (error) {
      if (!(error instanceof Problem) || !(await putAgain(job, error, turn))) throw error;
    }
  }
}

/** Send it off: from here on the server may have it, until an answer says no. */
async function post<Body>(job: Job, path: string, ask: Ask): Promise<Body> {
  // Where the phone itself says that there is no network: see first, so that what never left it can
  // still be taken back.
  if (!navigator.onLine) await told("/city", { locale: ask.locale });
  const before = (await present(job)).posted ?? false;
  await edit(job, (row) => (row.posted = true));
  try {
    return await told<Body>(path, ask);
  } catch (error) {
    if (isNo(error)) await edit(job, (row) => (row.posted = before));
    throw error;
  }
}

/** An answer that is sure that nothing was stored: it was refused, or not even looked at (429). */
function isNo(error: unknown): boolean {
  return error instanceof Problem || (error instanceof Busy && error.status === 429);
}

interface Answer {
  id?: string;
  code?: string;
  mine?: boolean;
}

/** What the server takes (its SubmissionIn). The same for the same draft, at each repeat. */
function bodyOf(draft: Draft): Record<string, unknown> {
  return {
    id: draft.id,
    category: draft.category ?? "",
    description: draft.description,
    lat: draft.pin?.lat,
    lng: draft.pin?.lng,
    place_note: draft.placeNote,
    photos: draft.photos,
    answers: draft.answers,
    identity: draft.identity,
    captured_at: draft.capturedAt,
    ...(draft.consent && { consent: draft.consent }),
  };
}

function as(session: Session, locale: string): Ask {
  return { token: session.token, locale, signal: untilLeaving() };
}

/** A session to send with, like `ensured`. */
export async function sessionToSend(key: SessionKey, locale: string): Promise<Session> {
  await unlessLeaving();
  return spoken(ensured(key, locale, untilLeaving()));
}

/** A café's sign-in page answers anything; only the server answers with this report's id. */
function codeIn(answer: Answer | null, id: string): string {
  if (answer?.id !== id || !answer.code) throw new NoNetwork();
  return answer.code;
}

/** An answer that is the server's own: what refuses without our form is a gateway, a proxy, a hotel, and
 * no refusal. (One that finds the request too large would never change its mind.) */
export async function spoken<Value>(answer: Promise<Value>): Promise<Value> {
  try {
    return await answer;
  } catch (error) {
    const foreign = error instanceof Problem && error.code.startsWith("http-") && error.status !== 413;
    throw foreign ? new NoNetwork() : error;
  }
}

async function told<Body>(path: string, ask: Ask): Promise<Body> {
  await unlessLeaving();
  return spoken(call<Body>(path, ask));
}

async function present(job: Job): Promise<Draft | Act> {
  const item = await reread(job);
  if (!item || (item.state !== "queued" && item.state !== "sending")) throw new Vanished();
  return item;
}

/** The id is taken by other content. If that is ours, an earlier try arrived after all. */
async function ours(
  job: Job,
  session: Session,
  locale: string,
  refusal: Problem,
  postedBefore?: boolean,
): Promise<void> {
  try {
    const found = await told<Answer>(`/reports/${job.id}`, as(session, locale));
    if (found?.mine) return await arrived(job, codeIn(found, job.id));
  } catch (error) {
    if (!(error instanceof Problem && error.status === 404)) throw error;
  }
  // Nobody else can have this id: it arrived, under a session that is lost.
  if (postedBefore) throw new Refused({ code: "arrived-unseen", detail: "" });
  throw refusal;
}

/** The server has it. Only now may the bytes of its photos go; their small pictures stay with it. */
async function arrived(job: Job, code: string | null): Promise<void> {
  try {
    await write([job.store, "photos"], async (tx) => {
      const row = await tx.objectStore(job.store).get(job.id);
      if (!row) return;
      const sent = { ...row, state: "sent", posted: false, trouble: null, sentAt: Date.now(), tries: 0 };
      if (code) Object.assign(sent, { code });
      await tx.objectStore(job.store).put(sent as Draft & Act);
      const photos = tx.objectStore("photos");
      for (const id of row.photos) {
        const photo = await photos.get(id);
        if (photo) await photos.put({ ...photo, put: true, bytes: new Blob() });
      }
    });
  } catch (error) {
    if (!(error instanceof StorageFull)) throw error;
    await remove(job);
  }
  changed("queue");
  changed("messages");
}

/** A full phone cannot even note that it was sent; but it can forget. The server's list has it. */
async function remove(job: Job): Promise<void> {
  await write([job.store, "photos"], async (tx) => {
    const row = await tx.objectStore(job.store).get(job.id);
    for (const id of row?.photos ?? []) await tx.objectStore("photos").delete(id);
    await tx.objectStore(job.store).delete(job.id);
  });
}

// Photos ------------------------------------------------------------------------------------------

/** All photos of it are on the server; answers the item as it stands then. */
async function putPhotos(job: Job, session: Session, locale: string): Promise<Draft | Act> {
  const item = await present(job);
  for (const id of item.photos) await putPhoto(job, id, session, locale);
  return present(job);
}

async function putPhoto(job: Job, id: string, session: Session, locale: string): Promise<void> {
  const photo = await (await database()).get("photos", id);
  if (!photo || !(await isReadable(photo))) throw photoTrouble(id, "photo-lost", "");
  if (photo.put) return;
  try {
    await put(photo, session, locale);
  } catch (error) {
    if (!(error instanceof Problem) || error.status === 401) throw error;
    if (error.status !== 409) throw photoTrouble(id, error.code, error.detail);
    // Under this id the server has another's: ours, of a session that is lost. The same again, anew.
    const anew = await rename(job, id);
    await put({ ...photo, id: anew }, session, locale);
    return markPut([anew], true);
  }
  await markPut([id], true);
}

async function put(photo: KeptPhoto, session: Session, locale: string): Promise<void> {
  const { id, bytes } = photo;
  const patience = Math.min(15 * 60_000, 60_000 + bytes.size / 4); // at 4 kB a second, and a minute
  const answer = await told<Answer>(`/photos/${id}`, {
    method: "PUT",
    bytes,
    patience,
    ...as(session, locale),
  });
  if (answer?.id !== id) throw new NoNetwork();
}

function photoTrouble(id: string, code: string, detail: string): Refused {
  return new Refused({ code, detail, fields: [{ field: `photos/${id}`, detail }] });
}

/** A browser can lose the file behind a Blob; sending that would look like a dead network for ever. */
async function isReadable(photo: KeptPhoto): Promise<boolean> {
  if (photo.put) return true;
  try {
    await photo.bytes.slice(-1).arrayBuffer();
    return photo.bytes.size > 0;
  } catch {
    return false;
  }
}

/** The server misses photos: it swept them, or they were another session's. True: try once more. */
async function putAgain(job: Job, error: Problem, turn: number): Promise<boolean> {
  const missing = error.facts.missing_photos;
  if (!Array.isArray(missing) || !missing.length || turn > 1) return false;
  if (turn === 0) await markPut(missing as string[], false);
  else for (const id of missing as string[]) await rename(job, id);
  return true;
}

async function markPut(ids: string[], put: boolean): Promise<void> {
  try {
    await write(["photos"], async (tx) => {
      for (const id of ids) {
        const photo = await tx.store.get(id);
        if (photo) await tx.store.put({ ...photo, put });
      }
    });
  } catch (error) {
    if (!(error instanceof StorageFull)) throw error; // put once more at the next try: harmless
  }
  changed("queue");
}

/** The same bytes under a new id, in the item and what it says. */
async function rename(job: Job, id: string): Promise<string> {
  const anew = uuid();
  await write([job.store, "photos"], async (tx) => {
    const photos = tx.objectStore("photos");
    const photo = await photos.get(id);
    const row = await tx.objectStore(job.store).get(job.id);
    if (!photo || !row) return;
    await photos.put({ ...photo, id: anew, put: false });
    await photos.delete(id);
    const swap = (ids: string[]) => ids.map((one) => (one === id ? anew : one));
    row.photos = swap(row.photos);
    if ("body" in row) row.body = withPhotos(row.body, swap);
    await tx.objectStore(job.store).put(row as Draft & Act);
  });
  return anew;
}

function withPhotos(body: unknown, swap: (ids: string[]) => string[]): unknown {
  const photos = (body as { photos?: string[] } | null)?.photos;
  return photos ? { ...(body as object), photos: swap(photos) } : body;
}

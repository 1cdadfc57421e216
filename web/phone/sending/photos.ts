/** Photos on their way: taken in one at a time, so that an old phone's memory holds, made small, and
 * kept. The bytes that are kept are the bytes that are sent, at each try the same. */

import { useEffect, useState } from "preact/hooks";
import { type KeptPhoto, changed, database } from "../core/db";
import { uuid } from "../core/session";
import { type Origin, originOf } from "./origin";
import { type Drawn, shrink, stills } from "./pictures";
import { StorageFull, write } from "./store";

/** What the server takes at most, of a picture that the phone could not make smaller. */
const MOST_BYTES = 64 * 1024 * 1024;

export type Refusal = "unreadable" | "too-many" | "too-large" | "storage-full";

/** A photo that is kept; or a file that is not, and why. A video gives several of the first. */
export type Taken =
  | ({ photo: KeptPhoto; name: string; refused?: undefined } & Origin)
  | { photo?: undefined; name: string; refused: Refusal };

/** How it goes on, for those who wait. */
export type TakeEvent =
  | { kind: "reading"; name: string; index: number; total: number; video: boolean }
  | { kind: "taken"; taken: Taken };

let before: Promise<unknown> = Promise.resolve();

/** Take in what the camera or the gallery gave, at most `room` photos; after what was given before.
 * `draft`: the id of a saved draft that each photo is added to in the same breath, so that none is
 * kept for nothing. Never throws for a bad file. */
export function takeFiles(
  files: File[],
  room: number,
  tell: (event: TakeEvent) => void,
  draft?: string,
): Promise<Taken[]> {
  const mine = before.then(() => takeAll(files, room, tell, draft));
  before = mine.catch(() => undefined);
  return mine;
}

async function takeAll(
  files: File[],
  room: number,
  tell: (event: TakeEvent) => void,
  draft?: string,
): Promise<Taken[]> {
  const all: Taken[] = [];
  const taken = () => all.filter((one) => one.photo).length;
  for (const [index, file] of files.entries()) {
    const video = file.type.startsWith("video/");
    tell({ kind: "reading", name: file.name, index, total: files.length, video });
    for await (const one of fromFile(file, video, room - taken(), draft)) {
      all.push(one);
      tell({ kind: "taken", taken: one });
    }
    await breathe();
  }
  return all;
}

async function* fromFile(
  file: File,
  video: boolean,
  room: number,
  draft?: string,
): AsyncGenerator<Taken> {
  const { name } = file;
  try {
    if (room <= 0) yield { name, refused: "too-many" };
    else if (video) yield* fromVideo(file, room, draft);
    else yield await fromPicture(file, draft);
  } catch (error) {
    yield { name, refused: refusalOf(error) };
  }
}

class Refused extends Error {
  constructor(readonly why: Refusal) {
    super(why);
  }
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof StorageFull) return "storage-full";
  return error instanceof Refused ? error.why : "unreadable";
}

async function fromPicture(file: File, draft?: string): Promise<Taken> {
  const origin = await originOf(file);
  const drawn = (await shrink(file).catch(() => null)) ?? (await asItIs(file));
  return { photo: await keep(drawn, {}, draft), name: file.name, ...origin };
}

/** The phone cannot open it, and the server may (HEIC from an iPhone, on Chrome): sent as it is. */
async function asItIs(file: File): Promise<Drawn> {
  const head = new Uint8Array(await file.slice(0, 16).arrayBuffer());
  if (!isModernPicture(head)) throw new Refused("unreadable");
  if (file.size > MOST_BYTES) throw new Refused("too-large");
  // Read now: what the gallery lends may be gone by the time it is sent.
  const bytes = new Blob([await file.arrayBuffer()], { type: file.type || "image/heic" });
  return { bytes, preview: new Blob(), width: 0, height: 0 };
}

const BRANDS = new Set(["heic", "heix", "hevc", "hevx", "heim", "heis", "mif1", "msf1", "avif", "avis"]);

/** HEIC, HEIF, AVIF: "ftyp" and a brand after the box's length. */
function isModernPicture(head: Uint8Array): boolean {
  const text = String.fromCharCode(...head);
  return text.slice(4, 8) === "ftyp" && BRANDS.has(text.slice(8, 12));
}

/** Three moments of it; the time is the file's, for stills have no metadata. */
async function* fromVideo(file: File, room: number, draft?: string): AsyncGenerator<Taken> {
  let any = false;
  const time = timeOf(file);
  for await (const still of stills(file, room)) {
    any = true;
    yield { photo: await keep(still, { fromVideo: true }, draft), name: file.name, ...time };
  }
  if (!any) throw new Refused("unreadable");
}

/** When a camera ended it; nothing where a gallery hands out files without a time. */
function timeOf({ lastModified }: File): Origin {
  return lastModified > 0 ? { takenAt: new Date(lastModified).toISOString() } : {};
}

async function keep(drawn: Drawn, more: Partial<KeptPhoto>, draft?: string): Promise<KeptPhoto> {
  const photo: KeptPhoto = { id: uuid(), ...drawn, ...more, put: false, keptAt: Date.now() };
  await write(["photos", "drafts"], async (tx) => {
    await tx.objectStore("photos").put(photo);
    const known = draft ? await tx.objectStore("drafts").get(draft) : undefined;
    if (known && (known.state === "writing" || known.state === "refused")) {
      const photos = [...known.photos, photo.id];
      await tx.objectStore("drafts").put({ ...known, photos, changedAt: Date.now() });
    }
  });
  changed("queue");
  return photo;
}

/** Leave a photo out: its bytes go, and so does its mention in whatever has not been sent. */
export async function removePhoto(id: string): Promise<void> {
  await write(["photos", "drafts", "acts"], async (tx) => {
    await tx.objectStore("photos").delete(id);
    for (const draft of await tx.objectStore("drafts").getAll()) {
      if (!draft.photos.includes(id) || draft.state === "sent") continue;
      const photos = draft.photos.filter((photo) => photo !== id);
      await tx.objectStore("drafts").put({ ...draft, photos });
    }
    for (const act of await tx.objectStore("acts").getAll()) {
      if (!act.photos.includes(id) || (act.state !== "writing" && act.state !== "refused")) continue;
      await tx.objectStore("acts").put({ ...act, photos: act.photos.filter((photo) => photo !== id) });
    }
  });
  changed("queue");
}

/** The address of a kept photo's small picture, while the one who asked is shown. Null: not yet, or
 * this phone cannot draw it. */
export function useKeptPhoto(id: string): string | null {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    let made: string | null = null;
    let shown = true;
    void previewOf(id).then((preview) => {
      if (!shown || !preview?.size) return;
      made = URL.createObjectURL(preview);
      setUrl(made);
    });
    return () => {
      shown = false;
      if (made) URL.revokeObjectURL(made);
      setUrl(null);
    };
  }, [id]);
  return url;
}

async function previewOf(id: string): Promise<Blob | undefined> {
  return (await (await database()).get("photos", id))?.preview;
}

/** Between two files, typing and scrolling come first. */
function breathe(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

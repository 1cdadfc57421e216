/** Photos: the camera first, or from the phone; previews that can be put in order or dropped. */

import { ArrowLeft, ArrowRight, Camera, Image as ImageIcon, Images, Star, Trash2, X } from "lucide";
import { type Signal, signal } from "@preact/signals";
import { useMemo, useState } from "preact/hooks";
import type { Draft } from "../core/db";
import { type Refusal, type Taken, removePhoto, takeFiles, useKeptPhoto } from "../sending/photos";
import { Button } from "../ui/button";
import { Icon, type IconNode } from "../ui/icon";
import { Sheet } from "../ui/sheet";
import { toast } from "../ui/toast";
import { type PhotoPlace } from "./place";
import { MOST_PHOTOS, type Writing } from "./state";
import { words } from "./words";

const REMOVED_AFTER_MS = 12_000; // as long as its removal can be undone

export interface Taking {
  /** How many are being made ready now. */
  working: Signal<number>;
  /** What was refused or is worth knowing, in words. */
  told: Signal<string[]>;
  /** Where and when each was taken, as far as it said so; by its id. */
  origins: Signal<Record<string, PhotoOrigin>>;
  take: (files: File[], gallery: boolean) => Promise<void>;
}

export interface PhotoOrigin {
  place: PhotoPlace | null;
  takenAt: string | null;
}

/** Takes files into the draft, each as soon as it is ready. */
export function taking(writing: Writing): Taking {
  const working = signal(0);
  const told = signal<string[]>([]);
  const origins: Taking["origins"] = signal({});
  const take = async (files: File[], gallery: boolean) => {
    if (!files.length) return;
    told.value = [];
    const room = Math.max(MOST_PHOTOS - writing.draft.value.photos.length - working.value, 0);
    let count = Math.min(files.length, room);
    working.value += count;
    const one = (taken: Taken) => {
      if (count > 0) {
        count -= 1;
        working.value -= 1;
      }
      if (!taken.photo) return;
      origins.value = { ...origins.value, [taken.photo.id]: originOf(taken, gallery) };
      accept(writing, taken.photo.id, origins.value);
    };
    const id = writing.draft.value.id;
    const all = await takeFiles(files, room, (event) => event.kind === "taken" && one(event.taken), id);
    told.value = tell(all);
    working.value -= count;
    await writing.keep();
  };
  return { working, told, origins, take };
}

function originOf({ lat, lng, takenAt }: Extract<Taken, { refused?: undefined }>, gallery: boolean): PhotoOrigin {
  const place = lat !== undefined && lng !== undefined ? { lat, lng, gallery } : null;
  return { place, takenAt: takenAt ?? null };
}

function accept(writing: Writing, id: string, origins: Record<string, PhotoOrigin>): void {
  const { photos, capturedAt } = writing.draft.value;
  writing.change({ photos: [...photos, id], capturedAt: capturedAt ?? origins[id]?.takenAt ?? null });
  void writing.keep(); // at once: the next one may come before the moment after which changes are kept
}

function tell(taken: Taken[]): string[] {
  const w = words();
  const stills = taken.filter(({ photo }) => photo?.fromVideo).length;
  const said = taken.flatMap(({ refused, name }) => (refused ? [whyRefused(refused, name)] : []));
  return [...(stills ? [w.stills(stills)] : []), ...new Set(said)];
}

function whyRefused(why: Refusal, name: string): string {
  const w = words();
  if (why === "too-many") return w.tooMany(MOST_PHOTOS);
  if (why === "storage-full") return w.storageFull(name);
  return why === "too-large" ? w.tooLarge(name) : w.unreadable(name);
}

export function PhotosPart({ writing, taking: t }: { writing: Writing; taking: Taking }) {
  const [open, setOpen] = useState<string | null>(null);
  const w = words();
  const photos = writing.draft.value.photos;
  const working = t.working.value;
  const room = photos.length + working < MOST_PHOTOS;
  const shown = open && photos.includes(open) ? open : null;
  const refused = refusedIn(writing.draft.value);
  return (
    <section class="submit-part" aria-labelledby="photos-title">
      <h2 class="unseen" id="photos-title">
        {w.photos}
      </h2>
      <ul class={`submit-photos${photos.length + working ? "" : " submit-photos-none"}`}>
        {photos.map((id, index) => (
          <Tile
            key={id}
            id={id}
            index={index}
            onOpen={() => setOpen(id)}
            refused={refused.has(id)}
            onRemove={() => remove(writing, t, id)}
          />
        ))}
        {Array.from({ length: working }, (_, index) => (
          <li class="submit-photo" key={`working-${index}`}>
            <span class="skeleton submit-photo-working" />
            <span class="submit-photo-word">{w.working}</span>
          </li>
        ))}
        {room && (
          <>
            <Add icon={Camera} word={photos.length ? w.shootMore : w.shoot} camera of={t} />
            <Add icon={Images} word={w.pick} of={t} />
          </>
        )}
      </ul>
      <div class="submit-told" role="status">
        {working > 0 && <span class="unseen">{w.working}</span>}
        {t.told.value.map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
        {photos.length > 0 && <p class="muted">{w.photosCount(photos.length, MOST_PHOTOS)}</p>}
        {!photos.length && !working && <p class="muted">{w.photosHint}</p>}
      </div>
      {shown && (
        <PhotoSheet
          writing={writing}
          id={shown}
          onRemove={() => remove(writing, t, shown)}
          onClose={() => setOpen(null)}
        />
      )}
    </section>
  );
}

/** The photos that the server, or this phone, named when it said no. */
function refusedIn({ state, trouble }: Draft): Set<string> {
  const named = state === "refused" ? (trouble?.fields ?? []) : [];
  return new Set(named.map(({ field }) => field.replace("photos/", "")));
}

function Add({ icon, word, camera, of }: { icon: IconNode; word: string; camera?: boolean; of: Taking }) {
  const took = (event: { currentTarget: HTMLInputElement }) => {
    const input = event.currentTarget;
    const files = [...(input.files ?? [])];
    input.value = ""; // the same photo may be chosen again after it was removed
    void of.take(files, !camera);
  };
  return (
    <li class={`submit-add${camera ? " submit-add-camera" : ""}`}>
      <label>
        <Icon of={icon} size={camera ? 32 : 24} />
        <span>{word}</span>
        {camera ? (
          <input type="file" accept="image/*" capture="environment" onChange={took} />
        ) : (
          <input type="file" accept="image/*,video/*" multiple onChange={took} />
        )}
      </label>
    </li>
  );
}

interface TileProps {
  id: string;
  index: number;
  refused: boolean;
  onOpen: () => void;
  onRemove: () => void;
}

function Tile({ id, index, refused, onOpen, onRemove }: TileProps) {
  const source = useKeptPhoto(id);
  const w = words();
  return (
    <li class={`submit-photo${refused ? " submit-photo-refused" : ""}`}>
      <button type="button" class="submit-photo-open" onClick={onOpen}>
        <span class="unseen">{w.openPhoto(index + 1)}</span>
        {source ? <img src={source} alt="" /> : <Icon of={ImageIcon} size={28} />}
        {refused ? (
          <span class="submit-photo-first">{w.refusedPhoto}</span>
        ) : (
          index === 0 && <span class="submit-photo-first">{w.first}</span>
        )}
      </button>
      <button type="button" class="submit-photo-x" aria-label={w.removePhoto(index + 1)} onClick={onRemove}>
        <span>
          <Icon of={X} size={16} />
        </span>
      </button>
    </li>
  );
}

/** Out of the draft at once, with what it said of place and time; out of the phone when it can no longer
 * be wanted back. */
function remove(writing: Writing, { origins }: Taking, id: string): void {
  const { photos: before, capturedAt } = writing.draft.value;
  const at = before.indexOf(id);
  if (at < 0) return;
  const left = before.filter((one) => one !== id);
  const times = left.map((one) => origins.value[one]?.takenAt).filter(Boolean);
  const its = capturedAt !== null && origins.value[id]?.takenAt === capturedAt;
  writing.change({ photos: left, capturedAt: its ? (times[0] ?? null) : capturedAt });
  const timer = setTimeout(() => void removePhoto(id), REMOVED_AFTER_MS);
  toast(words().photoRemoved, {
    label: words().undo,
    do: () => {
      clearTimeout(timer);
      const now = writing.draft.value.photos;
      writing.change({ photos: [...now.slice(0, at), id, ...now.slice(at)], capturedAt });
    },
  });
}

interface SheetProps {
  writing: Writing;
  id: string;
  onRemove: () => void;
  onClose: () => void;
}

function PhotoSheet({ writing, id, onRemove, onClose }: SheetProps) {
  const source = useKeptPhoto(id);
  const w = words();
  const photos = writing.draft.value.photos;
  const index = photos.indexOf(id);
  const rest = useMemo(() => photos.filter((one) => one !== id), [photos, id]);
  const move = (to: number) => writing.change({ photos: [...rest.slice(0, to), id, ...rest.slice(to)] });
  return (
    <Sheet title={w.photoAlt(index + 1)} onClose={onClose}>
      {source && <img class="submit-photo-large" src={source} alt={w.photoAlt(index + 1)} />}
      {photos.length > 1 && (
        <div class="submit-row">
          <Button icon={Star} disabled={index === 0} onClick={() => move(0)}>
            {w.makeFirst}
          </Button>
          <Button icon={ArrowLeft} disabled={index === 0} onClick={() => move(index - 1)}>
            {w.earlier}
          </Button>
          <Button icon={ArrowRight} disabled={index === photos.length - 1} onClick={() => move(index + 1)}>
            {w.later}
          </Button>
        </div>
      )}
      <Button
        look="danger"
        icon={Trash2}
        wide
        onClick={() => {
          onClose();
          onRemove();
        }}
      >
        {w.remove}
      </Button>
    </Sheet>
  );
}

/** Photos: the camera first, or from the phone; previews that can be put in order or dropped. */

import { ArrowLeft, ArrowRight, Camera, Image as ImageIcon, Images, Star, Trash2, X } from "lucide";
import { type Signal, signal } from "@preact/signals";
import { useMemo, useState } from "preact/hooks";
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
  take: (files: File[], gallery: boolean) => Promise<void>;
}

/** Takes files into the draft, each as soon as it is ready. `onPlace`: where one was taken. */
export function taking(writing: Writing, onPlace: (place: PhotoPlace) => void): Taking {
  const working = signal(0);
  const told = signal<string[]>([]);
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
      if (taken.photo) accept(writing, taken, gallery, onPlace);
    };
    const id = writing.draft.value.id;
    const all = await takeFiles(files, room, (event) => event.kind === "taken" && one(event.taken), id);
    told.value = tell(all);
    working.value -= count;
    await writing.keep();
  };
  return { working, told, take };
}

function accept(
  writing: Writing,
  { photo, lat, lng, takenAt }: Extract<Taken, { refused?: undefined }>,
  gallery: boolean,
  onPlace: (place: PhotoPlace) => void,
): void {
  const draft = writing.draft.value;
  writing.change({
    photos: [...draft.photos, photo.id],
    capturedAt: draft.capturedAt ?? takenAt ?? null,
  });
  void writing.keep(); // at once: the next one may come before the moment after which changes are kept
  if (lat !== undefined && lng !== undefined) onPlace({ lat, lng, gallery });
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
            onRemove={() => remove(writing, id)}
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
      {shown && <PhotoSheet writing={writing} id={shown} onClose={() => setOpen(null)} />}
    </section>
  );
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
  onOpen: () => void;
  onRemove: () => void;
}

function Tile({ id, index, onOpen, onRemove }: TileProps) {
  const source = useKeptPhoto(id);
  const w = words();
  return (
    <li class="submit-photo">
      <button type="button" class="submit-photo-open" onClick={onOpen}>
        <span class="unseen">{w.openPhoto(index + 1)}</span>
        {source ? <img src={source} alt="" /> : <Icon of={ImageIcon} size={28} />}
        {index === 0 && <span class="submit-photo-first">{w.first}</span>}
      </button>
      <button type="button" class="submit-photo-x" aria-label={w.removePhoto(index + 1)} onClick={onRemove}>
        <span>
          <Icon of={X} size={16} />
        </span>
      </button>
    </li>
  );
}

/** Out of the draft at once; out of the phone when it can no longer be wanted back. */
function remove(writing: Writing, id: string): void {
  const before = writing.draft.value.photos;
  const at = before.indexOf(id);
  if (at < 0) return;
  writing.change({ photos: before.filter((one) => one !== id) });
  const timer = setTimeout(() => void removePhoto(id), REMOVED_AFTER_MS);
  toast(words().photoRemoved, {
    label: words().undo,
    do: () => {
      clearTimeout(timer);
      const now = writing.draft.value.photos;
      writing.change({ photos: [...now.slice(0, at), id, ...now.slice(at)] });
    },
  });
}

function PhotoSheet({ writing, id, onClose }: { writing: Writing; id: string; onClose: () => void }) {
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
          remove(writing, id);
        }}
      >
        {w.remove}
      </Button>
    </Sheet>
  );
}

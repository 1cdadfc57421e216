/** What a report's page opens with: before | after, full width. A tap opens the viewer. */

import { useState } from "preact/hooks";
import type { SessionKey } from "../core/db";
import type { Photo } from "../core/types";
import { Picture } from "../ui/photo";
import { Viewer, type Shown } from "./viewer";
import { words } from "./words";

export interface AsWhom {
  session: SessionKey;
  mine: boolean; // perhaps not public: asked for in the owner's name
}

export function Pictures({ before, after, as }: { before: Photo[]; after: Photo[]; as: AsWhom }) {
  const [open, setOpen] = useState<number | null>(null);
  const w = words();
  if (!before.length && !after.length) return null;
  const shown: Shown[] = [
    ...before.map((photo, i) => ({ photo, label: w.before, alt: w.photoBefore(i + 1, before.length) })),
    ...after.map((photo, i) => ({ photo, label: w.after, alt: w.photoAfter(i + 1, after.length) })),
  ];
  const halves = before.length && after.length;
  return (
    <div class={halves ? "pictures halves" : "pictures"}>
      {before.length > 0 && (
        <Half photos={before} label={after.length ? w.before : null} shown={shown} first={0} open={setOpen} as={as} />
      )}
      {after.length > 0 && (
        <Half photos={after} label={w.after} shown={shown} first={before.length} open={setOpen} as={as} />
      )}
      {open !== null && <Viewer shown={shown} at={open} as={as} onClose={() => setOpen(null)} />}
    </div>
  );
}

interface HalfProps {
  photos: Photo[];
  label: string | null;
  shown: Shown[];
  first: number;
  open: (at: number) => void;
  as: AsWhom;
}

/** One side: its first photo, its word, and how many more there are. */
function Half({ photos, label, shown, first, open, as }: HalfProps) {
  const w = words();
  const [lead] = photos;
  const alt = shown[first]?.alt ?? "";
  if (!lead) return null;
  return (
    <button type="button" class="picture-half" onClick={() => open(first)}>
      <Picture photo={lead} alt={w.openPhoto(alt)} size="large" session={as.session} mine={as.mine} />
      {label && <span class="picture-label">{label}</span>}
      {photos.length > 1 && <span class="picture-more">{w.morePhotos(photos.length - 1)}</span>}
    </button>
  );
}

/** Small ones in a row, under a step or within a form. */
export function PhotoRow({ photos, what, as }: { photos: Photo[]; what: string; as: AsWhom }) {
  const [open, setOpen] = useState<number | null>(null);
  const w = words();
  const shown = photos.map((photo, i) => ({ photo, label: what, alt: w.photoOf(i + 1, photos.length, what) }));
  if (!photos.length) return null;
  return (
    <>
      <ul class="photo-row">
      {shown.map(({ photo, alt }, index) => (
        <li key={photo.id}>
          <button type="button" class="photo-small" onClick={() => setOpen(index)} aria-label={w.openPhoto(alt)}>
            <Picture photo={photo} alt="" session={as.session} mine={as.mine} />
          </button>
        </li>
      ))}
      </ul>
      {open !== null && <Viewer shown={shown} at={open} as={as} onClose={() => setOpen(null)} />}
    </>
  );
}

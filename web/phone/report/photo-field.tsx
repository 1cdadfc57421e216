/** Photos to go with words: taken or chosen, kept on this phone until they are sent. */

import { Camera, X } from "lucide";
import { useRef, useState } from "preact/hooks";
import { type Refusal, removePhoto, takeFiles, useKeptPhoto } from "../sending/photos";
import { Icon } from "../ui/icon";
import { words } from "./words";

const MOST = 12;

interface PhotoFieldProps {
  photos: string[];
  change: (how: (now: string[]) => string[]) => void;
  working: boolean; // some are being made ready
  setWorking: (working: boolean) => void;
}

export function PhotoField({ photos, change, working, setWorking }: PhotoFieldProps) {
  const input = useRef<HTMLInputElement>(null);
  const [troubles, tell] = useState<string[]>([]);
  const w = words();

  const take = async (files: File[]) => {
    setWorking(true);
    const taken = await takeFiles(files, MOST - photos.length, (event) => {
      const photo = event.kind === "taken" && event.taken.photo;
      if (photo) change((now) => [...now, photo.id]); // others may have been removed meanwhile
    });
    const refused = taken.flatMap((one) => (one.refused ? [troubleWith(one.refused, one.name)] : []));
    tell([...new Set(refused)]);
    setWorking(false);
  };
  const drop = (id: string) => {
    change((now) => now.filter((one) => one !== id));
    void removePhoto(id);
  };

  return (
    <div class="photo-field">
      <ul class="photo-row">
        {photos.map((id, index) => (
          <KeptOne key={id} id={id} name={w.removePhoto(index + 1)} drop={() => drop(id)} />
        ))}
        {photos.length < MOST && (
          <li>
            <button type="button" class="photo-add" aria-busy={working || undefined} onClick={() => input.current?.click()}>
              <Icon of={Camera} size={24} />
              <span>{w.addPhotos}</span>
            </button>
          </li>
        )}
      </ul>
      <input
        ref={input}
        type="file"
        accept="image/*"
        multiple
        hidden
        aria-label={w.addPhotos}
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])];
          event.currentTarget.value = "";
          if (files.length) void take(files);
        }}
      />
      {troubles.map((text) => (
        <p class="field-error" role="alert" key={text}>
          {text}
        </p>
      ))}
    </div>
  );
}

function troubleWith(refused: Refusal, name: string): string {
  const w = words();
  if (refused === "too-many") return w.tooMany;
  if (refused === "storage-full") return w.full;
  return refused === "too-large" ? w.largePhoto(name) : w.badPhoto(name);
}

function KeptOne({ id, name, drop }: { id: string; name: string; drop: () => void }) {
  const source = useKeptPhoto(id);
  return (
    <li class="photo-kept">
      {source ? <img src={source} alt="" width={88} height={88} /> : <span class="skeleton" />}
      <button type="button" class="photo-drop" aria-label={name} onClick={drop}>
        <Icon of={X} size={16} />
      </button>
    </li>
  );
}

/** Photos of something that waits on this phone, only to be seen. */
export function KeptPhotos({ photos }: { photos: string[] }) {
  if (!photos.length) return null;
  return (
    <ul class="photo-row">
      {photos.map((id) => (
        <KeptSeen key={id} id={id} />
      ))}
    </ul>
  );
}

function KeptSeen({ id }: { id: string }) {
  const source = useKeptPhoto(id);
  return <li class="photo-kept">{source && <img src={source} alt="" width={88} height={88} />}</li>;
}

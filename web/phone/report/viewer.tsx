/** Photos over the whole screen: swipe from one to the next, pinch or tap twice to look closer. A real
 * <dialog>; everything also by buttons and keys (←, →, +, −, Escape). */

import { ChevronLeft, ChevronRight, X, ZoomIn, ZoomOut } from "lucide";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Photo } from "../core/types";
import { Icon } from "../ui/icon";
import { Picture } from "../ui/photo";
import type { AsWhom } from "./pictures";
import { words } from "./words";
import { type Zoom, zoomable } from "./zoom";

export interface Shown {
  photo: Photo;
  label: string;
  alt: string;
}

export function Viewer({ shown, at, as, onClose }: { shown: Shown[]; at: number; as: AsWhom; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const strip = useRef<HTMLDivElement>(null);
  const zooms = useRef<(Zoom | null)[]>([]);
  const [here, setHere] = useState(at);
  const [close, setClose] = useState(false);
  const w = words();

  useEffect(() => {
    if (!dialog.current?.open) dialog.current?.showModal();
    show(at, "instant");
    return () => dialog.current?.close();
  }, []);

  const show = (index: number, behavior: ScrollBehavior = "smooth") => {
    const line = strip.current;
    if (!line || index < 0 || index >= shown.length) return;
    zooms.current[here]?.reset();
    line.scrollTo({ left: index * line.clientWidth, behavior });
    setHere(index);
  };
  const scrolled = () => {
    const line = strip.current;
    if (line) setHere(Math.round(line.scrollLeft / line.clientWidth));
  };
  const zoom = (larger: boolean) => zooms.current[here]?.to(larger ? 2.5 : 1);
  const key = (event: KeyboardEvent) => {
    if (event.key === "ArrowLeft") show(here - 1);
    else if (event.key === "ArrowRight") show(here + 1);
    else if (event.key === "+" || event.key === "=") zoom(true);
    else if (event.key === "-") zoom(false);
    else return;
    event.preventDefault();
  };
  const now = shown[here];

  return (
    <dialog
      ref={dialog}
      class="viewer"
      aria-label={w.photos}
      onKeyDown={key}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <header>
        <p aria-live="polite">
          {now?.label} <span class="viewer-count">{shown.length > 1 ? `${here + 1}/${shown.length}` : ""}</span>
        </p>
        <Tool icon={close ? ZoomOut : ZoomIn} name={close ? w.smaller : w.larger} act={() => zoom(!close)} />
        <Tool icon={X} name={w.close} act={onClose} />
      </header>
      <div class="viewer-strip" ref={strip} onScroll={scrolled} tabIndex={0} role="group" aria-label={w.photos}>
        {shown.map(({ photo, alt }, index) => (
          <ViewerPage
            key={photo.id}
            photo={photo}
            alt={alt}
            as={as}
            ready={(made) => (zooms.current[index] = made)}
            tell={(scale) => setClose(scale > 1)}
          />
        ))}
      </div>
      {shown.length > 1 && (
        <footer>
          <Tool icon={ChevronLeft} name={w.previous} act={() => show(here - 1)} off={here === 0} />
          <Tool icon={ChevronRight} name={w.next} act={() => show(here + 1)} off={here === shown.length - 1} />
        </footer>
      )}
    </dialog>
  );
}

interface PageProps {
  photo: Photo;
  alt: string;
  as: AsWhom;
  ready: (zoom: Zoom | null) => void;
  tell: (scale: number) => void;
}

function ViewerPage({ photo, alt, as, ready, tell }: PageProps) {
  const page = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (page.current) ready(zoomable(page.current, tell));
    return () => ready(null);
  }, []);
  return (
    <div class="viewer-page" ref={page}>
      <Picture photo={photo} alt={alt} size="large" session={as.session} mine={as.mine} />
    </div>
  );
}

function Tool({ icon, name, act, off }: { icon: typeof X; name: string; act: () => void; off?: boolean }) {
  return (
    <button type="button" class="icon-button" aria-label={name} onClick={act} disabled={off}>
      <Icon of={icon} size={24} />
    </button>
  );
}

/** What was tapped on the map: a report's card at the foot, and the others of the same spot beside it. */

import { ChevronLeft, ChevronRight, CloudOff, X } from "lucide";
import { useEffect, useRef, useState } from "preact/hooks";
import { NoNetwork } from "../core/api";
import { categoryOf } from "../core/city";
import { locale } from "../core/locale";
import { callAs } from "../core/session";
import { spokenPast } from "../core/time";
import type { Card, Report, Status } from "../core/types";
import type { Seen } from "../map/report-map";
import { categoryIcon } from "../ui/category-icons";
import { Icon } from "../ui/icon";
import { ReportCard } from "../ui/report-card";
import { StatusChip } from "../ui/status";
import { words } from "./map-words";

const SWIPE_PX = 48;

export function Stack({
  seen,
  close,
  shown,
}: {
  seen: Seen[];
  close: () => void;
  shown: (id: string | null) => void;
}) {
  const [at, setAt] = useState(0);
  const began = useRef<number | null>(null);
  const w = words();
  const one = seen[Math.min(at, seen.length - 1)];
  useEffect(() => setAt(0), [seen]);
  useEffect(() => {
    shown(one?.id ?? null);
    return () => shown(null);
  }, [one?.id]);
  if (!one) return null;
  const step = (by: number) => setAt((at + by + seen.length) % seen.length);
  const swiped = (x: number) => {
    const moved = x - (began.current ?? x);
    began.current = null;
    if (seen.length > 1 && Math.abs(moved) > SWIPE_PX) step(moved < 0 ? 1 : -1);
  };
  return (
    <section
      class="around-stack"
      aria-live="polite"
      onTouchStart={(event) => (began.current = event.touches[0]?.clientX ?? null)}
      onTouchEnd={(event) => swiped(event.changedTouches[0]?.clientX ?? 0)}
    >
      <header>
        {seen.length > 1 && (
          <>
            <button type="button" class="icon-button" aria-label={w.previous} onClick={() => step(-1)}>
              <Icon of={ChevronLeft} size={24} />
            </button>
            <span>{w.nth(at + 1, seen.length)}</span>
            <button type="button" class="icon-button" aria-label={w.next} onClick={() => step(1)}>
              <Icon of={ChevronRight} size={24} />
            </button>
          </>
        )}
        <button type="button" class="icon-button around-stack-close" aria-label={w.close} onClick={close}>
          <Icon of={X} size={24} />
        </button>
      </header>
      <Tapped seen={one} key={one.id} />
    </section>
  );
}

function Tapped({ seen }: { seen: Seen }) {
  const [card, setCard] = useState<Card | null>(null);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    void callAs<Report>("nobody", `/reports/${seen.id}`, { locale: locale.value }).then(
      (report) => setCard(cardOf(report)),
      setError,
    );
  }, [seen.id]);
  if (card) return <ReportCard card={card} />;
  return <Known seen={seen} error={error} />;
}

function cardOf(report: Report): Card {
  const { description = "", lat = 0, lng = 0, photos = [], ...rest } = report;
  return { ...rest, description, lat, lng, photo: rest.photo ?? photos[0] ?? null };
}

/** What the map itself knows of it: until the rest is there, or when it does not come. */
function Known({ seen, error }: { seen: Seen; error: unknown }) {
  const w = words();
  const category = categoryOf(seen.category);
  return (
    <article class="card report-card" aria-busy={!error}>
      <div class="card-link">
        <span class="card-photo">
          <Icon of={categoryIcon(category?.icon)} size={28} />
        </span>
        <span class="card-text">
          <strong class="card-title">{category?.name}</strong>
          <span class="card-facts">{spokenPast(new Date(seen.sent * 1000))}</span>
          <span class="card-row">
            <StatusChip status={seen.status as Status} />
          </span>
          {error ? (
            <span class="kept-line" role="status">
              <Icon of={CloudOff} size={16} />
              {error instanceof NoNetwork ? w.noCard : w.gone}
            </span>
          ) : null}
        </span>
      </div>
    </article>
  );
}

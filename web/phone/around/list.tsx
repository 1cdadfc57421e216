/** The reports as a list: nearest first where the phone's place is known, else the newest, page by page. */

import { CloudOff, Inbox, ListFilter, MapPin, Search } from "lucide";
import { useEffect, useState } from "preact/hooks";
import { NoNetwork } from "../core/api";
import { ask, useKept } from "../core/kept";
import { go } from "../core/router";
import type { Card, Page } from "../core/types";
import { metresBetween } from "../map/metres";
import { Button } from "../ui/button";
import { ReportCard } from "../ui/report-card";
import { Empty, KeptLine, SkeletonCards, Trouble } from "../ui/states";
import { Icon } from "../ui/icon";
import { EVERYTHING, type Filters, addressOf, asked, keptName, narrowed } from "./filters";
import { type Here, roughly } from "./near";
import { words } from "./words";

const A_PAGE = "20";
const MOST_NEAR = "50";
export const RADII = [1000, 3000, 8000, 20_000];

interface NearListProps {
  here: Here;
  filters: Filters;
  radius: number;
  widen: (radius: number) => void;
}

export function NearList({ here, filters, radius, widen }: NearListProps) {
  const query = asked(filters);
  query.set("near", `${roughly(here.lat)},${roughly(here.lng)}`);
  query.set("radius", String(radius));
  query.set("limit", MOST_NEAR);
  const as = keptName(`near:${radius}`, filters);
  const { value, state, error, at, again } = useKept<Page<Card>>(`/reports?${query}`, { key: null, as });
  const w = words();
  const farther = RADII.find((one) => one > radius);
  if (state === "loading") return <SkeletonCards />;
  if (!value) {
    if (!(error instanceof NoNetwork)) return <Trouble error={error} again={again} />;
    return (
      <>
        <p class="kept-line" role="status">
          <Icon of={CloudOff} size={16} />
          {w.keptOther}
        </p>
        <NewestList filters={filters} />
      </>
    );
  }
  const cards = value.items
    .map((card) => ({ ...card, metres: metresBetween(here, card) }))
    .sort((a, b) => a.metres - b.metres);
  if (!cards.length) return <NothingNear radius={radius} farther={farther} widen={widen} />;
  return (
    <>
      <KeptLine at={at} error={error} />
      <Cards cards={cards} />
      {farther && (
        <Button wide icon={Search} onClick={() => widen(farther)}>
          {w.wider(farther)}
        </Button>
      )}
    </>
  );
}

function NothingNear({
  radius,
  farther,
  widen,
}: {
  radius: number;
  farther: number | undefined;
  widen: (radius: number) => void;
}) {
  const w = words();
  return (
    <Empty icon={MapPin} title={w.nothingNear(radius)}>
      <p>{w.nothingNearText}</p>
      {farther && (
        <Button icon={Search} onClick={() => widen(farther)}>
          {w.wider(farther)}
        </Button>
      )}
    </Empty>
  );
}

export function NewestList({ filters }: { filters: Filters }) {
  const query = asked(filters);
  query.set("limit", A_PAGE);
  const path = `/reports?${query}`;
  const first = useKept<Page<Card>>(path, { key: null, as: keptName("newest", filters) });
  const more = useMore(path, first.value?.next ?? null);
  const w = words();
  if (first.state === "loading") return <SkeletonCards />;
  if (!first.value) return <Trouble error={first.error} again={first.again} />;
  const seen = new Set(first.value.items.map((card) => card.id));
  const cards = [...first.value.items, ...more.cards.filter((card) => !seen.has(card.id))];
  if (!cards.length) return <Nothing filters={filters} />;
  return (
    <>
      <KeptLine at={first.at} error={first.error} />
      <Cards cards={cards} />
      {more.error ? <Trouble error={more.error} again={more.load} /> : null}
      {more.next && !more.error && (
        <Button wide busy={more.busy} onClick={more.load}>
          {w.more}
        </Button>
      )}
      {!more.next && filters.days > 0 && <p class="around-end muted">{w.end}</p>}
    </>
  );
}

/** The pages after the first; forgotten when what is asked for changes. */
function useMore(path: string, start: string | null) {
  const nothing = { cards: [] as Card[], next: start, busy: false, error: null as unknown };
  const [state, tell] = useState(nothing);
  useEffect(() => tell(nothing), [path, start]);
  const load = async () => {
    if (!state.next || state.busy) return;
    tell({ ...state, busy: true, error: null });
    try {
      const page = await ask<Page<Card>>(`${path}&after=${encodeURIComponent(state.next)}`, null, { as: "more" });
      tell({ cards: [...state.cards, ...page.items], next: page.next, busy: false, error: null });
    } catch (error) {
      tell({ ...state, busy: false, error });
    }
  };
  return { ...state, load: () => void load() };
}

function Nothing({ filters }: { filters: Filters }) {
  const w = words();
  const set = narrowed(filters);
  if (!set) {
    return (
      <Empty icon={Inbox} title={w.nothingYet}>
        <p>{w.nothingYetText}</p>
        <Button onClick={() => go(addressOf({ days: 0 }))}>{w.earlier}</Button>
      </Empty>
    );
  }
  return (
    <Empty icon={ListFilter} title={w.nothingHere}>
      <p>{w.nothingHereText(set)}</p>
      <Button onClick={() => go(addressOf(EVERYTHING))}>{w.clear}</Button>
    </Empty>
  );
}

function Cards({ cards }: { cards: Card[] }) {
  return (
    <ul class="cards">
      {cards.map((card) => (
        <li key={card.id}>
          <ReportCard card={card} />
        </li>
      ))}
    </ul>
  );
}

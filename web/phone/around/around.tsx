/** The first screen: what is going on around me. Notices, then reports as a list or on a map. The map,
 * the sheets of the filters and of following are fetched when first opened. */

import { BellPlus, List, LocateFixed, Map as MapIcon } from "lucide";
import { useEffect, useState } from "preact/hooks";
import { areas, categoryOf, city } from "../core/city";
import { go, place } from "../core/router";
import { canDraw, savesData } from "../map/able";
import { Button } from "../ui/button";
import { Icon, type IconNode } from "../ui/icon";
import { SkeletonCards } from "../ui/states";
import { Top } from "../ui/top";
import { FilterChips, type Part } from "./chips";
import { type Filters, type View, addressOf, filtersOf } from "./filters";
import { later } from "../ui/later";
import { NearList, NewestList, RADII } from "./list";
import { finding, here, locate, locateIfAllowed, wardHere } from "./near";
import { Brief, Danger, Notices } from "./notices";
import { words } from "./words";

const VIEW = "xom-around-view";
const LOW_PX = 700; // so low a screen shows one notice, so that the first report is seen
const FilterSheet = later(async () => (await import("./filter-sheet")).FilterSheet);
const FollowSheet = later(async () => (await import("./follow-sheet")).FollowSheet);
const MapView = later(
  async () => (await import("./map-view")).MapView,
  { wait: () => <div class="around-map skeleton" /> },
);

export function AroundScreen(_: { rest: string }) {
  const { query } = place.value;
  const filters = filtersOf(query);
  const view = viewOf(query);
  const [open, setOpen] = useState<Part | "follow" | null>(null);
  const w = words();
  const spot = here.value;
  const area = filters.area ?? wardHere.value;
  const near = spot !== null && query.get("near") !== "0" && !filters.area;
  useEffect(() => {
    if (query.get("near") !== "0" && !filters.area && !spot) void locateIfAllowed();
  }, []);
  return (
    <>
      <Top title={w.title} />
      <div class="body around">
        {view === "map" ? <Brief area={area} /> : <Notices area={area} most={innerHeight < LOW_PX ? 1 : 2} />}
        {view === "list" && <Danger />}
        <div class="around-ways">
          <Views view={view} />
          {view === "list" && <NearButton near={near} filters={filters} />}
        </div>
        <FilterChips filters={filters} open={setOpen} />
        {view === "map" ? (
          <MapView filters={filters} follow={() => setOpen("follow")} />
        ) : (
          <ListPart
            filters={filters}
            near={near}
            follow={() => setOpen("follow")}
            choose={() => setOpen("area")}
          />
        )}
      </div>
      {open === "follow" && <FollowSheet area={filters.area} category={filters.category} close={() => setOpen(null)} />}
      {open && open !== "follow" && <FilterSheet part={open} filters={filters} close={() => setOpen(null)} />}
    </>
  );
}

/** As the address says, else as it was last time; a list where a map would cost too much. */
function viewOf(query: URLSearchParams): View {
  const wanted = query.get("view") ?? lastView();
  if (wanted !== "map" || !canDraw()) return "list";
  return query.get("view") === "map" || !savesData() ? "map" : "list";
}

function lastView(): string | null {
  try {
    return localStorage.getItem(VIEW);
  } catch {
    return null;
  }
}

function Views({ view }: { view: View }) {
  const w = words();
  const choose = (wanted: View) => {
    try {
      localStorage.setItem(VIEW, wanted);
    } catch {
      // forbidden: the address still holds it
    }
    go(addressOf({ view: wanted }), { replace: true });
  };
  const one = (name: View, icon: IconNode, word: string) => (
    <button type="button" aria-pressed={view === name} onClick={() => choose(name)}>
      <Icon of={icon} />
      <span>{word}</span>
    </button>
  );
  return (
    <div class="around-views" role="group" aria-label={w.view}>
      {one("list", List, w.list)}
      {one("map", MapIcon, w.map)}
    </div>
  );
}

function NearButton({ near, filters }: { near: boolean; filters: Filters }) {
  const press = () => {
    if (near) return go(addressOf({ near: false }), { replace: true });
    go(addressOf({ near: true, area: null }), { replace: Boolean(!filters.area) });
    void locate();
  };
  return (
    <button
      type="button"
      class="around-chip"
      aria-pressed={near}
      aria-busy={finding.value === "asking" || undefined}
      onClick={press}
    >
      <Icon of={LocateFixed} />
      <span>{words().near}</span>
    </button>
  );
}

interface ListPartProps {
  filters: Filters;
  near: boolean;
  follow: () => void;
  choose: () => void;
}

function ListPart({ filters, near, follow, choose }: ListPartProps) {
  const [radius, widen] = useState(RADII[0] ?? 1000);
  const w = words();
  const asking = finding.value === "asking" && !near && !filters.area;
  const missing = !near && !filters.area && place.value.query.get("near") !== "0" ? finding.value : null;
  return (
    <>
      {place.value.query.get("view") === "map" && <p class="around-hint">{w.noMap}</p>}
      {(missing === "denied" || missing === "lost") && (
        <div class="around-hint" role="status">
          <p>{missing === "denied" ? w.denied : w.lost}</p>
          <Button look="quiet" onClick={choose}>
            {w.chooseArea}
          </Button>
        </div>
      )}
      <div class="around-heading">
        <h2>{asking ? w.locating : near ? w.nearest(radius) : newest(filters)}</h2>
        <Button look="quiet" icon={BellPlus} onClick={follow}>
          {w.follow}
        </Button>
      </div>
      {asking ? (
        <SkeletonCards />
      ) : near && here.value ? (
        <NearList here={here.value} filters={filters} radius={radius} widen={widen} />
      ) : (
        <NewestList filters={filters} />
      )}
    </>
  );
}

/** "Mới nhất ở Phường Thuận Hóa". */
function newest(filters: Filters): string {
  const area = areas.value.find((one) => one.code === filters.area)?.name;
  const name = area ?? city.value?.name;
  if (filters.category) return categoryOf(filters.category)?.name ?? words().newest;
  return name ? words().newestIn(name) : words().newest;
}

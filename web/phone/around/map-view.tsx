/** The reports on a map. Readers and keyboards have the list, which holds the same. */

import { BellPlus, LocateFixed, Minus, Plus } from "lucide";
import { useEffect, useRef, useState } from "preact/hooks";
import { city, loadOutlines } from "../core/city";
import { locale } from "../core/locale";
import { go } from "../core/router";
import { calm, scheme } from "../map/able";
import { useAgain } from "../map/again";
import { colours, someApproximate } from "../map/base";
import { NoMap, loadMap } from "../map/load";
import { GROUPS, markAddress } from "../map/marks";
import { boxOfArea } from "../map/places";
import { attribution } from "../map/tiles";
import { type Box, crowdedBox, widened } from "../map/points";
import { type ReportMap, type Seen, reportMap } from "../map/report-map";
import { Button } from "../ui/button";
import { Icon } from "../ui/icon";
import { toast } from "../ui/toast";
import { type Filters, addressOf } from "./filters";
import { NewestList } from "./list";
import { finding, here, locate, mapMiddle } from "./near";
import { usePoints } from "./points";
import { Stack } from "./stack";
import { words } from "./map-words";

export interface MapViewProps {
  filters: Filters;
  follow: () => void;
}

/** Where the map looked last, for coming back to it. */
let last: { lat: number; lng: number; zoom: number } | null = null;

export function MapView({ filters, follow }: MapViewProps) {
  const frame = useRef<HTMLDivElement>(null);
  const [drawn, setDrawn] = useState<ReportMap | null>(null);
  const [seeable, setSeeable] = useState(false);
  const [missing, setMissing] = useState(false);
  const [seen, setSeen] = useState<Seen[]>([]);
  const [box, setBox] = useState<Box | null>(null);
  const wholeCity = useRef(!last && !here.value && !filters.area); // nobody has said where to look
  const points = usePoints(box, filters);
  const w = words();

  useEffect(() => {
    if (!frame.current) return; // the list stands here
    setSeeable(false);
    return begin(frame.current, filters, { setDrawn, setSeeable, setMissing, setBox, setSeen });
  }, [scheme.value, locale.value, missing]);
  useAgain(missing, () => setMissing(false));
  useEffect(() => {
    if (!drawn || !points.found) return;
    drawn.show(points.found);
    const crowded = wholeCity.current && crowdedBox(points.found.pins);
    wholeCity.current = false;
    if (crowded) drawn.lookAt(crowded);
  }, [drawn, points.found]);
  useAreaShown(drawn, filters.area);
  useEffect(() => setSeen([]), [filters.status, filters.category, filters.days, filters.area]);

  if (missing) {
    return (
      <>
        <div class="around-hint" role="status">
          <p>{w.noParts}</p>
          <Button look="quiet" onClick={() => setMissing(false)}>
            {w.again}
          </Button>
        </div>
        <NewestList filters={filters} />
      </>
    );
  }
  return (
    <>
      <div class={`around-map${seeable ? "" : " skeleton"}`} aria-busy={seeable ? undefined : true}>
        <button
          type="button"
          class="skip"
          aria-description={w.forReaders}
          onClick={() => go(addressOf({ view: "list" }), { replace: true })}
        >
          {w.asList}
        </button>
        <div class="around-map-canvas" ref={frame} />
        <p class="around-map-count" role="status">
          {points.error ? w[points.error] : points.loading ? w.loading : w.seen(points.count)}
        </p>
        {points.error === "busy" && <Button onClick={points.again}>{w.again}</Button>}
        {seen.length ? (
          <Stack seen={seen} close={() => setSeen([])} shown={(id) => drawn?.mark(id)} />
        ) : (
          drawn && <Controls drawn={drawn} />
        )}
        <Attribution of={attribution()} />
      </div>
      <div class="around-under">
        <Legend />
        <Button look="quiet" icon={BellPlus} onClick={follow}>
          {w.follow}
        </Button>
      </div>
    </>
  );
}

interface Told {
  setDrawn: (map: ReportMap | null) => void;
  setSeeable: (seeable: boolean) => void;
  setMissing: (missing: boolean) => void;
  setBox: (box: Box) => void;
  setSeen: (seen: Seen[]) => void;
}

/** Fetch and draw; what it answers takes it away again. */
function begin(element: HTMLElement, filters: Filters, told: Told): () => void {
  let made: ReportMap | null = null;
  let gone = false;
  void Promise.all([loadMap(), loadOutlines()])
    .then(([maplibre]) => {
      if (gone) return;
      const whole = city.value?.bounds ?? boxOfArea(null);
      const map = reportMap(maplibre, element, colours(), {
        start: startOf(filters, whole),
        bounds: whole && widened(whole, 0.6),
        title: words().map,
        onMoved: () => {
          const { lat, lng } = map.map.getCenter();
          last = { lat, lng, zoom: map.map.getZoom() };
          mapMiddle.value = { lat, lng };
          told.setBox(map.box());
        },
        onTapped: told.setSeen,
        onDrawn: () => told.setSeeable(true),
        onLost: () => {
          map.remove();
          made = null;
          told.setDrawn(null);
          told.setMissing(true);
        },
      });
      made = map;
      told.setDrawn(map);
    })
    .catch((error) => {
      if (gone) return;
      if (error instanceof NoMap && error.why === "network") return told.setMissing(true);
      go(addressOf({ view: "list" }), { replace: true }); // this phone cannot, after all
    });
  return () => {
    gone = true;
    made?.remove();
    mapMiddle.value = null;
    told.setDrawn(null);
  };
}

const ANYWHERE: Box = [102, 8, 110, 24]; // the country, until anything is known of the city

function startOf(filters: Filters, whole: Box | null) {
  const ward = filters.area ? boxOfArea(filters.area) : null;
  if (ward) return { box: ward };
  if (last) return last;
  if (here.value) return { lat: here.value.lat, lng: here.value.lng, zoom: 14 };
  return { box: whole ?? ANYWHERE };
}

/** The chosen ward stands out; the map goes there when another is chosen. */
function useAreaShown(drawn: ReportMap | null, area: string | null): void {
  const before = useRef(area);
  useEffect(() => {
    if (!drawn) return;
    drawn.choose(area, area !== before.current ? boxOfArea(area) : null);
    before.current = area;
  }, [drawn, area]);
}

function Controls({ drawn }: { drawn: ReportMap }) {
  const w = words();
  const zoom = (by: number) => drawn.map.easeTo({ zoom: drawn.map.getZoom() + by, animate: !calm() });
  const stand = async () => {
    const spot = await locate();
    if (spot) drawn.standAt(spot.lat, spot.lng);
    else toast(finding.value === "denied" ? w.denied : w.lost);
  };
  return (
    <>
      <button
        type="button"
        class="around-map-me"
        aria-busy={finding.value === "asking" || undefined}
        onClick={() => void stand()}
      >
        <Icon of={LocateFixed} />
        <span>{w.me}</span>
      </button>
      <div class="map-zoom">
        <button type="button" aria-label={w.closer} onClick={() => zoom(1)}>
          <Icon of={Plus} />
        </button>
        <button type="button" aria-label={w.farther} onClick={() => zoom(-1)}>
          <Icon of={Minus} />
        </button>
      </div>
    </>
  );
}

function Attribution({ of }: { of: string }) {
  const said = [someApproximate() ? words().approximate : "", of].filter(Boolean);
  return said.length ? <p class="around-map-from">{said.join(" · ")}</p> : null;
}

function Legend() {
  const w = words();
  const c = colours();
  void scheme.value;
  return (
    <ul class="around-legend">
      {GROUPS.map((group) => (
        <li key={group}>
          <img src={markAddress(group, false, c)} alt="" width={24} height={24} />
          {w[group]}
        </li>
      ))}
      <li>
        <img src={markAddress("open", true, c)} alt="" width={24} height={24} />
        {w.urgent}
      </li>
    </ul>
  );
}

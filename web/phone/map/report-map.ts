/** The map of reports itself: layers, taps, moves. It knows nothing of screens: what is tapped and where
 * it looks is told to whoever made it. */

import type { ExpressionSpecification, GeoJSONSource, LayerSpecification, Map as MapLibreMap, MapGeoJSONFeature, Marker, PointLike } from "maplibre-gl";
import type { Point } from "geojson";
import { locale } from "../core/locale";
import { calm } from "./able";
import { type Colours, LETTERS, baseStyle, nameWards, whenDrawn } from "./base";
import { type MapLibre, watch } from "./load";
import { addMarks } from "./marks";
import { type Box, type Found, clusterFeatures, pointFeatures } from "./points";

export interface Seen {
  id: string;
  status: string;
  category: string;
  sent: number;
}

interface Wishes {
  start: { box: Box } | { lat: number; lng: number; zoom: number };
  bounds: Box | null; // how far one can wander off
  title: string;
  onMoved: () => void;
  onTapped: (seen: Seen[]) => void;
  onDrawn: () => void; // the wards are seen: until then it is water
  onLost: () => void; // it cannot draw after all
}

export interface ReportMap {
  map: MapLibreMap;
  box: () => Box;
  show: (found: Found) => void;
  lookAt: (box: Box) => void; // at once, without a journey
  choose: (area: string | null, box: Box | null) => void;
  mark: (id: string | null) => void;
  standAt: (lat: number, lng: number) => void;
  remove: () => void;
}

const FINGER = 22; // half of what a finger covers
const SINGLE_ZOOM = 16; // from there on no clusters: what lies on one spot is leafed through
const PADDING = { top: 24, right: 24, bottom: 24, left: 24 };

export function reportMap(maplibre: MapLibre, container: HTMLElement, c: Colours, wishes: Wishes): ReportMap {
  const map = new maplibre.Map({
    container,
    style: baseStyle(c),
    ...("box" in wishes.start
      ? { bounds: wishes.start.box, fitBoundsOptions: { padding: PADDING } }
      : { center: [wishes.start.lng, wishes.start.lat], zoom: wishes.start.zoom }),
    maxBounds: wishes.bounds ?? undefined,
    minZoom: 6,
    maxZoom: 19,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    fadeDuration: calm() ? 0 : 150,
    locale: { "Map.Title": wishes.title },
  });
  watch(map, wishes.onLost);
  nameWards(map);
  whenDrawn(map, () => map.once("render", wishes.onDrawn));
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  let waiting: Found | null = null;
  let ready = false;
  map.on("style.load", () => {
    // not "load", which waits for an operator's tiles too
    addMarks(map, c);
    addSources(map);
    for (const layer of reportLayers(c)) map.addLayer(layer);
    ready = true;
    if (waiting) put(map, waiting);
    wishes.onMoved();
  });
  map.on("moveend", () => ready && wishes.onMoved());
  map.on("click", (event) => void tapped(map, event.point, wishes.onTapped));
  const me = { marker: null as Marker | null };
  return {
    map,
    box: () => boxOf(map),
    show: (found) => {
      waiting = found;
      if (ready) put(map, found);
    },
    lookAt: (box) => whenReady(map, () => map.fitBounds(box, { padding: PADDING, maxZoom: 14, animate: false })),
    choose: (area, box) => whenReady(map, () => choose(map, area, box)),
    mark: (id) => ready && map.setFilter("picked", ["==", ["get", "id"], id ?? ""]),
    standAt: (lat, lng) => {
      me.marker ??= new maplibre.Marker({ element: meDot() });
      me.marker.setLngLat([lng, lat]).addTo(map);
      travel(map, { center: [lng, lat], zoom: Math.max(map.getZoom(), 14) });
    },
    remove: () => map.remove(),
  };
}

function whenReady(map: MapLibreMap, act: () => void): void {
  if (map.getLayer("chosen")) act();
  else map.once("style.load", act);
}

function boxOf(map: MapLibreMap): Box {
  return map.getBounds().toArray().flat() as Box;
}

function travel(map: MapLibreMap, to: { center: [number, number]; zoom: number }): void {
  if (calm()) map.jumpTo(to);
  else map.easeTo({ ...to, duration: 450 });
}

function fit(map: MapLibreMap, box: Box): void {
  map.fitBounds(box, { padding: PADDING, maxZoom: SINGLE_ZOOM + 1, animate: !calm(), duration: 450 });
}

function choose(map: MapLibreMap, area: string | null, box: Box | null): void {
  for (const layer of ["chosen", "chosen-border"]) {
    map.setFilter(layer, ["==", ["get", "code"], area ?? ""]);
  }
  if (box) fit(map, box);
}

// What is drawn ------------------------------------------------------------------------------------

function addSources(map: MapLibreMap): void {
  const nothing = pointFeatures([]);
  map.addSource("reports", {
    type: "geojson",
    data: nothing,
    cluster: true,
    clusterRadius: 44,
    clusterMaxZoom: SINGLE_ZOOM - 1,
  });
  map.addSource("crowds", { type: "geojson", data: nothing });
}

function put(map: MapLibreMap, { pins }: Found): void {
  (map.getSource("reports") as GeoJSONSource | undefined)?.setData(pointFeatures(pins.points));
  (map.getSource("crowds") as GeoJSONSource | undefined)?.setData(clusterFeatures(pins.clusters));
}

function reportLayers(c: Colours): LayerSpecification[] {
  return [
    {
      id: "points",
      type: "symbol",
      source: "reports",
      filter: ["!", ["has", "point_count"]],
      layout: { "icon-image": ["get", "mark"], "icon-allow-overlap": true, "symbol-sort-key": ["get", "sent"] },
    },
    {
      id: "picked",
      type: "circle",
      source: "reports",
      filter: ["==", ["get", "id"], ""],
      paint: {
        "circle-radius": 17,
        "circle-color": "rgba(0, 0, 0, 0)",
        "circle-stroke-color": c.tim,
        "circle-stroke-width": 3,
      },
    },
    bubbles("clusters", "reports", ["has", "point_count"], c),
    bubbles("crowd-bubbles", "crowds", true, c),
  ];
}

function bubbles(
  id: string,
  source: string,
  filter: ExpressionSpecification | boolean,
  c: Colours,
): LayerSpecification {
  const count: ExpressionSpecification = ["get", "point_count"];
  return {
    id,
    type: "symbol",
    source,
    filter,
    layout: {
      "icon-image": ["step", count, "bubble-small", 10, "bubble-middle", 100, "bubble-large"],
      "icon-allow-overlap": true,
      "text-field": ["number-format", count, { locale: locale.value }],
      "text-font": LETTERS,
      "text-size": ["step", count, 13, 1000, 12, 10_000, 11],
      "text-allow-overlap": true,
      "symbol-sort-key": count,
    },
    paint: { "text-color": c.onTim },
  };
}

function meDot(): HTMLElement {
  const dot = document.createElement("span");
  dot.className = "map-me";
  dot.setAttribute("aria-hidden", "true");
  return dot;
}

// What a finger meets ------------------------------------------------------------------------------

async function tapped(
  map: MapLibreMap,
  { x, y }: { x: number; y: number },
  tell: (seen: Seen[]) => void,
): Promise<void> {
  if (!map.getLayer("points")) return;
  const reach: [PointLike, PointLike] = [
    [x - FINGER, y - FINGER],
    [x + FINGER, y + FINGER],
  ];
  const layers = ["points", "clusters", "crowd-bubbles"];
  const met = map.queryRenderedFeatures(reach, { layers });
  met.sort((a, b) => pixelsOff(map, a, x, y) - pixelsOff(map, b, x, y));
  const first = met[0];
  if (!first) return tell([]);
  if (first.properties.box) return fit(map, first.properties.box.split(",").map(Number) as Box);
  if (first.properties.cluster) return open(map, first, tell);
  tell(stackAt(map, met, first));
}

function pixelsOff(map: MapLibreMap, feature: MapGeoJSONFeature, x: number, y: number): number {
  const at = map.project((feature.geometry as Point).coordinates as [number, number]);
  return Math.hypot(at.x - x, at.y - y);
}

/** What is drawn on nearly the same spot, the tapped one first; each once. */
function stackAt(map: MapLibreMap, met: MapGeoJSONFeature[], first: MapGeoJSONFeature): Seen[] {
  const at = map.project((first.geometry as Point).coordinates as [number, number]);
  const close = met.filter((one) => one.layer.id === "points" && pixelsOff(map, one, at.x, at.y) < FINGER / 2);
  return distinct(close.map((one) => one.properties as Seen));
}

function distinct(seen: Seen[]): Seen[] {
  return [...new Map(seen.map((one) => [one.id, one])).values()];
}

/** Go closer until it falls apart; what lies on one spot never does, so it is leafed through. */
async function open(map: MapLibreMap, cluster: MapGeoJSONFeature, tell: (seen: Seen[]) => void): Promise<void> {
  const source = map.getSource("reports") as GeoJSONSource;
  const id = Number(cluster.properties.cluster_id);
  const leaves = await source.getClusterLeaves(id, 100, 0);
  const places = leaves.map((leaf) => (leaf.geometry as Point).coordinates as [number, number]);
  const [xs, ys] = [places.map(([x]) => x), places.map(([, y]) => y)];
  const box: Box = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
  if (Math.max(box[2] - box[0], box[3] - box[1]) < 0.00015) {
    return tell(distinct(leaves.map((leaf) => leaf.properties as Seen)));
  }
  const zoom = await source.getClusterExpansionZoom(id);
  travel(map, { center: (cluster.geometry as Point).coordinates as [number, number], zoom: zoom + 0.3 });
}

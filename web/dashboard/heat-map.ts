/** The map itself: wards, cells, outlines of hot spots. It knows nothing of figures: it is given tones,
 * and tells which cell was met and where it looks. */

import type { FeatureCollection } from "geojson";
import type { ExpressionSpecification, GeoJSONSource, LayerSpecification, Map as MapLibreMap } from "maplibre-gl";
import { say } from "../console/words";
import { calm } from "../phone/map/able";
import { LETTERS, baseStyle, colours, nameWards, whenDrawn } from "../phone/map/base";
import { type MapLibre, watch } from "../phone/map/load";
import type { Spot } from "./board";
import { TONES } from "./ramp";

export type Box = [number, number, number, number];

export interface Painted {
  cell: string;
  ring: [number, number][];
  tone: number; // 1 to 6; -3 to 3 where it is a change; NaN: no colour
  words: string; // written in the cell where there is room
}

export interface HeatMap {
  map: MapLibreMap;
  box: () => Box;
  view: () => string;
  paint: (cells: Painted[], change: boolean) => void;
  outline: (spots: Spot[]) => void;
  pick: (cell: string | null) => void;
  lookAt: (box: Box) => void;
  remove: () => void;
}

interface Wishes {
  bounds: Box;
  view: string;
  onMoved: () => void;
  onPicked: (cell: string | null) => void;
  onDrawn: () => void;
  onLost: () => void;
}

const NOTHING: FeatureCollection = { type: "FeatureCollection", features: [] };
const ROOM = 24;

export function heatMap(maplibre: MapLibre, container: HTMLElement, wishes: Wishes): HeatMap {
  const c = colours();
  const at = wishes.view.split(",").map(Number);
  const [lat, lng, zoom] = at.length === 3 ? at : [];
  const map = new maplibre.Map({
    container,
    style: baseStyle(c),
    ...(lat !== undefined && lng !== undefined && zoom !== undefined
      ? { center: [lng, lat] as [number, number], zoom }
      : { bounds: wishes.bounds, fitBoundsOptions: { padding: ROOM } }),
    minZoom: 6,
    maxZoom: 17,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    fadeDuration: calm() ? 0 : 150,
    // On a phone the page scrolls past the map: two fingers move it.
    cooperativeGestures: matchMedia("(hover: none) and (max-width: 860px)").matches,
    canvasContextAttributes: { preserveDrawingBuffer: false },
    locale: {
      "Map.Title": say("Bản đồ nhiệt. Mũi tên để dời, + − để phóng, Enter để xem ô ở giữa.",
        "Heatmap. Arrows move it, + and − zoom, Enter shows the cell in the middle."),
      "CooperativeGesturesHandler.MobileHelpText": say("Dùng hai ngón để dời bản đồ", "Move the map with two fingers"),
      "CooperativeGesturesHandler.WindowsHelpText": say("Giữ Ctrl và cuộn để phóng", "Hold Ctrl and scroll to zoom"),
      "CooperativeGesturesHandler.MacHelpText": say("Giữ ⌘ và cuộn để phóng", "Hold ⌘ and scroll to zoom"),
    },
  });
  watch(map, wishes.onLost);
  nameWards(map);
  whenDrawn(map, () => map.once("render", wishes.onDrawn));
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  const waiting: (() => void)[] = [];
  let ready = false;
  const soon = (act: () => void) => (ready ? act() : void waiting.push(act));
  map.on("style.load", () => {
    addLayers(map, c);
    ready = true;
    for (const act of waiting.splice(0)) act();
    wishes.onMoved();
  });
  map.on("moveend", () => ready && wishes.onMoved());
  map.on("click", ({ point }) => wishes.onPicked(cellAt(map, point)));
  map.on("mousemove", ({ point }) => {
    map.getCanvas().style.cursor = cellAt(map, point) ? "pointer" : "";
  });
  map.getCanvas().addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    wishes.onPicked(cellAt(map, map.project(map.getCenter())));
  });
  return {
    map,
    box: () => map.getBounds().toArray().flat() as Box,
    view: () => {
      const { lat, lng } = map.getCenter();
      return `${lat.toFixed(4)},${lng.toFixed(4)},${map.getZoom().toFixed(2)}`;
    },
    paint: (cells, change) => soon(() => paint(map, cells, change)),
    outline: (spots) => soon(() => outline(map, spots)),
    pick: (cell) => soon(() => map.setFilter("picked", ["==", ["get", "cell"], cell ?? ""])),
    lookAt: (box) => map.fitBounds(box, { padding: ROOM, maxZoom: 14, animate: !calm(), duration: 450 }),
    remove: () => map.remove(),
  };
}

/** The tones of the page's own sheet: `--heat-1` to `--heat-6`, `--less-1` to `--less-3`. */
function tokens(name: string, count: number): string[] {
  const page = getComputedStyle(document.documentElement);
  return Array.from({ length: count }, (_, n) => page.getPropertyValue(`--${name}-${n + 1}`).trim());
}

type Colours = ReturnType<typeof colours>;

function addLayers(map: MapLibreMap, c: Colours): void {
  map.addSource("heat", { type: "geojson", data: NOTHING, tolerance: 0 });
  map.addSource("hot", { type: "geojson", data: NOTHING, tolerance: 0 });
  map.addSource("hot-numbers", { type: "geojson", data: NOTHING });
  for (const layer of layers(c)) map.addLayer(layer, "names");
  for (const layer of numberLayers(c)) map.addLayer(layer);
  // Names lie on cells of any tone: they need a light of their own.
  map.setPaintProperty("names", "text-color", c.ink);
  map.setPaintProperty("names", "text-halo-color", c.surface);
  map.setPaintProperty("names", "text-halo-width", 1.8);
}

function layers(c: Colours): LayerSpecification[] {
  const heat = tokens("heat", TONES);
  const less = tokens("less", 3);
  const more: ExpressionSpecification = ["step", ["get", "tone"], heat[0] ?? "", ...heat.slice(1).flatMap((one, n) => [n + 2, one])] as unknown as ExpressionSpecification;
  const change = ["match", ["get", "tone"],
    -3, less[2], -2, less[1], -1, less[0], 1, heat[1], 2, heat[3], 3, heat[5], c.surface] as unknown as ExpressionSpecification;
  const colour: ExpressionSpecification = ["case", ["get", "change"], change, more];
  return [
    {
      id: "cells",
      type: "fill",
      source: "heat",
      paint: {
        "fill-color": colour,
        "fill-opacity": ["case", ["get", "blank"], 0, 0.86],
        "fill-antialias": false,
      },
    },
    {
      id: "cell-edges",
      type: "line",
      source: "heat",
      paint: {
        "line-color": ["case", ["get", "blank"], c.muted, c.surface],
        "line-opacity": ["case", ["get", "blank"], 0.55, 0.9],
        "line-width": ["interpolate", ["linear"], ["zoom"], 8, 0.6, 12, 1.2],
      },
    },
    {
      id: "hot-under",
      type: "line",
      source: "hot",
      layout: { "line-join": "round", "line-cap": "round" },
      paint: { "line-color": c.surface, "line-width": 6 },
    },
    {
      id: "hot",
      type: "line",
      source: "hot",
      layout: { "line-join": "round", "line-cap": "round" },
      paint: { "line-color": c.ink, "line-width": 2.5 },
    },
    {
      id: "picked",
      type: "line",
      source: "heat",
      filter: ["==", ["get", "cell"], ""],
      layout: { "line-join": "round" },
      paint: { "line-color": c.tim, "line-width": 4 },
    },
    {
      id: "cell-words",
      type: "symbol",
      source: "heat",
      filter: ["!=", ["get", "words"], ""],
      layout: { "text-field": ["get", "words"], "text-font": LETTERS, "text-size": 12, "text-padding": 0 },
      paint: { "text-color": c.ink, "text-halo-color": c.surface, "text-halo-width": 1.8 },
    },
  ];
}

/** Above the names of wards: what is hot is found by its number. */
function numberLayers(c: Colours): LayerSpecification[] {
  return [
    {
      id: "hot-discs",
      type: "circle",
      source: "hot-numbers",
      paint: { "circle-radius": 12, "circle-color": c.surface, "circle-stroke-color": c.ink, "circle-stroke-width": 2 },
    },
    {
      id: "hot-numbers",
      type: "symbol",
      source: "hot-numbers",
      layout: {
        "text-field": ["get", "number"],
        "text-font": LETTERS,
        "text-size": 14,
        "text-allow-overlap": true,
      },
      paint: { "text-color": c.ink },
    },
  ];
}

function paint(map: MapLibreMap, cells: Painted[], change: boolean): void {
  const drawn: FeatureCollection = {
    type: "FeatureCollection",
    features: cells.map(({ cell, ring, tone, words }) => ({
      type: "Feature",
      geometry: { type: "Polygon", coordinates: [ring] },
      properties: { cell, change, words, blank: Number.isNaN(tone), tone: Number.isNaN(tone) ? 0 : tone },
    })),
  };
  (map.getSource("heat") as GeoJSONSource | undefined)?.setData(drawn);
}

function outline(map: MapLibreMap, spots: Spot[]): void {
  const set = (name: string, data: FeatureCollection) =>
    (map.getSource(name) as GeoJSONSource | undefined)?.setData(data);
  set("hot", {
    type: "FeatureCollection",
    features: spots.map(({ rings }) => ({
      type: "Feature",
      geometry: { type: "MultiLineString", coordinates: rings },
      properties: {},
    })),
  });
  set("hot-numbers", {
    type: "FeatureCollection",
    features: spots.map(({ number, lat, lng }) => ({
      type: "Feature",
      geometry: { type: "Point", coordinates: [lng, lat] },
      properties: { number: String(number) },
    })),
  });
}

function cellAt(map: MapLibreMap, point: { x: number; y: number }): string | null {
  if (!map.getLayer("cells")) return null;
  const [met] = map.queryRenderedFeatures([point.x, point.y], { layers: ["cells"] });
  return (met?.properties.cell as string | undefined) ?? null;
}

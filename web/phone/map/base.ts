/** The base map: the city's wards on paper, from their outlines alone, and an operator's own tiles
 * where they are set. Letters are drawn by the phone: no server of glyphs. */

import type { FeatureCollection } from "geojson";
import type { GeoJSONSource, LayerSpecification, Map as MapLibreMap, StyleSpecification } from "maplibre-gl";
import { areas, outlines } from "../core/city";
import { type Name, namesIn } from "./labels";
import { hasTiles, paper, tileLayers, tileSources } from "./tiles";

/** MapLibre reads the weight from the first family's name; no font is called so, the second draws. */
export const LETTERS = ["semibold", "Be Vietnam Pro"];

export interface Colours {
  land: string;
  line: string;
  water: string;
  ink: string;
  muted: string;
  surface: string;
  tim: string;
  wash: string;
  onTim: string;
  overdue: string;
  doing: string;
  done: string;
  ended: string;
  dark: boolean;
}

/** The tokens of the page, as they are now. */
export function colours(): Colours {
  const page = getComputedStyle(document.documentElement);
  const token = (name: string) => page.getPropertyValue(`--${name}`).trim();
  return {
    land: token("land"),
    line: token("land-line"),
    water: token("water"),
    ink: token("ink"),
    muted: token("muted"),
    surface: token("surface"),
    tim: token("tim"),
    wash: token("tim-wash"),
    onTim: token("on-tim"),
    overdue: token("overdue"),
    doing: token("in-progress"),
    done: token("resolved"),
    ended: token("ended"),
    dark: matchMedia("(prefers-color-scheme: dark)").matches,
  };
}

export function baseStyle(c: Colours): StyleSpecification {
  return {
    version: 8,
    sources: {
      wards: { type: "geojson", data: outlines.value ?? NOTHING, tolerance: 0.2 },
      names: { type: "geojson", data: NOTHING },
      ...tileSources(),
    },
    layers: [
      { id: "water", type: "background", paint: { "background-color": paper(c) } },
      { id: "land", type: "fill", source: "wards", paint: { "fill-color": c.land } },
      ...tileLayers(c),
      {
        id: "chosen",
        type: "fill",
        source: "wards",
        filter: ["==", ["get", "code"], ""],
        paint: { "fill-color": c.tim, "fill-opacity": c.dark ? 0.18 : 0.1 },
      },
      {
        id: "borders",
        type: "line",
        source: "wards",
        layout: { "line-join": "round" },
        paint: {
          // Among the lines of tiles, ours are in our own colour.
          "line-color": hasTiles() ? c.tim : c.line,
          "line-opacity": hasTiles() ? 0.55 : 1,
          "line-width": ["interpolate", ["linear"], ["zoom"], 8, 0.7, 12, 1.25, 16, 2],
        },
      },
      {
        id: "chosen-border",
        type: "line",
        source: "wards",
        filter: ["==", ["get", "code"], ""],
        layout: { "line-join": "round" },
        paint: { "line-color": c.tim, "line-width": 2 },
      },
      nameLayer(c),
    ],
  };
}

const NOTHING: FeatureCollection = { type: "FeatureCollection", features: [] };

function nameLayer(c: Colours): LayerSpecification {
  return {
    id: "names",
    type: "symbol",
    source: "names",
    minzoom: 7.5,
    layout: {
      "text-field": ["get", "name"],
      "text-font": LETTERS,
      "text-size": ["interpolate", ["linear"], ["zoom"], 8, 11, 13, 13.5, 16, 15],
      "text-variable-anchor": ["center", "top", "bottom"],
      "text-radial-offset": 1.4,
      "text-max-width": 7,
      "text-padding": 6,
      "text-line-height": 1.3,
      "symbol-sort-key": ["get", "order"],
    },
    paint: {
      "text-color": c.muted,
      "text-halo-color": hasTiles() ? c.surface : c.land,
      "text-halo-width": 1.6,
    },
  };
}

/** Every ward in sight has its name in sight, wherever the map looks: keep it so. */
export function nameWards(map: MapLibreMap): void {
  let before = "";
  const put = () => {
    const [west, south, east, north] = map.getBounds().toArray().flat() as [number, number, number, number];
    const names = features(namesIn([west, south, east, north]));
    const now = JSON.stringify(names);
    if (now !== before) (map.getSource("names") as GeoJSONSource | undefined)?.setData(names);
    before = now;
  };
  map.on("style.load", put);
  map.on("moveend", put);
}

/** The ones with most people win the space. */
function features(names: Name[]): FeatureCollection {
  return {
    type: "FeatureCollection",
    features: names.map(({ name, lat, lng, people }) => ({
      type: "Feature",
      geometry: { type: "Point", coordinates: [lng, lat] },
      properties: { name, order: -people },
    })),
  };
}

/** Whether some outlines are only near the truth: then the map says so. */
export function someApproximate(): boolean {
  return areas.value.some((area) => area.approximate);
}

/** Called once the wards are there to be seen. MapLibre's own "load" waits for an operator's tiles too, and
 * their host may be slow. */
export function whenDrawn(map: MapLibreMap, tell: () => void): void {
  const look = () => {
    if (!map.getSource("wards") || !map.isSourceLoaded("wards")) return;
    map.off("sourcedata", look);
    tell();
  };
  map.on("sourcedata", look);
}

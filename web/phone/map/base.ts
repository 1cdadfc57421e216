/** The base map: the city's wards on paper, from their outlines alone, and an operator's own tiles
 * where they are set. Letters are drawn by the phone: no server of glyphs. */

import type { FeatureCollection } from "geojson";
import type { LayerSpecification, StyleSpecification } from "maplibre-gl";
import { areas, outlines } from "../core/city";
import { shortName } from "./places";
import { hasTiles, tileLayers, tileSources } from "./tiles";

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
      names: { type: "geojson", data: namesOf() },
      ...tileSources(),
    },
    layers: [
      { id: "water", type: "background", paint: { "background-color": c.water } },
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
          "line-color": c.line,
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
    minzoom: 9,
    layout: {
      "text-field": ["get", "name"],
      "text-font": LETTERS,
      "text-size": ["interpolate", ["linear"], ["zoom"], 9, 11, 13, 13.5, 16, 15],
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

/** One name for each ward, in the language in use; the ones with most people win the space. */
export function namesOf(): FeatureCollection {
  const people = (area: object) => (area as { population?: number | null }).population ?? 0;
  return {
    type: "FeatureCollection",
    features: areas.value.map((area) => ({
      type: "Feature",
      geometry: { type: "Point", coordinates: [area.lng, area.lat] },
      properties: { name: shortName(area.name).normalize("NFC"), order: -people(area) },
    })),
  };
}

/** Whether some outlines are only near the truth: then the map says so. */
export function someApproximate(): boolean {
  return areas.value.some((area) => area.approximate);
}

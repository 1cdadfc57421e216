/** An operator's own base map under the wards: images by number, or one PMTiles archive of images or
 * of shapes. Without one, or when its host does not answer, the wards stand alone. */

import type { FilterSpecification, LayerSpecification, SourceSpecification } from "maplibre-gl";
import { boot } from "../core/boot";
import type { Colours } from "./base";
import type { MapLibre } from "./load";

let kind: "raster" | "vector" | null = null;
let shapes: Set<string> | null = null; // the layers that an archive of shapes says it has
let credit = "";
const PATIENCE_MS = 5000;

/** Look once what the operator has set. Never throws: a map without tiles is still a map. */
export async function prepareTiles(maplibre: MapLibre): Promise<void> {
  if (boot.tiles?.kind === "raster") kind = "raster";
  if (boot.tiles?.kind !== "pmtiles") return;
  const { PMTiles, Protocol, TileType } = await import("pmtiles");
  const protocol = new Protocol();
  const archive = new PMTiles(address(boot.tiles.url));
  protocol.add(archive);
  maplibre.addProtocol("pmtiles", protocol.tile);
  const late = new Promise<null>((done) => setTimeout(() => done(null), PATIENCE_MS));
  const told = Promise.all([archive.getHeader(), archive.getMetadata()]).catch(() => null);
  const found = await Promise.race([told, late]);
  if (!found) return;
  const [header, metadata] = found as [{ tileType: number }, Metadata | null];
  kind = header.tileType === TileType.Mvt ? "vector" : "raster";
  shapes = metadata?.vector_layers ? new Set(metadata.vector_layers.map(({ id }) => id)) : null;
  credit = inPlainText(metadata?.attribution ?? "");
}

interface Metadata {
  vector_layers?: { id: string }[];
  attribution?: string;
}

function inPlainText(html: string): string {
  return new DOMParser().parseFromString(html, "text/html").body.textContent?.trim() ?? "";
}

/** Whom the map is from: as the operator says, else as the archive itself does. */
export function attribution(): string {
  return boot.tiles?.attribution || credit;
}

/** PMTiles are read in parts by their whole address; {z} of images must stay as it is. */
function address(url: string): string {
  return url.startsWith("/") ? location.origin + url : url;
}

export function hasTiles(): boolean {
  return kind !== null;
}

export function tileSources(): Record<string, SourceSpecification> {
  const tiles = boot.tiles;
  if (!tiles || !kind) return {};
  const url = address(tiles.url);
  if (kind === "vector") return { tiles: { type: "vector", url: `pmtiles://${url}` } };
  if (tiles.kind === "pmtiles") return { tiles: { type: "raster", url: `pmtiles://${url}`, tileSize: 256 } };
  return { tiles: { type: "raster", tiles: [url], tileSize: 256, maxzoom: 19 } };
}

/** What lies under everything: the sea; land where shapes tell of water and not of land. */
export function paper(c: Colours): string {
  return kind === "vector" && shapes && !shapes.has("earth") ? c.land : c.water;
}

/** Images are toned down in the dark. Shapes are drawn in our colours, by the names that both usual
 * schemas (Protomaps, OpenMapTiles) give to land, water, roads and houses. */
export function tileLayers(c: Colours): LayerSpecification[] {
  if (!kind) return [];
  if (kind === "raster") {
    const dim = c.dark ? { "raster-brightness-max": 0.55, "raster-saturation": -0.5 } : {};
    return [{ id: "tiles", type: "raster", source: "tiles", paint: { "raster-fade-duration": 0, ...dim } }];
  }
  return shapeLayers(c).filter((layer) => !shapes || shapes.has(String("source-layer" in layer && layer["source-layer"])));
}

function shapeLayers(c: Colours): LayerSpecification[] {
  return [
    fill("earth", c.land),
    ...["landuse", "landcover"].map((name) => fill(name, c.done, { opacity: c.dark ? 0.16 : 0.12, filter: GREEN })),
    fill("water", c.water),
    ...["water", "waterway"].map((name) => streams(name, c)),
    ...["building", "buildings"].map((name) => fill(name, c.line, { opacity: 0.45, minzoom: 14 })),
    ...["transportation", "roads"].flatMap((name) => roads(name, c)),
    ...["transportation_name", "roads"].map((name) => roadNames(name, c)),
  ];
}

/** What sort of thing it is: `kind` in the one schema, `class` in the other. */
const SORT: ["coalesce", ...unknown[]] = ["coalesce", ["get", "kind"], ["get", "class"], ""];

function among(...sorts: string[]): FilterSpecification {
  return ["in", SORT, ["literal", sorts]] as unknown as FilterSpecification;
}

const GREEN = among("park", "forest", "wood", "grass", "garden", "nature_reserve", "cemetery", "village_green");

interface Fill {
  opacity?: number;
  filter?: FilterSpecification;
  minzoom?: number;
}

function fill(name: string, colour: string, { opacity = 1, filter, minzoom = 0 }: Fill = {}): LayerSpecification {
  const area: FilterSpecification = ["==", ["geometry-type"], "Polygon"];
  return {
    id: `tiles-${name}`,
    type: "fill",
    source: "tiles",
    "source-layer": name,
    minzoom,
    filter: (filter ? ["all", area, filter] : area) as FilterSpecification,
    paint: { "fill-color": colour, "fill-opacity": opacity },
  };
}

function streams(name: string, c: Colours): LayerSpecification {
  return {
    id: `tiles-${name}-line`,
    type: "line",
    source: "tiles",
    "source-layer": name,
    filter: ["==", ["geometry-type"], "LineString"],
    layout: { "line-cap": "round", "line-join": "round" },
    paint: { "line-color": c.water, "line-width": ["interpolate", ["exponential", 1.5], ["zoom"], 10, 1, 18, 10] },
  };
}

interface Road {
  part: string;
  from: number; // zoom
  width: number; // at zoom 18
  sorts: string[];
}

const ROADS: Road[] = [
  { part: "small", from: 13, width: 10, sorts: ["minor_road", "minor", "service", "other", "path", "track"] },
  { part: "middle", from: 10, width: 18, sorts: ["major_road", "medium_road", "primary", "secondary", "tertiary"] },
  { part: "large", from: 7, width: 26, sorts: ["highway", "motorway", "trunk"] },
];

/** All edges below all ways, so that crossings are open. */
function roads(name: string, c: Colours): LayerSpecification[] {
  const line = ({ part, from, width, sorts }: Road, edge: boolean): LayerSpecification => ({
    id: `tiles-${name}-${part}${edge ? "-edge" : ""}`,
    type: "line",
    source: "tiles",
    "source-layer": name,
    minzoom: edge ? Math.max(from, 13) : from,
    filter: ["all", ["==", ["geometry-type"], "LineString"], among(...sorts)] as FilterSpecification,
    layout: { "line-cap": "round", "line-join": "round" },
    paint: {
      "line-color": edge ? (c.dark ? c.land : c.line) : c.dark ? c.line : c.surface,
      "line-width": ["interpolate", ["exponential", 1.6], ["zoom"], 9, width / 30 + (edge ? 1.5 : 0), 18, width + (edge ? 2.5 : 0)],
    },
  });
  return [...ROADS.map((road) => line(road, true)), ...ROADS.map((road) => line(road, false))];
}

function roadNames(name: string, c: Colours): LayerSpecification {
  return {
    id: `tiles-${name}-names`,
    type: "symbol",
    source: "tiles",
    "source-layer": name,
    minzoom: 14,
    layout: {
      "symbol-placement": "line",
      "text-field": ["get", "name"],
      "text-font": ["Be Vietnam Pro"],
      "text-size": 12,
    },
    paint: { "text-color": c.muted, "text-halo-color": c.surface, "text-halo-width": 1.4 },
  };
}

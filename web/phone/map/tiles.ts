/** An operator's own base map under the wards: images by number, or one PMTiles archive of images or
 * of shapes. Without one, or when its host does not answer, the wards stand alone. */

import type { LayerSpecification, SourceSpecification } from "maplibre-gl";
import { boot } from "../core/boot";
import type { Colours } from "./base";
import type { MapLibre } from "./load";

let kind: "raster" | "vector" | null = null;
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
  const header = await Promise.race([archive.getHeader().catch(() => null), late]);
  if (header) kind = header.tileType === TileType.Mvt ? "vector" : "raster";
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
  if (tiles.kind === "pmtiles") return { tiles: { type: kind, url: `pmtiles://${address(tiles.url)}` } };
  return { tiles: { type: "raster", tiles: [address(tiles.url)], tileSize: 256 } };
}

/** Images are toned down in the dark. Shapes are drawn in our colours, by the names that both usual
 * schemas (Protomaps, OpenMapTiles) give to water, roads and houses. */
export function tileLayers(c: Colours): LayerSpecification[] {
  if (!kind) return [];
  if (kind === "raster") {
    const dim = c.dark ? { "raster-brightness-max": 0.55, "raster-saturation": -0.5 } : {};
    return [{ id: "tiles", type: "raster", source: "tiles", paint: dim }];
  }
  return [
    fill("water", c.water),
    ...["building", "buildings"].map((name) => ({ ...fill(name, c.line, 0.45), minzoom: 14 })),
    ...["transportation", "roads"].flatMap((name) => roads(name, c)),
    ...["transportation_name", "roads"].map((name) => roadNames(name, c)),
  ];
}

function fill(name: string, colour: string, opacity = 1): LayerSpecification & { minzoom?: number } {
  return {
    id: `tiles-${name}`,
    type: "fill",
    source: "tiles",
    "source-layer": name,
    filter: ["==", ["geometry-type"], "Polygon"],
    paint: { "fill-color": colour, "fill-opacity": opacity },
  };
}

function roads(name: string, c: Colours): LayerSpecification[] {
  const line = (part: string, colour: string, more: number): LayerSpecification => ({
    id: `tiles-${name}-${part}`,
    type: "line",
    source: "tiles",
    "source-layer": name,
    layout: { "line-cap": "round", "line-join": "round" },
    paint: {
      "line-color": colour,
      "line-width": ["interpolate", ["exponential", 1.5], ["zoom"], 11, 0.4 + more, 18, 12 + more],
    },
  });
  return [line("edge", c.line, 1), line("way", c.surface, 0)];
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

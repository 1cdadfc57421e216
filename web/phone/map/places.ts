/** Where things are, without a network: the ward of a point, wards by their new and former names, how
 * far it is. The outlines are simplified, so the server has the last word. */

import type { Feature, FeatureCollection, MultiPolygon, Polygon, Position } from "geojson";
import { areas, city, outlines } from "../core/city";
import { fold } from "../core/guessing";
import type { Area, Landmark } from "../core/types";
import { DEGREE_M } from "./metres";
import { shortName } from "./names";

export { metresBetween, moved } from "./metres";
export { shortName } from "./names";

/** A point within this much of a simplified border still belongs to its ward. */
const BORDER_M = 150;

export interface Outline {
  code: string;
  box: [number, number, number, number]; // west, south, east, north
  rings: Position[][];
}

let read: { of: FeatureCollection; all: Outline[] } | null = null;

/** The ward that holds a point; null outside the city, or while the outlines are not there. */
export function areaAt(lat: number, lng: number): Area | null {
  const near = nearestArea(lat, lng);
  return near && near.metres <= BORDER_M ? near.area : null;
}

/** The ward that holds a point (0 m), or the nearest one and how far off its border is. */
export function nearestArea(lat: number, lng: number): { area: Area; metres: number } | null {
  const all = outlinesRead();
  const holds = all.find((outline) => within(outline, lng, lat));
  const code = holds?.code ?? null;
  if (code) return named(code, 0);
  const measured = all.map((outline) => ({ outline, metres: metresTo(outline, lng, lat) }));
  measured.sort((a, b) => a.metres - b.metres);
  const first = measured[0];
  return first ? named(first.outline.code, first.metres) : null;
}

function named(code: string, metres: number): { area: Area; metres: number } | null {
  const area = areas.value.find((one) => one.code === code);
  return area ? { area, metres } : null;
}

/** All outlines that the phone has; none while they are not there. */
export function outlinesRead(): Outline[] {
  const shapes = outlines.value;
  if (!shapes) return [];
  if (read?.of !== shapes) read = { of: shapes, all: shapes.features.flatMap(outlineOf) };
  return read.all;
}

/** The code of the ward whose outline this is. */
export function codeOf(feature: Feature): string {
  return String(feature.properties?.code ?? feature.id ?? "");
}

function outlineOf(feature: Feature): Outline[] {
  const shape = feature.geometry as Polygon | MultiPolygon | null;
  if (shape?.type !== "Polygon" && shape?.type !== "MultiPolygon") return [];
  const rings = shape.type === "Polygon" ? shape.coordinates : shape.coordinates.flat();
  return [{ code: codeOf(feature), box: boxOf(rings), rings }];
}

function boxOf(rings: Position[][]): Outline["box"] {
  const box: Outline["box"] = [180, 90, -180, -90];
  for (const [lng = 0, lat = 0] of rings.flat()) {
    box[0] = Math.min(box[0], lng);
    box[1] = Math.min(box[1], lat);
    box[2] = Math.max(box[2], lng);
    box[3] = Math.max(box[3], lat);
  }
  return box;
}

/** The box around one ward, or around all: west, south, east, north. */
export function boxOfArea(code: string | null): Outline["box"] | null {
  const wanted = outlinesRead().filter((outline) => code === null || outline.code === code);
  if (!wanted.length) return null;
  return boxOf([wanted.flatMap(({ box }) => [box.slice(0, 2), box.slice(2)] as Position[])]);
}

/** Even–odd over all rings at once: holes and islands come out right. */
export function within({ box, rings }: Outline, x: number, y: number): boolean {
  if (x < box[0] || x > box[2] || y < box[1] || y > box[3]) return false;
  let inside = false;
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [xi = 0, yi = 0] = ring[i] ?? [];
      const [xj = 0, yj = 0] = ring[j] ?? [];
      if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
    }
  }
  return inside;
}

function metresTo({ rings }: Outline, x: number, y: number): number {
  const scale = Math.cos((y * Math.PI) / 180);
  let nearest = Infinity;
  for (const ring of rings) {
    for (let i = 1; i < ring.length; i++) {
      const [ax = 0, ay = 0] = ring[i - 1] ?? [];
      const [bx = 0, by = 0] = ring[i] ?? [];
      nearest = Math.min(nearest, toSegment((ax - x) * scale, ay - y, (bx - x) * scale, by - y));
    }
  }
  return Math.sqrt(nearest) * DEGREE_M;
}

/** The square of the way from the origin to a segment, in degrees. */
function toSegment(ax: number, ay: number, bx: number, by: number): number {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const along = length ? Math.max(0, Math.min(1, -(ax * dx + ay * dy) / length)) : 0;
  return (ax + along * dx) ** 2 + (ay + along * dy) ** 2;
}

/** Wards by what was typed, with diacritics or none, under their new and former names; best first. */
export function searchAreas(text: string): Area[] {
  const said = fold(text).trim();
  if (!said) return [];
  return areas.value
    .map((area) => ({ area, fit: Math.max(fitOf(area.name, text), formerFit(area, text) - 0.5) }))
    .filter(({ fit }) => fit > 0)
    .sort((a, b) => b.fit - a.fit || a.area.name.localeCompare(b.area.name, "vi"))
    .map(({ area }) => area);
}

/** The city's well-known places by what was typed, best first. */
export function searchLandmarks(text: string): Landmark[] {
  return (city.value?.landmarks ?? [])
    .map((place) => ({ place, fit: Math.max(fitOf(place.name, text), formerFit(place, text) - 0.5) }))
    .filter(({ fit }) => fit > 0)
    .sort((a, b) => b.fit - a.fit || a.place.name.localeCompare(b.place.name, "vi"))
    .map(({ place }) => place);
}

function formerFit({ other_names }: { other_names: string[] }, text: string): number {
  return Math.max(0, ...other_names.map((name) => fitOf(name, text)));
}

/** The former name by which a ward was found, when its own name does not say it. */
export function formerName(area: Area, text: string): string | null {
  if (fitOf(area.name, text) > 0 || !text.trim()) return null;
  const fits = area.other_names.map((name) => ({ name, fit: fitOf(name, text) }));
  fits.sort((a, b) => b.fit - a.fit);
  return fits[0] && fits[0].fit > 0 ? fits[0].name : null;
}

/** How well a name fits: its beginning, a word's beginning; the right diacritics weigh more. */
function fitOf(name: string, text: string): number {
  const [whole, said] = [fold(name), fold(text).trim()];
  const at = ` ${whole}`.indexOf(` ${said}`);
  if (!said || at < 0) return 0;
  const bare = fold(shortName(name));
  const place = bare === said ? 4 : bare.startsWith(said) || at === 0 ? 3 : 2;
  return place + (name.toLowerCase().includes(text.trim().toLowerCase()) ? 1 : 0);
}

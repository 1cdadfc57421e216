/** The reports of a box as points or clusters: asked for when the map has moved out of what is known,
 * kept on the phone for when there is no network. */

import type { FeatureCollection, Point } from "geojson";
import { NoNetwork } from "../core/api";
import { ask, recall } from "../core/kept";
import { groupOf, markName } from "./marks";

/** west, south, east, north */
export type Box = [number, number, number, number];

/** longitude, latitude, id, status, category, urgent, seconds since 1970 */
export type PointRow = [number, number, string, string, string, number, number];
/** longitude, latitude, how many, and the box that they lie in */
export type ClusterRow = [number, number, number, ...Box];

export interface Pins {
  points: PointRow[];
  clusters: ClusterRow[];
  total: number;
}

export interface Found {
  pins: Pins;
  box: Box | null; // null: kept from before, of whatever was looked at then
  at: number;
}

const FRESH_MS = 180_000;

/** Whether a new look at this box would tell nothing that is not known. */
export function stillServes(found: Found | null, box: Box, now = Date.now()): boolean {
  if (!found?.box || found.pins.clusters.length || now - found.at > FRESH_MS) return false;
  const [west, south, east, north] = found.box;
  return west <= box[0] && south <= box[1] && east >= box[2] && north >= box[3];
}

/** A little more than is seen, so that a small move asks for nothing. */
export function widened([west, south, east, north]: Box, by = 0.25): Box {
  const [x, y] = [(east - west) * by, (north - south) * by];
  const tidy = (degrees: number, least: number, most: number) =>
    Math.max(least, Math.min(most, Number(degrees.toFixed(4))));
  return [
    tidy(west - x, -180, 180),
    tidy(south - y, -90, 90),
    tidy(east + x, -180, 180),
    tidy(north + y, -90, 90),
  ];
}

/** Throws like `call`; NoNetwork too when it was put off for a newer one. */
export async function look(box: Box, query: URLSearchParams, as: string, signal: AbortSignal): Promise<Found> {
  const wanted = new URLSearchParams(query);
  wanted.set("bbox", box.join(","));
  const pins = await ask<Pins>(`/reports/points?${wanted}`, null, { as, signal });
  return { pins, box, at: Date.now() };
}

/** What the phone kept of the last look with these filters. */
export async function lookBack(as: string): Promise<Found | null> {
  const kept = await recall<Pins>(as, null).catch(() => null);
  return kept && { pins: kept.value, box: null, at: kept.at };
}

export function isOffline(error: unknown): boolean {
  return error instanceof NoNetwork;
}

/** How many of them lie in a box. */
export function countIn({ points, clusters }: Pins, [west, south, east, north]: Box): number {
  const inside = ([lng, lat]: readonly [number, number, ...unknown[]]) =>
    lng >= west && lng <= east && lat >= south && lat <= north;
  const alone = points.filter(inside).length;
  return clusters.filter(inside).reduce((sum, cluster) => sum + cluster[2], alone);
}

const EDGE = 0.06; // of the reports, on each side, that a first look may leave out

/** The box in which most reports lie: a city's far corners would make its middle a single bubble. */
export function crowdedBox({ points, clusters }: Pins): Box | null {
  const all = [...points.map(([x, y]) => [x, y, 1]), ...clusters.map(([x, y, n]) => [x, y, n])];
  const total = all.reduce((sum, one) => sum + (one[2] ?? 0), 0);
  if (total < 5) return null;
  const edge = (axis: 0 | 1, share: number) => {
    let passed = 0;
    const sorted = [...all].sort((a, b) => (a[axis] ?? 0) - (b[axis] ?? 0));
    return sorted.find((one) => (passed += one[2] ?? 0) >= total * share)?.[axis] ?? 0;
  };
  return [edge(0, EDGE), edge(1, EDGE), edge(0, 1 - EDGE), edge(1, 1 - EDGE)];
}

export function pointFeatures(points: PointRow[]): FeatureCollection<Point> {
  return {
    type: "FeatureCollection",
    features: points.map(([lng, lat, id, status, category, urgent, sent]) => ({
      type: "Feature",
      geometry: { type: "Point", coordinates: [lng, lat] },
      properties: { id, status, category, sent, mark: markName(groupOf(status), urgent === 1) },
    })),
  };
}

export function clusterFeatures(clusters: ClusterRow[]): FeatureCollection<Point> {
  return {
    type: "FeatureCollection",
    features: clusters.map(([lng, lat, count, ...box]) => ({
      type: "Feature",
      geometry: { type: "Point", coordinates: [lng, lat] },
      properties: { point_count: count, box: box.join(",") },
    })),
  };
}

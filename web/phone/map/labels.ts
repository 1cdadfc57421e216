/** Where the wards' names stand: in their middle where that is in sight, else in the part that is. */

import { areas } from "../core/city";
import { shortName } from "./names";
import { type Outline, outlinesRead, within } from "./places";

export interface Name {
  name: string;
  lat: number;
  lng: number;
  people: number;
}

type Box = Outline["box"];

const SAMPLES = 13; // a side
const MARGIN = 0.1; // of the view: a name nearer to its edge would be cut
const MIDDLE = 0.14; // half of what a pin or the place of the phone takes up

/** One name for each ward that is seen, in the language in use. */
export function namesIn(view: Box): Name[] {
  const outlines = new Map(outlinesRead().map((outline) => [outline.code, outline]));
  return areas.value.flatMap((area) => {
    const outline = outlines.get(area.code);
    const spot = holds(view, area) || !outline ? area : spotIn(outline, view);
    if (!spot) return [];
    const people = (area as { population?: number | null }).population ?? 0;
    return [{ name: shortName(area.name).normalize("NFC"), lat: spot.lat, lng: spot.lng, people }];
  });
}

function holds([west, south, east, north]: Box, { lat, lng }: { lat: number; lng: number }): boolean {
  const [x, y] = [(lng - west) / (east - west), (lat - south) / (north - south)];
  return Math.min(x, y) >= MARGIN && Math.max(x, y) <= 1 - MARGIN && !inMiddle(x, y);
}

function inMiddle(x: number, y: number): boolean {
  return Math.abs(x - 0.5) < MIDDLE && Math.abs(y - 0.5) < MIDDLE;
}

/** Of the points of a grid over the view that lie in a ward, the one nearest to their middle. */
function spotIn(outline: Outline, [west, south, east, north]: Box): { lat: number; lng: number } | null {
  const [left, bottom, right, top] = outline.box;
  if (left > east || right < west || bottom > north || top < south) return null;
  const inside: { x: number; y: number; lng: number; lat: number }[] = [];
  for (let row = 0; row < SAMPLES; row++) {
    for (let column = 0; column < SAMPLES; column++) {
      const [x, y] = [column, row].map((n) => MARGIN + ((1 - 2 * MARGIN) * n) / (SAMPLES - 1)) as [number, number];
      const [lng, lat] = [west + (east - west) * x, south + (north - south) * y];
      if (within(outline, lng, lat)) inside.push({ x, y, lng, lat });
    }
  }
  const mean = (axis: "x" | "y") => inside.reduce((sum, one) => sum + one[axis], 0) / inside.length;
  const [x, y] = [mean("x"), mean("y") + 0.001]; // above a pin rather than below it
  const off = (one: { x: number; y: number }) => Math.hypot(one.x - x, one.y - y);
  return inside.filter((one) => !inMiddle(one.x, one.y)).sort((a, b) => off(a) - off(b))[0] ?? null;
}

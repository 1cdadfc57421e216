/** In which ward a cell's middle lies, by the outlines that the map has; without these, its latitude and
 * longitude. */

import { shortName } from "../phone/map/names";
import { nearestArea } from "../phone/map/places";
import type { Cell } from "./heat";

const known = new Map<string, string>();

export function wardOf(cell: Cell): string {
  const before = known.get(cell.cell);
  if (before !== undefined) return before;
  const corners = cell.ring.slice(0, -1);
  const mean = (axis: 0 | 1) => corners.reduce((sum, corner) => sum + corner[axis], 0) / corners.length;
  const found = nearestArea(mean(1), mean(0));
  const name = found ? shortName(found.area.name) : `${mean(1).toFixed(4)}, ${mean(0).toFixed(4)}`;
  if (found) known.set(cell.cell, name);
  return name;
}

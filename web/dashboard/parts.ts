/** Cells in a part of the period, as the slider has it. */

import type { Cell } from "./heat";
import { metricOf } from "./ramp";

/** A cell as it was in some frames, first to after the last; none where it had nothing in them. */
export function inPart(cell: Cell, [first, last]: [number, number]): Cell[] {
  const count = (cell.counts ?? []).slice(first, last).reduce((sum, one) => sum + one, 0);
  if (!count) return [];
  const per_1000 = cell.people && cell.per_1000 !== null && cell.count ? (cell.per_1000 * count) / cell.count : null;
  return [{ ...cell, count, per_1000 }];
}

/** While frame follows frame, a tone means the same in each: by the largest that any has. Shares and times
 * are as large in a frame as in the whole. */
export function peaks(cells: Cell[], metric: string): (number | null)[] {
  if (metric !== "count" && metric !== "per_1000") return cells.map(metricOf(metric).value);
  return cells.map((cell) => {
    const most = Math.max(0, ...(cell.counts ?? []));
    return metric === "count" ? most : cell.count && cell.per_1000 !== null ? (cell.per_1000 * most) / cell.count : null;
  });
}

/** How a cell's figure becomes one of six tones, and what the legend says of it. */

import { say } from "../console/words";
import type { Cell } from "./heat";

export const TONES = 6;
export const LEAST = 5; // a share or a median of fewer is chance: the cell stays without colour
const WORKING_DAY_S = 8 * 3600;

export interface Metric {
  title: () => string;
  /** null where it cannot be said, or not yet with so few. */
  value: (cell: Cell) => number | null;
  sample: ((cell: Cell) => number) | null; // null: of everything that was received
  steps: number[] | null; // where one tone ends and the next begins; null: by what there is
  finest: number; // of steps that follow what there is
  say: (value: number) => string;
  note: () => string;
}

const locale = () => (document.documentElement.lang === "en" ? "en" : "vi");

export function figure(value: number, digits = 0): string {
  return value.toLocaleString(locale(), { maximumFractionDigits: digits });
}

const percent = (value: number) => `${figure(value * 100)}%`;
/** Of how many it is known whether they were in time. */
export const timedOf = (cell: Cell) => cell.timed + cell.overdue_first;

function share(part: number, whole: number): number | null {
  return whole < LEAST ? null : part / whole;
}

const few = () =>
  say(`Ô có dưới ${LEAST} phản ánh tính được: để trống`, `Cells with fewer than ${LEAST} to go by: left blank`);

export const METRICS: Record<string, Metric> = {
  count: {
    title: () => say("Số phản ánh", "Reports"),
    value: (cell) => cell.count,
    sample: null,
    steps: null,
    finest: 1,
    say: (value) => figure(value),
    note: () => say("Đậm hơn là nhiều hơn", "Darker is more"),
  },
  per_1000: {
    title: () => say("Phản ánh trên 1.000 dân", "Reports per 1,000 people"),
    value: (cell) => cell.per_1000,
    sample: null,
    steps: null,
    finest: 0.1,
    say: (value) => figure(value, 1),
    note: () => say("Dân số ô ước theo diện tích phường, xã", "People of a cell: by its part of the ward's ground"),
  },
  overdue: {
    title: () => say("Tỷ lệ trễ hạn", "Share that is late"),
    value: (cell) => share(timedOf(cell) - cell.on_time, timedOf(cell)),
    sample: timedOf,
    steps: [0.1, 0.2, 0.3, 0.4, 0.5],
    finest: 0,
    say: percent,
    note: few,
  },
  days: {
    title: () => say("Ngày làm việc đến khi trả lời (trung vị)", "Working days to the answer (median)"),
    value: (cell) =>
      cell.resolve_median_s === null || cell.resolve_n < LEAST ? null : cell.resolve_median_s / WORKING_DAY_S,
    sample: (cell) => cell.resolve_n,
    steps: null,
    finest: 0.5,
    say: (value) => figure(value, 1),
    note: few,
  },
  satisfaction: {
    title: () => say("Tỷ lệ chưa hài lòng", "Share not satisfied"),
    value: (cell) => share(cell.ratings - cell.satisfied, cell.ratings),
    sample: (cell) => cell.ratings,
    steps: [0.1, 0.2, 0.3, 0.4, 0.5],
    finest: 0,
    say: percent,
    note: few,
  },
};

export function metricOf(name: string): Metric {
  return METRICS[name] ?? (METRICS.count as Metric);
}

/** Five bounds between six tones: round numbers, so that most cells spread over all of them. */
export function stepsFor(metric: Metric, values: number[]): number[] {
  if (metric.steps) return metric.steps;
  const sorted = [...values].sort((a, b) => a - b);
  const high = sorted[Math.floor(sorted.length * 0.97)] ?? 0;
  const step = Math.max(metric.finest, round(high / (TONES - 0.5)));
  return Array.from({ length: TONES - 1 }, (_, n) => Number((step * (n + 1)).toPrecision(6)));
}

function round(value: number): number {
  if (value <= 0) return 0;
  const power = 10 ** Math.floor(Math.log10(value));
  const best = [1, 2, 2.5, 5, 10].find((one) => one * power >= value) ?? 10;
  return best === 2.5 && power < 10 ? 3 * power : best * power;
}

/** 1 (palest) to 6. */
export function tone(value: number, steps: number[]): number {
  return 1 + steps.filter((step) => value >= step).length;
}

/** How many more or fewer than before, in tones from -3 to 3. */
export function changeTone(change: number, step: number): number {
  if (change === 0) return 0;
  const size = Math.min(3, Math.ceil(Math.abs(change) / step));
  return change > 0 ? size : -size;
}

export function changeStep(changes: number[]): number {
  const sizes = changes.map(Math.abs).sort((a, b) => a - b);
  return Math.max(1, round((sizes[Math.floor(sizes.length * 0.95)] ?? 0) / 3));
}

export function signed(change: number): string {
  return change > 0 ? `+${figure(change)}` : change < 0 ? `−${figure(-change)}` : "0";
}

/** The cells of the map, as the server tells them. */

import { type Board, daysOf } from "./board";

export interface Cell {
  cell: string;
  ring: [number, number][];
  count: number;
  open: number;
  overdue: number;
  overdue_first: number; // of these, past the first deadline: they count against what is on time
  timed: number;
  on_time: number;
  resolve_n: number;
  resolve_median_s: number | null;
  ratings: number;
  satisfied: number;
  people: number | null;
  per_1000: number | null;
  before?: number;
  counts?: number[]; // by frame
}

export interface Heat {
  as_of: string;
  resolution: number;
  medians: boolean; // are they known?
  frames: { since: string; until: string }[];
  cells: Cell[];
}

export interface Wanted {
  resolution: number;
  box: [number, number, number, number];
  frames?: boolean;
  before?: boolean;
  days?: { since: string; until: string };
}

/** The server's own sentence on what went wrong, for the one who looks. */
export class Refused extends Error {}

const kept = new Map<string, Promise<Heat>>();
const KEPT_MOST = 80;

export function forgetHeat(): void {
  kept.clear();
}

/** Throws Refused with a sentence, or TypeError where the network is away. */
export function askHeat(board: Board, wanted: Wanted): Promise<Heat> {
  const query = new URLSearchParams({ ...board.filters, resolution: String(wanted.resolution) });
  query.set("bbox", wanted.box.map((side) => side.toFixed(4)).join(","));
  const { since, until } = wanted.days ?? (wanted.before ? daysOf(board) : board.period);
  query.set("from", since);
  query.set("to", until);
  if (wanted.frames) query.set("frames", board.frames);
  if (wanted.before && board.past) {
    query.set("compare_from", board.past.since);
    query.set("compare_to", board.past.until);
  }
  return keep(`${board.heat}?${query}`);
}

function keep(address: string): Promise<Heat> {
  let asked = kept.get(address);
  if (!asked) {
    if (kept.size >= KEPT_MOST) kept.clear();
    asked = askJson<Heat>(address);
    kept.set(address, asked);
    asked.catch(() => kept.delete(address));
  }
  return asked;
}

export async function askJson<Answer>(address: string): Promise<Answer> {
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (answer.status === 401) location.reload(); // the twelve hours are over: to the door
  const body: unknown = await answer.json().catch(() => null);
  if (!answer.ok) throw new Refused((body as { detail?: string } | null)?.detail ?? "");
  return body as Answer;
}

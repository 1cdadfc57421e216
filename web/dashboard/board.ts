/** What the server wrote into the page for its scripts: what is asked for, and where to ask. */

export interface Days {
  code: string;
  since: string; // 2026-11-01
  until: string; // the day after the last
  name: string;
}

export interface Board {
  period: Days;
  past: Days | null; // what the period is held against
  base: Days | null; // which of its days: those that are over
  as_of: string; // up to when the figures of the page tell
  zone: string; // the city's
  own: boolean; // the figures of an office, for its head
  filters: Record<string, string>; // category, office, area, status: as the address has them
  metric: string;
  change: boolean;
  resolution: number; // 0: by the zoom
  view: string; // lat,lng,zoom
  bounds: [number, number, number, number]; // west, south, east, north of the city, or of the ward asked for
  crowded: boolean; // the map begins where most reports are
  frames: "day" | "week" | "month";
  spots: Spot[];
  heat: string;
  queue: string;
}

/** A hot spot as it is outlined on the map; its sentence stands in the page. */
export interface Spot {
  number: number;
  rings: [number, number][][];
  lat: number;
  lng: number;
}

/** Whose days the cells tell of: where they are held against others, of as many as these. */
export function daysOf(board: Board): Days {
  return (board.change && board.base) || board.period;
}

export function readBoard(from: Document = document): Board {
  return JSON.parse(from.getElementById("board")?.textContent ?? "{}") as Board;
}

/** What is shown belongs to this query; a step within the page changes none of it. */
let shown = location.search;

export function isShown(): boolean {
  return shown === location.search;
}

export function nowShown(): void {
  shown = location.search;
}

/** The address tells what is seen, so that it can be sent to somebody. */
export function tellAddress(changes: Record<string, string>): void {
  const here = new URL(location.href);
  for (const [name, text] of Object.entries(changes)) {
    if (text) here.searchParams.set(name, text);
    else here.searchParams.delete(name);
  }
  history.replaceState(history.state, "", here);
  nowShown();
}

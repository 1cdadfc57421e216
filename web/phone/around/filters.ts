/** What the list and the map show, as it stands in the address: so that back works, and that it can be
 * sent to somebody. My own place never stands there. */

import { city } from "../core/city";
import { place } from "../core/router";

export type Group = "all" | "open" | "done";
export type Days = 30 | 90 | 365 | 0; // 0: all

export interface Filters {
  status: Group;
  category: string | null;
  days: Days;
  area: string | null;
}

export type View = "list" | "map";

export const EVERYTHING: Filters = { status: "all", category: null, days: 30, area: null };
const DAYS: Days[] = [30, 90, 365];
const STATUSES: Record<Group, string | null> = { all: null, open: "open", done: "resolved,closed" };

export function filtersOf(query: URLSearchParams): Filters {
  const status = query.get("status");
  const days = query.get("days");
  return {
    status: status === "open" || status === "done" ? status : "all",
    category: query.get("category"),
    days: days === "all" ? 0 : (DAYS.find((one) => String(one) === days) ?? 30),
    area: query.get("area"),
  };
}

/** How many of them are set by hand. */
export function narrowed(filters: Filters): number {
  const names = Object.keys(EVERYTHING) as (keyof Filters)[];
  return names.filter((name) => filters[name] !== EVERYTHING[name]).length;
}

/** The address of this screen with other filters, or seen otherwise. */
export function addressOf(change: Partial<Filters> & { view?: View; near?: boolean }): string {
  const { view, near, ...filters } = change;
  const query = new URLSearchParams(place.value.query);
  for (const [name, value] of Object.entries({ ...filtersOf(query), ...filters })) {
    const usual = EVERYTHING[name as keyof Filters];
    if (value === usual || value === null) query.delete(name);
    else query.set(name, value === 0 ? "all" : String(value));
  }
  if (view) query.set("view", view);
  if (near === true) query.delete("near");
  if (near === false) query.set("near", "0");
  const text = query.toString();
  return text ? `/?${text}` : "/";
}

/** The same for the API; `now` since a period is counted back from today. */
export function asked(filters: Filters, now = new Date()): URLSearchParams {
  const query = new URLSearchParams();
  const statuses = STATUSES[filters.status];
  if (statuses) query.set("status", statuses);
  if (filters.category) query.set("category", filters.category);
  if (filters.area) query.set("area", filters.area);
  if (filters.days) query.set("from", dayBefore(now, filters.days));
  return query;
}

/** The same without the day: what is kept today must be found tomorrow. */
export function keptName(what: string, filters: Filters): string {
  return [what, filters.status, filters.category, filters.area, filters.days].join(":");
}

/** A day of the city's calendar, so many days back: 2026-11-22. */
function dayBefore(now: Date, days: number): string {
  const timeZone = city.value?.timezone ?? "Asia/Ho_Chi_Minh";
  const then = new Date(now.getTime() - days * 86_400_000);
  return new Intl.DateTimeFormat("en-CA", { timeZone }).format(then);
}

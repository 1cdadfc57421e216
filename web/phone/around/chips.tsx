/** The filters as a row of chips, each saying what it lets through. */

import { ChevronDown, X } from "lucide";
import { areas, categoryOf } from "../core/city";
import { go } from "../core/router";
import { Icon } from "../ui/icon";
import { EVERYTHING, type Filters, addressOf, narrowed } from "./filters";
import { words } from "./words";

export type Part = keyof Filters;

const PARTS: Part[] = ["status", "category", "days", "area"];

export function FilterChips({ filters, open }: { filters: Filters; open: (part: Part) => void }) {
  const w = words();
  const area = areas.value.find((one) => one.code === filters.area)?.name;
  const said: Record<Part, string> = {
    status: filters.status === "all" ? w.status : w.statuses[filters.status],
    category: categoryOf(filters.category)?.name ?? w.category,
    days: w.periods[filters.days],
    area: area ?? w.area,
  };
  const isSet = (part: Part) => filters[part] !== EVERYTHING[part];
  const parts = PARTS.filter(isSet).concat(PARTS.filter((part) => !isSet(part))); // what is set is seen
  const set = narrowed(filters);
  return (
    <div class="around-chips" data-scrolls role="group" aria-label={w.filters}>
      {set > 0 && (
        <button type="button" class="around-chip around-clear" onClick={() => go(addressOf(EVERYTHING))}>
          <Icon of={X} size={16} />
          <span>
            {w.clear}
            {set > 1 ? ` (${set})` : ""}
          </span>
        </button>
      )}
      {parts.map((part) => (
        <button
          key={part}
          type="button"
          class="around-chip"
          data-part={part}
          aria-haspopup="dialog"
          aria-pressed={isSet(part)}
          aria-label={`${w[part]}: ${isSet(part) || part === "days" ? said[part] : w.any}`}
          onClick={() => open(part)}
        >
          <span>{said[part]}</span>
          <Icon of={ChevronDown} size={16} />
        </button>
      ))}
    </div>
  );
}

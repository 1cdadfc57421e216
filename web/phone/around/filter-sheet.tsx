/** The choices of one filter; a tap chooses and closes. */

import { Check } from "lucide";
import type { ComponentChildren } from "preact";
import { categories, city } from "../core/city";
import { go } from "../core/router";
import type { Category } from "../core/types";
import { categoryIcon } from "../ui/category-icons";
import { Icon, type IconNode } from "../ui/icon";
import { Sheet } from "../ui/sheet";
import type { Part } from "./chips";
import { type Days, type Filters, type Group, addressOf } from "./filters";
import { Wards } from "./wards";
import { words } from "./words";

export interface FilterSheetProps {
  part: Part;
  filters: Filters;
  close: () => void;
}

export function FilterSheet({ part, filters, close }: FilterSheetProps) {
  const w = words();
  const choose = (change: Partial<Filters>) => {
    close();
    go(addressOf(change));
  };
  return (
    <Sheet title={w[part]} onClose={close}>
      {part === "status" && (
        <Rows
          chosen={filters.status}
          rows={(["all", "open", "done"] as Group[]).map((code) => ({ code, name: w.statuses[code] }))}
          choose={(status) => choose({ status })}
        />
      )}
      {part === "days" && (
        <Rows
          chosen={filters.days}
          rows={([30, 90, 365, 0] as Days[]).map((code) => ({ code, name: w.periods[code] }))}
          choose={(days) => choose({ days })}
        />
      )}
      {part === "category" && (
        <Kinds chosen={filters.category} choose={(category) => choose({ category })} />
      )}
      {part === "area" && (
        <Wards chosen={filters.area} everywhere choose={(area) => choose({ area })} />
      )}
    </Sheet>
  );
}

interface Row<Code> {
  code: Code;
  name: string;
  icon?: IconNode;
  detail?: string;
}

export function Rows<Code extends string | number | null>({
  rows,
  chosen,
  choose,
}: {
  rows: Row<Code>[];
  chosen: Code;
  choose: (code: Code) => void;
}) {
  return (
    <ul class="around-rows">
      {rows.map((row) => (
        <li key={row.code}>
          <button type="button" aria-pressed={row.code === chosen} onClick={() => choose(row.code)}>
            {row.icon && <Icon of={row.icon} />}
            <span class="around-row-text">
              {row.name}
              {row.detail && <span class="muted">{row.detail}</span>}
            </span>
            {row.code === chosen && <Icon of={Check} />}
          </button>
        </li>
      ))}
    </ul>
  );
}

/** All kinds of report that are shown to everybody, by their groups. */
export function Kinds({
  chosen,
  choose,
}: {
  chosen: string | null;
  choose: (code: string | null) => void;
}) {
  return (
    <>
      <Rows chosen={chosen} rows={[{ code: null, name: words().allCategories }]} choose={choose} />
      {grouped().map(([group, kinds]) => (
        <Section key={group} title={city.value?.groups?.[group] ?? ""}>
          <Rows
            chosen={chosen}
            rows={kinds.map(({ code, name, icon }) => ({ code, name, icon: categoryIcon(icon) }))}
            choose={choose}
          />
        </Section>
      ))}
    </>
  );
}

function Section({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="around-section">
      {title && <h3>{title}</h3>}
      {children}
    </section>
  );
}

function grouped(): [string, Category[]][] {
  const groups = new Map<string, Category[]>();
  for (const category of categories.value) {
    if (category.private) continue; // never shown to everybody
    groups.set(category.group, [...(groups.get(category.group) ?? []), category]);
  }
  return [...groups];
}

/** Choosing a ward: by its new or former name, with diacritics or none; also with no network. */

import { Check, MapPin, Search } from "lucide";
import { useState } from "preact/hooks";
import { areas } from "../core/city";
import { inWords } from "../core/locale";
import type { Area } from "../core/types";
import { formerName, searchAreas, shortName } from "../map/places";
import { TextField } from "../ui/field";
import { Icon } from "../ui/icon";
import { here } from "./near";
import { metresBetween } from "../map/metres";

const words = inWords({
  vi: {
    search: "Tên phường, xã",
    hint: "Tên mới hay tên cũ, có dấu hay không dấu đều được.",
    everywhere: "Cả thành phố",
    formerly: (name: string) => `trước là ${name}`,
    none: (text: string) => `Không có phường, xã nào tên “${text}”.`,
    found: (n: number) => `${n} phường, xã`,
  },
  en: {
    search: "Name of the ward",
    hint: "New or former names, with diacritics or without.",
    everywhere: "Whole city",
    formerly: (name: string) => `formerly ${name}`,
    none: (text: string) => `No ward is called “${text}”.`,
    found: (n: number) => (n === 1 ? "1 ward" : `${n} wards`),
  },
});

interface WardsProps {
  chosen: string | null;
  everywhere?: boolean; // offers the whole city too
  choose: (code: string | null) => void;
}

export function Wards({ chosen, everywhere = false, choose }: WardsProps) {
  const [text, setText] = useState("");
  const w = words();
  const found = text.trim() ? searchAreas(text) : byNearness();
  return (
    <div class="around-wards">
      <TextField
        label={w.search}
        hint={w.hint}
        type="search"
        autoComplete="off"
        value={text}
        onText={setText}
      />
      <p class="unseen" role="status">
        {text.trim() ? (found.length ? w.found(found.length) : w.none(text)) : ""}
      </p>
      {!found.length && (
        <p class="around-none muted">
          <Icon of={Search} size={16} />
          {w.none(text.trim())}
        </p>
      )}
      <ul class="around-rows">
        {everywhere && !text.trim() && (
          <WardRow name={w.everywhere} chosen={chosen === null} choose={() => choose(null)} />
        )}
        {found.map((area) => (
          <WardRow
            key={area.code}
            name={area.name}
            former={formerName(area, text)}
            chosen={area.code === chosen}
            choose={() => choose(area.code)}
          />
        ))}
      </ul>
    </div>
  );
}

interface WardRowProps {
  name: string;
  former?: string | null;
  chosen: boolean;
  choose: () => void;
}

function WardRow({ name, former, chosen, choose }: WardRowProps) {
  return (
    <li>
      <button type="button" aria-pressed={chosen} onClick={choose}>
        <Icon of={MapPin} />
        <span class="around-row-text">
          {name}
          {former && <span class="muted">{words().formerly(former)}</span>}
        </span>
        {chosen && <Icon of={Check} />}
      </button>
    </li>
  );
}

/** The nearest first when this phone's place is known, else by name. */
function byNearness(): Area[] {
  const spot = here.value;
  const all = [...areas.value];
  if (spot) return all.sort((a, b) => metresBetween(spot, a) - metresBetween(spot, b));
  return all.sort((a, b) => shortName(a.name).localeCompare(shortName(b.name), "vi"));
}

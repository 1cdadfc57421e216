/** Put the pin right: on a larger map, by a name, by the phone's own place; all of it without a map too. */

import { ArrowDown, ArrowLeft, ArrowRight, ArrowUp, LocateFixed, MapPin } from "lucide";
import { useEffect, useState } from "preact/hooks";
import { NoNetwork } from "../core/api";
import { areas, city } from "../core/city";
import type { Pin } from "../core/db";
import { fold } from "../core/guessing";
import { online } from "../core/online";
import type { Area, Landmark } from "../core/types";
import { moved } from "../map/metres";
import { PinMap } from "../map/pin-map";
import { areaAt, formerName, searchAreas, searchLandmarks } from "../map/places";
import { Button } from "../ui/button";
import { TextField } from "../ui/field";
import { Icon, type IconNode } from "../ui/icon";
import { Sheet } from "../ui/sheet";
import { type FoundPlace, type Whereabouts, fromGps, searchPlaces, useSpot } from "./place";
import { drawsMaps } from "./place-part";
import { words } from "./words";

const STEP_M = 10;
const SEARCH_AFTER_MS = 400;
const SHOWN_AREAS = 6;

interface SheetProps {
  pin: Pin | null;
  where: Whereabouts;
  onPin: (pin: Pin) => void;
  onClose: () => void;
}

export function PlaceSheet({ pin, where, onPin, onClose }: SheetProps) {
  const [text, setText] = useState("");
  const w = words();
  const shown = pin ?? middle();
  const byHand = (lat: number, lng: number) => onPin({ lat, lng, from: "hand" });
  const put = (found: Pin) => {
    setText("");
    onPin(found);
  };
  return (
    <Sheet title={w.placeTitle} onClose={onClose}>
      <Search text={text} onText={setText} near={pin} onFound={put} />
      <Mine where={where} onPin={onPin} />
      {drawsMaps.value && shown && (
        <div class="submit-map-large">
          <PinMap
            lat={shown.lat}
            lng={shown.lng}
            interactive
            height={300}
            onMove={byHand}
            onUnavailable={() => (drawsMaps.value = false)}
          />
        </div>
      )}
      <p class="muted">{drawsMaps.value ? w.mapHelp : w.noMap}</p>
      {pin && <Nudge pin={pin} onMove={byHand} />}
      <AllAreas onFound={put} />
      <div class="submit-foot">
        <Here pin={pin} />
        <Button look="primary" wide onClick={onClose}>
          {w.done}
        </Button>
      </div>
    </Sheet>
  );
}

/** Where the map begins when nothing is known yet. */
function middle(): { lat: number; lng: number } | null {
  const bounds = city.value?.bounds;
  const seat = areas.value.find((area) => area.kind === "phuong") ?? areas.value[0];
  if (seat) return seat;
  return bounds ? { lat: (bounds[1] + bounds[3]) / 2, lng: (bounds[0] + bounds[2]) / 2 } : null;
}

function Here({ pin }: { pin: Pin | null }) {
  const spot = useSpot(pin);
  const w = words();
  const where = [spot.name, spot.area?.name].filter(Boolean).join(", ");
  return (
    <p class="submit-here" role="status">
      <Icon of={MapPin} />
      {spot.refused ?? (pin ? where || w.chosenPlace : w.noPlace)}
    </p>
  );
}

function Mine({ where, onPin }: { where: Whereabouts; onPin: (pin: Pin) => void }) {
  const w = words();
  const [asked, setAsked] = useState(false);
  const fix = where.fix.value;
  const finding = where.finding.value;
  useEffect(() => {
    if (!asked || !fix) return;
    setAsked(false);
    onPin(fromGps(fix));
  }, [asked, fix]);
  const use = () => {
    setAsked(true);
    where.look();
  };
  return (
    <div role="status">
      <Button icon={LocateFixed} wide busy={asked && finding === "asking"} onClick={use}>
        {w.useMine}
      </Button>
      {asked && finding === "denied" && <p class="field-error">{w.deniedHow}</p>}
      {asked && finding === "failed" && <p class="field-error">{w.failed}</p>}
    </div>
  );
}

interface SearchProps {
  text: string;
  onText: (text: string) => void;
  near: Pin | null;
  onFound: (pin: Pin) => void;
}

function Search({ text, onText, near, onFound }: SearchProps) {
  const w = words();
  const { found, state } = usePlaces(text, near);
  const wards = searchAreas(text).slice(0, SHOWN_AREAS);
  const known = searchLandmarks(text).slice(0, SHOWN_AREAS).map(asFound);
  const places = [...known, ...found.filter(({ name }) => !known.some((one) => fold(one.name) === fold(name)))];
  const said = text.trim() !== "";
  const nothing = said && !wards.length && !places.length && state === "told";
  return (
    <div class="submit-search">
      <TextField
        label={city.value?.streets ? w.search : w.searchNoStreets}
        type="search"
        value={text}
        onText={onText}
        maxLength={100}
        autoComplete="off"
        hint={online.value ? w.searchHint : w.searchOffline}
      />
      <p class="unseen" role="status">
        {said && spokenResult(state, wards.length + places.length)}
      </p>
      {said && (
        <ul>
          {wards.map((area) => (
            <Result
              key={area.code}
              name={area.name}
              detail={detailOf(area, text)}
              onClick={() => onFound(fromArea(area))}
            />
          ))}
          {places.map((one, index) => (
            <Result
              key={`${index} ${one.name}`}
              name={one.name}
              detail={one.detail}
              onClick={() => onFound({ lat: one.lat, lng: one.lng, from: "search", name: one.name })}
            />
          ))}
        </ul>
      )}
      {nothing && <p class="muted">{w.searchNothing}</p>}
      {said && state === "failed" && <p class="muted">{w.searchFailed}</p>}
    </div>
  );
}

type Asking = "asking" | "told" | "failed";

function spokenResult(state: Asking, count: number): string {
  const w = words();
  if (state === "asking") return w.searching;
  if (state === "failed") return w.searchFailed;
  return count ? w.found(count) : w.searchNothing;
}

function detailOf(area: Area, text: string): string {
  const former = formerName(area, text);
  return former ? words().formerly(former) : "";
}

function asFound({ name, lat, lng }: Landmark): FoundPlace {
  return { name, detail: areaAt(lat, lng)?.name ?? "", lat, lng, kind: "place" };
}

function fromArea(area: Area): Pin {
  return { lat: area.lat, lng: area.lng, from: "area" };
}

function Result({ name, detail, onClick }: { name: string; detail: string; onClick: () => void }) {
  return (
    <li>
      <button type="button" class="submit-result" onClick={onClick}>
        <Icon of={MapPin} />
        <span>
          <strong>{name}</strong>
          {detail && <span class="muted">{detail}</span>}
        </span>
      </button>
    </li>
  );
}

/** Streets and places of the server's, besides the wards that the phone knows by itself. */
function usePlaces(text: string, near: Pin | null) {
  const [told, tell] = useState<{ text: string; items: FoundPlace[]; failed?: boolean }>({ text: "", items: [] });
  const said = text.trim();
  const connected = online.value;
  useEffect(() => {
    if (said.length < 2 || !connected) return;
    const stopped = new AbortController();
    const timer = setTimeout(() => {
      void searchPlaces(said, near, stopped.signal)
        .then(({ items }) => tell({ text: said, items: items.filter((one) => one.kind !== "area") }))
        .catch((error) => {
          if (!(error instanceof NoNetwork && stopped.signal.aborted)) tell({ text: said, items: [], failed: true });
        });
    }, SEARCH_AFTER_MS);
    return () => {
      clearTimeout(timer);
      stopped.abort();
    };
  }, [said, connected]);
  const asking = said.length >= 2 && connected && told.text !== said;
  const state: Asking = asking ? "asking" : told.text === said && told.failed ? "failed" : "told";
  return { found: told.text === said ? told.items : [], state };
}

const WAYS: [IconNode, "north" | "west" | "east" | "south", number, number][] = [
  [ArrowUp, "north", 0, STEP_M],
  [ArrowDown, "south", 0, -STEP_M],
  [ArrowLeft, "west", -STEP_M, 0],
  [ArrowRight, "east", STEP_M, 0],
];

/** For those who cannot drag: four buttons. */
function Nudge({ pin, onMove }: { pin: Pin; onMove: (lat: number, lng: number) => void }) {
  const w = words();
  return (
    <fieldset class="submit-nudge">
      <legend>{w.nudge}</legend>
      <div class="submit-row">
        {WAYS.map(([icon, name, east, north]) => (
          <Button
            key={name}
            icon={icon}
            onClick={() => {
              const to = moved(pin.lat, pin.lng, east, north);
              onMove(to.lat, to.lng);
            }}
          >
            {w[name]}
          </Button>
        ))}
      </div>
    </fieldset>
  );
}

function AllAreas({ onFound }: { onFound: (pin: Pin) => void }) {
  const w = words();
  if (!areas.value.length) return null;
  const sorted = [...areas.value].sort((a, b) => a.name.localeCompare(b.name, "vi"));
  return (
    <details class="submit-areas">
      <summary>{w.allAreas}</summary>
      <ul>
        {sorted.map((area) => (
          <Result key={area.code} name={area.name} detail="" onClick={() => onFound(fromArea(area))} />
        ))}
      </ul>
    </details>
  );
}

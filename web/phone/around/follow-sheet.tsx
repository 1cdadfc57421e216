/** Following a ward, a kind of report, a circle around here, or what they share; and what is followed. */

import { BellPlus, ChevronRight, LocateFixed, MapPin } from "lucide";
import { useEffect, useState } from "preact/hooks";
import { areas, categoryOf, loadOutlines } from "../core/city";
import { number } from "../core/locale";
import { uuid } from "../core/session";
import { areaAt } from "../map/places";
import { AskPush } from "../push/ask-push";
import { Button } from "../ui/button";
import { Icon, type IconNode } from "../ui/icon";
import { distance } from "../ui/report-card";
import { Sheet } from "../ui/sheet";
import { Kinds } from "./filter-sheet";
import { Following, type Wish, follow, nameOf, troubleOf } from "./following";
import { words } from "./follow-words";
import { finding, here, locate, mapMiddle, wardHere } from "./near";
import { Wards } from "./wards";
import { categoryIcon } from "../ui/category-icons";

type Where = "ward" | "around" | "anywhere";

export interface FollowSheetProps {
  area: string | null; // as the list is filtered
  category: string | null;
  close: () => void;
}

const LEAST_M = 200;
const MOST_M = 5000;

export function FollowSheet({ area, category, close }: FollowSheetProps) {
  const [page, setPage] = useState<"form" | "ward" | "kind">("form");
  const [where, setWhere] = useState<Where>(area || !(here.value ?? mapMiddle.value) ? "ward" : "around");
  const [ward, setWard] = useState(area ?? wardHere.value);
  const [kind, setKind] = useState(category);
  const [radius, setRadius] = useState(1000);
  const [news, setNews] = useState(0);
  const w = words();
  useEffect(() => void loadOutlines(), []);
  const spot = here.value ?? mapMiddle.value;
  const wish = wishOf(where, ward, kind, radius, spot);

  if (page === "ward") {
    const choose = (code: string | null) => (setWard(code), setPage("form"));
    return (
      <Sheet key="ward" title={w.chooseWard} onClose={() => setPage("form")}>
        <Wards chosen={ward} choose={choose} />
      </Sheet>
    );
  }
  if (page === "kind") {
    return (
      <Sheet key="kind" title={w.what} onClose={() => setPage("form")}>
        <Kinds chosen={kind} choose={(code) => (setKind(code), setPage("form"))} />
      </Sheet>
    );
  }
  return (
    <Sheet key="form" title={w.title} onClose={close}>
      <fieldset class="around-field">
        <legend>{w.where}</legend>
        <div class="choices">
          {(["ward", "around", "anywhere"] as Where[]).map((one) => (
            <button
              key={one}
              type="button"
              class="choice"
              aria-pressed={where === one}
              onClick={() => setWhere(one)}
            >
              {w[one]}
            </button>
          ))}
        </div>
        {where === "ward" && (
          <Chosen
            icon={MapPin}
            name={areas.value.find((one) => one.code === ward)?.name ?? w.chooseWard}
            open={() => setPage("ward")}
          />
        )}
        {where === "around" && <Circle radius={radius} setRadius={setRadius} />}
      </fieldset>
      <fieldset class="around-field">
        <legend>{w.what}</legend>
        <Chosen
          icon={kind ? categoryIcon(categoryOf(kind)?.icon) : BellPlus}
          name={categoryOf(kind)?.name ?? w.allKinds}
          open={() => setPage("kind")}
        />
      </fieldset>
      <Send wish={wish} why={whyNot(where, ward, kind, spot)} added={() => setNews(news + 1)} />
      {news > 0 && <AskPush />}
      <h3 class="around-followed-title">{w.followed}</h3>
      <Following key={news} />
    </Sheet>
  );
}

type Spot = { lat: number; lng: number } | null;

function wishOf(where: Where, ward: string | null, category: string | null, radius: number, spot: Spot): Wish {
  const circle = where === "around" && spot;
  return {
    area: where === "ward" ? ward : null,
    category,
    lat: circle ? circle.lat : null,
    lng: circle ? circle.lng : null,
    radius: circle ? radius : null,
  };
}

/** What is still missing, in a sentence; null: it can be followed. */
function whyNot(where: Where, ward: string | null, kind: string | null, spot: Spot): string | null {
  const w = words();
  if (where === "ward" && !ward) return w.needsWard;
  if (where === "around" && !spot) return w.needsSpot;
  if (where === "anywhere" && !kind) return w.needsKind;
  return null;
}

function Chosen({ icon, name, open }: { icon: IconNode; name: string; open: () => void }) {
  return (
    <button type="button" class="around-chosen" aria-haspopup="dialog" onClick={open}>
      <Icon of={icon} />
      <span>{name}</span>
      <Icon of={ChevronRight} />
    </button>
  );
}

interface CircleProps {
  radius: number;
  setRadius: (metres: number) => void;
}

function Circle({ radius, setRadius }: CircleProps) {
  const w = words();
  const spot = here.value ?? mapMiddle.value;
  const typed = (text: string) => {
    const metres = Math.round(Number(text));
    if (metres > 0) setRadius(metres);
  };
  const within = () => setRadius(Math.min(MOST_M, Math.max(LEAST_M, radius)));
  return (
    <div class="panel around-circle">
      {spot ? (
        <p>{here.value ? w.spot(areaAt(spot.lat, spot.lng)?.name ?? w.here) : w.middle}</p>
      ) : (
        <>
          {finding.value === "denied" || finding.value === "lost" ? <p>{w.lost}</p> : null}
          <Button icon={LocateFixed} busy={finding.value === "asking"} onClick={() => void locate()}>
            {finding.value === "asking" ? w.finding : w.find}
          </Button>
        </>
      )}
      <div class="around-radius">
        <input
          type="range"
          min={LEAST_M}
          max={MOST_M}
          step={100}
          value={radius}
          aria-label={w.radius}
          aria-valuetext={distance(radius)}
          onInput={(event) => typed(event.currentTarget.value)}
        />
        <input
          type="number"
          inputMode="numeric"
          min={LEAST_M}
          max={MOST_M}
          step={50}
          value={radius}
          aria-label={w.radiusMetres}
          onInput={(event) => typed(event.currentTarget.value)}
          onBlur={within}
        />
        <span aria-hidden="true">m</span>
      </div>
      <p class="muted" aria-hidden="true">
        {`${number(LEAST_M)} m – ${number(MOST_M / 1000)} km`}
      </p>
    </div>
  );
}

function Send({ wish, why, added }: { wish: Wish; why: string | null; added: () => void }) {
  const [busy, setBusy] = useState(false);
  const [told, tell] = useState<{ done: boolean; text: string } | null>(null);
  const w = words();
  const send = async () => {
    if (why) return tell({ done: false, text: why });
    setBusy(true);
    try {
      const radius = wish.radius && Math.min(MOST_M, Math.max(LEAST_M, wish.radius));
      const followed = await follow(uuid(), { ...wish, radius });
      tell({ done: true, text: w.done(nameOf(followed)) });
      added();
    } catch (error) {
      tell({ done: false, text: troubleOf(error) });
    }
    setBusy(false);
  };
  return (
    <div class="around-send">
      <p class="muted">{w.how}</p>
      <Button look="primary" wide icon={BellPlus} busy={busy} onClick={() => void send()}>
        {w.follow}
      </Button>
      <p class={told?.done ? "around-told" : "field-error"} role="status">
        {told?.text}
      </p>
    </div>
  );
}

/** Where it is: a small map, the ward in words, where that is known from, and a way to put it right. */

import { MapPin, TriangleAlert } from "lucide";
import { signal } from "@preact/signals";
import { useState } from "preact/hooks";
import type { Pin } from "../core/db";
import { PinMap } from "../map/pin-map";
import { Button } from "../ui/button";
import { TextField } from "../ui/field";
import { Icon } from "../ui/icon";
import { distance } from "../ui/report-card";
import { type Spot, type Whereabouts, apart, fromGps, fromPhoto } from "./place";
import { PlaceSheet } from "./place-sheet";
import { MOST_NOTE, type Writing } from "./state";
import { words } from "./words";

const ROUGH_M = 30; // the outlines on the phone are simplified: within this, say nothing

/** Whether this phone draws maps at all; found out once. */
export const drawsMaps = signal(true);

interface PlaceProps {
  writing: Writing;
  where: Whereabouts;
  spot: Spot;
  /** The resident has the last word on the place. */
  onPin: (pin: Pin) => void;
}

export function PlacePart({ writing, where, spot, onPin }: PlaceProps) {
  const [open, setOpen] = useState(false);
  const w = words();
  const { pin, placeNote } = writing.draft.value;
  return (
    <section class="submit-part" id="submit-place" aria-labelledby="place-title">
      <h2 class="unseen" id="place-title">
        {w.place}
      </h2>
      <div class="card submit-place">
        {drawsMaps.value && (
          <div class="submit-map">
            {pin && (
              <PinMap lat={pin.lat} lng={pin.lng} height={148} onUnavailable={() => (drawsMaps.value = false)} />
            )}
          </div>
        )}
        <div class="submit-place-words">
          <PlaceWords pin={pin} spot={spot} where={where} />
          <Button look="quiet" onClick={() => setOpen(true)}>
            {pin ? w.editPlace : w.choosePlace}
          </Button>
        </div>
        <PlaceDoubts pin={pin} spot={spot} where={where} onPin={onPin} />
        <div class="submit-note">
          <TextField
            label={w.note}
            placeholder={w.noteHint}
            value={placeNote}
            onText={(text) => writing.change({ placeNote: text })}
            onBlur={() => void writing.keep()}
            maxLength={MOST_NOTE}
            autoComplete="off"
          />
        </div>
      </div>
      {open && (
        <PlaceSheet pin={pin} where={where} onPin={onPin} onClose={() => setOpen(false)} />
      )}
    </section>
  );
}

function PlaceWords({ pin, spot, where }: { pin: Pin | null; spot: Spot; where: Whereabouts }) {
  const w = words();
  if (!pin) {
    const finding = where.finding.value;
    const denied = finding === "denied";
    return (
      <div class="submit-place-text" aria-live="polite">
        <strong>{finding === "asking" ? w.finding : w.noPlace}</strong>
        {denied && <span class="muted">{w.denied}</span>}
        {finding === "failed" && <span class="muted">{w.failed}</span>}
      </div>
    );
  }
  const title = spot.name ?? spot.area?.name ?? w.chosenPlace;
  return (
    <div class="submit-place-text" aria-live="polite">
      <strong>{title}</strong>
      <span class="muted">{begun([spot.name ? spot.area?.name : null, originOf(pin)].filter(Boolean).join(" · "))}</span>
    </div>
  );
}

/** Its first letter large: it stands as a line of its own. */
function begun(text: string): string {
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}

function originOf(pin: Pin): string {
  const w = words();
  const accuracy = pin.from === "gps" && pin.accuracy ? `, ${w.accuracy(rounded(pin.accuracy))}` : "";
  return w.from[pin.from] + accuracy;
}

function rounded(metres: number): number {
  return metres < 20 ? Math.max(1, Math.round(metres)) : Math.round(metres / 10) * 10;
}

interface DoubtsProps {
  pin: Pin | null;
  spot: Spot;
  where: Whereabouts;
  onPin: (pin: Pin) => void;
}

/** Outside the city, or a photo from elsewhere: said before it is sent, with what to do. */
function PlaceDoubts({ pin, spot, where, onPin }: DoubtsProps) {
  const w = words();
  const fix = where.fix.value;
  const photo = where.photo.value;
  const metres = apart(fix, photo);
  const seems = spot.seemsOff !== null && spot.seemsOff > ROUGH_M ? w.outside(distance(spot.seemsOff)) : null;
  const outside = spot.refused ?? seems;
  return (
    <>
      {outside && (
        <p class="submit-doubt submit-doubt-bad" role="alert" id="submit-outside">
          <Icon of={TriangleAlert} />
          <span>{outside}</span>
        </p>
      )}
      {metres !== null && fix && photo && pin?.from === "photo" && (
        <Doubt text={w.photoFar(distance(metres))} act={w.useGps} onAct={() => onPin(fromGps(fix))} />
      )}
      {metres !== null && fix && photo && pin?.from === "gps" && (
        <Doubt text={w.gpsFar(distance(metres))} act={w.usePhoto} onAct={() => onPin(fromPhoto(photo))} />
      )}
    </>
  );
}

function Doubt({ text, act, onAct }: { text: string; act: string; onAct: () => void }) {
  return (
    <div class="submit-doubt" role="status">
      <Icon of={MapPin} />
      <span>{text}</span>
      <Button look="quiet" onClick={onAct}>
        {act}
      </Button>
    </div>
  );
}


/** A small map with one pin: where a report is. Interactive, the pin can be dragged, put with a tap,
 * and moved by the arrow keys; otherwise it is a picture, which MapLibre draws only where an operator
 * has set tiles. What MapLibre is not there for, for want of a network or of WebGL, is a sketch of the
 * wards; but no map that ought to be interactive and cannot be: that one says so and is nothing. */

import { Minus, Plus } from "lucide";
import type { Map as MapLibreMap, Marker } from "maplibre-gl";
import { useEffect, useRef, useState } from "preact/hooks";
import { boot } from "../core/boot";
import { loadOutlines, outlines } from "../core/city";
import { locale } from "../core/locale";
import { Button } from "../ui/button";
import { Icon } from "../ui/icon";
import { calm, canDraw, scheme } from "./able";
import { useAgain } from "./again";
import { baseStyle, colours, nameWards, whenDrawn } from "./base";
import { type MapLibre, NoMap, loadMap, watch } from "./load";
import { moved } from "./metres";
import { areaAt, nearestArea } from "./places";
import { Sketch } from "./sketch";
import { attribution } from "./tiles";
import { words } from "./words";

interface PinMapProps {
  lat: number;
  lng: number;
  onMove?: (lat: number, lng: number) => void;
  interactive?: boolean;
  height?: number;
  onUnavailable?: () => void;
}

const STEP_M = 5;
const LEAP_M = 50;
const ARROWS: Record<string, [number, number]> = {
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
};

interface Ref<Value> {
  current: Value;
}

interface Drawn {
  map: MapLibreMap;
  pin: Marker;
}

export function PinMap(props: PinMapProps) {
  const { lat, lng, interactive = false, height = 164 } = props;
  const frame = useRef<HTMLDivElement>(null);
  const drawn = useRef<Drawn | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const [state, setState] = useState<"drawing" | "drawn" | "webgl" | "network">("drawing");
  const [turn, setTurn] = useState(0);
  const [said, say] = useState("");
  const live = interactive || boot.tiles !== null;
  const w = words();

  useEffect(() => {
    if (frame.current) frame.current.style.height = `${height}px`; // CSSOM: the policy allows it
  }, [height, state === "webgl"]);
  useEffect(() => {
    const element = frame.current?.querySelector<HTMLElement>(".pin-map-canvas");
    if (!element) return;
    setState("drawing");
    return draw(element, latest, drawn, setState, say);
  }, [live, interactive, scheme.value, locale.value, turn]);
  const again = () => setTurn((before) => before + 1);
  useAgain(state === "network", again);
  useEffect(() => follow(drawn.current, lat, lng), [lat, lng]);

  if (state === "webgl" && interactive) return null;
  const label = w.smallMap(areaAt(lat, lng)?.name ?? w.here);
  return (
    <div class={`pin-map${interactive ? " pin-map-live" : ""}`} ref={frame}>
      {!(live && state === "drawn") && <Sketch lat={lat} lng={lng} zoom={zoomOf(interactive)} label={label} />}
      {live && (
        <div
          class="pin-map-canvas"
          role={interactive || state !== "drawn" ? undefined : "img"}
          aria-label={interactive || state !== "drawn" ? undefined : label}
        />
      )}
      {state === "network" && (interactive || !outlines.value) && (
        <div class={`pin-map-missing${outlines.value ? " pin-map-missing-line" : ""}`} role="status">
          <p>{w.noParts}</p>
          <Button look="quiet" onClick={again}>
            {w.again}
          </Button>
        </div>
      )}
      {interactive && state === "drawn" && (
        <div class="map-zoom">
          <button type="button" aria-label={w.closer} onClick={() => zoom(drawn.current, 1)}>
            <Icon of={Plus} />
          </button>
          <button type="button" aria-label={w.farther} onClick={() => zoom(drawn.current, -1)}>
            <Icon of={Minus} />
          </button>
        </div>
      )}
      {state === "drawn" && attribution() && <p class="map-from">{attribution()}</p>}
      {interactive && (
        <p class="unseen" aria-live="polite">
          {said}
        </p>
      )}
    </div>
  );
}

/** Begin to draw; what it answers takes it all away again. */
function draw(
  element: HTMLElement,
  latest: Ref<PinMapProps>,
  drawn: Ref<Drawn | null>,
  tell: (state: "drawn" | "webgl" | "network") => void,
  say: (text: string) => void,
): () => void {
  let gone = false;
  const fail = (error: unknown) => {
    if (gone) return;
    const why = error instanceof NoMap ? error.why : "webgl";
    tell(why);
    if (why === "webgl") latest.current.onUnavailable?.();
  };
  if (!canDraw()) fail(new NoMap("webgl"));
  else {
    void Promise.all([loadMap(), loadOutlines()])
      .then(([maplibre]) => {
        if (gone) return;
        drawn.current = put(maplibre, element, latest, say);
        watch(drawn.current.map, () => {
          takeAway(drawn);
          fail(new NoMap("network"));
        });
        whenDrawn(drawn.current.map, () => !gone && tell("drawn"));
      })
      .catch(fail);
  }
  return () => {
    gone = true;
    takeAway(drawn);
  };
}

/** Streets are only seen where there are tiles. */
function zoomOf(interactive: boolean): number {
  return boot.tiles ? 16 : interactive ? 14.5 : 13;
}

function takeAway(drawn: Ref<Drawn | null>): void {
  drawn.current?.map.remove();
  drawn.current = null;
}

function put(
  maplibre: MapLibre,
  element: HTMLElement,
  latest: Ref<PinMapProps>,
  say: (text: string) => void,
): Drawn {
  const { lat, lng, interactive = false } = latest.current;
  const map = new maplibre.Map({
    container: element,
    style: baseStyle(colours()),
    center: [lng, lat],
    zoom: zoomOf(interactive),
    minZoom: 8,
    maxZoom: 19,
    interactive,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    keyboard: false, // the arrow keys are the pin's
    fadeDuration: 0,
  });
  nameWards(map);
  const pin = new maplibre.Marker({ element: dot(interactive), draggable: interactive });
  pin.setLngLat([lng, lat]).addTo(map);
  if (interactive) handle(map, pin, latest, say);
  else pin.getElement().removeAttribute("role");
  return { map, pin };
}

function dot(interactive: boolean): HTMLElement {
  const element = document.createElement(interactive ? "button" : "span");
  element.className = "map-pin";
  if (element instanceof HTMLButtonElement) element.type = "button";
  else element.setAttribute("aria-hidden", "true");
  return element;
}

function handle(
  map: MapLibreMap,
  pin: Marker,
  latest: Ref<PinMapProps>,
  say: (text: string) => void,
): void {
  const told = (lat: number, lng: number) => {
    latest.current.onMove?.(lat, lng);
    say(spokenPlace(lat, lng));
  };
  const putAt = (lat: number, lng: number) => {
    pin.setLngLat([lng, lat]);
    told(lat, lng);
  };
  map.touchZoomRotate.disableRotation();
  map.on("click", (event) => putAt(event.lngLat.lat, event.lngLat.lng));
  pin.on("dragend", () => told(pin.getLngLat().lat, pin.getLngLat().lng));
  const element = pin.getElement();
  element.setAttribute("aria-label", words().pin);
  element.addEventListener("click", (event) => event.stopPropagation());
  element.addEventListener("keydown", (event) => {
    const way = ARROWS[event.key];
    if (!way) return;
    event.preventDefault();
    const metres = event.shiftKey ? LEAP_M : STEP_M;
    const now = pin.getLngLat();
    const next = moved(now.lat, now.lng, way[0] * metres, way[1] * metres);
    putAt(next.lat, next.lng);
    if (!map.getBounds().contains([next.lng, next.lat])) map.jumpTo({ center: [next.lng, next.lat] });
  });
}

function spokenPlace(lat: number, lng: number): string {
  const near = nearestArea(lat, lng);
  const inside = areaAt(lat, lng);
  if (inside) return words().at(inside.name);
  return near ? words().outside(near.metres) : words().at(words().here);
}

/** The pin was moved from outside (a photo's place, a search): show it there. */
function follow(drawn: Drawn | null, lat: number, lng: number): void {
  if (!drawn) return;
  const at = drawn.pin.getLngLat();
  if (Math.abs(at.lat - lat) < 1e-7 && Math.abs(at.lng - lng) < 1e-7) return;
  drawn.pin.setLngLat([lng, lat]);
  if (calm()) drawn.map.jumpTo({ center: [lng, lat] });
  else drawn.map.easeTo({ center: [lng, lat], duration: 300 });
}

function zoom(drawn: Drawn | null, by: number): void {
  if (!drawn) return;
  drawn.map.easeTo({ zoom: drawn.map.getZoom() + by, around: drawn.pin.getLngLat(), animate: !calm() });
}

/** Where a report is: the phone's own place, the photo's, and which of them is meant. */

import { type Signal, signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { NoNetwork, Problem, call } from "../core/api";
import { loadOutlines, outlines } from "../core/city";
import type { Pin } from "../core/db";
import { locale } from "../core/locale";
import { online } from "../core/online";
import type { Area } from "../core/types";
import { metresBetween } from "../map/metres";
import { areaAt, nearestArea } from "../map/places";

const WATCH_MS = 15_000;
const GOOD_M = 12; // nothing better is worth waiting for
const FAR_M = 200; // a photo from farther off was taken elsewhere
const ASK_AFTER_MS = 350;

export interface Fix {
  lat: number;
  lng: number;
  accuracy: number;
}

export interface PhotoPlace {
  lat: number;
  lng: number;
  gallery: boolean;
}

export type Finding = "asking" | "found" | "denied" | "failed" | "idle";

export interface Whereabouts {
  fix: Signal<Fix | null>;
  finding: Signal<Finding>;
  photo: Signal<PhotoPlace | null>;
  /** Ask the phone where it is; accuracy gets better for some seconds. */
  look: () => void;
  stop: () => void;
}

export function whereabouts(): Whereabouts {
  const fix = signal<Fix | null>(null);
  const finding = signal<Finding>("idle");
  const photo = signal<PhotoPlace | null>(null);
  let watch: number | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const stop = () => {
    clearTimeout(timer);
    if (watch !== null) navigator.geolocation.clearWatch(watch);
    watch = null;
    if (finding.value === "asking") finding.value = fix.value ? "found" : "failed";
  };
  const took = ({ coords }: GeolocationPosition) => {
    const better = !fix.value || coords.accuracy <= fix.value.accuracy;
    if (better) fix.value = { lat: coords.latitude, lng: coords.longitude, accuracy: coords.accuracy };
    finding.value = "found";
    if (coords.accuracy <= GOOD_M) stop();
  };
  const refused = (error: GeolocationPositionError) => {
    if (fix.value) return;
    finding.value = error.code === error.PERMISSION_DENIED ? "denied" : "failed";
    stop();
  };
  const look = () => {
    if (watch !== null) return;
    if (!("geolocation" in navigator)) return void (finding.value = "failed");
    fix.value = null;
    finding.value = "asking";
    timer = setTimeout(stop, WATCH_MS);
    watch = navigator.geolocation.watchPosition(took, refused, {
      enableHighAccuracy: true,
      timeout: WATCH_MS,
      maximumAge: 10_000,
    });
  };
  return { fix, finding, photo, look, stop };
}

export function fromGps(fix: Fix): Pin {
  return { lat: fix.lat, lng: fix.lng, from: "gps", accuracy: Math.round(fix.accuracy) };
}

export function fromPhoto(photo: PhotoPlace): Pin {
  return { lat: photo.lat, lng: photo.lng, from: "photo" };
}

/** Metres between where the phone is and where the photo was taken; null when they agree. */
export function apart(fix: Fix | null, photo: PhotoPlace | null): number | null {
  if (!fix || !photo) return null;
  const metres = metresBetween(fix, photo);
  return metres > FAR_M ? metres : null;
}

/** The likelier place: that of an older photo taken elsewhere, else the phone's own, else the photo's. */
export function likelier(fix: Fix | null, photo: PhotoPlace | null): Pin | null {
  if (photo && (!fix || (photo.gallery && apart(fix, photo)))) return fromPhoto(photo);
  return fix ? fromGps(fix) : null;
}

/** What is known of a spot. `outside`: the server's own sentence, or how far off it seems. */
export interface Spot {
  area: Area | null;
  name: string | null; // a street, a place
  refused: string | null;
  seemsOff: number | null; // metres, as far as the phone itself can tell
}

const NOTHING: Spot = { area: null, name: null, refused: null, seemsOff: null };

/** The ward of a pin, and what is there: from the outlines on this phone, corrected by the server. */
export function useSpot(pin: Pin | null): Spot {
  const [told, tell] = useState<{ key: string; spot: Spot } | null>(null);
  const key = pin ? `${pin.lat.toFixed(5)},${pin.lng.toFixed(5)} ${locale.value}` : "";
  const connected = online.value;
  useEffect(() => void loadOutlines(), []);
  useEffect(() => {
    if (!pin || !connected) return;
    const stopped = new AbortController();
    const timer = setTimeout(() => {
      void askSpot(pin, stopped.signal).then((spot) => spot && tell({ key, spot }));
    }, ASK_AFTER_MS);
    return () => {
      clearTimeout(timer);
      stopped.abort();
    };
  }, [key, connected]);
  if (!pin) return NOTHING;
  if (told?.key === key) return { ...told.spot, name: told.spot.name ?? pin.name ?? null };
  return guessSpot(pin);
}

function guessSpot(pin: Pin): Spot {
  const area = areaAt(pin.lat, pin.lng);
  const near = area || !outlines.value ? null : nearestArea(pin.lat, pin.lng);
  return { ...NOTHING, area, name: pin.name ?? null, seemsOff: near?.metres ?? null };
}

async function askSpot(pin: Pin, stop: AbortSignal): Promise<Spot | null> {
  // In a body: an address is written into logs, and a pin is often where somebody lives.
  const json = { lat: pin.lat, lng: pin.lng };
  const ask = { method: "POST" as const, json, locale: locale.value, signal: stop };
  try {
    const { name, area } = await call<{ name: string | null; area: Area }>("/places/name", ask);
    return { area, name: pin.name || name, refused: null, seemsOff: null };
  } catch (error) {
    if (error instanceof Problem && error.status === 422) {
      return { ...NOTHING, refused: error.fields[0]?.detail ?? error.detail };
    }
    if (error instanceof NoNetwork && stop.aborted) return null;
    return guessSpot(pin);
  }
}

export interface FoundPlace {
  name: string;
  detail: string;
  lat: number;
  lng: number;
  kind: string;
}

/** Streets and places by name; throws like `call`. */
export function searchPlaces(text: string, near: Pin | null, signal: AbortSignal) {
  const roughly = (degrees: number) => Number(degrees.toFixed(3)); // 100 m: enough to say which is nearer
  const json = near ? { text, lat: roughly(near.lat), lng: roughly(near.lng) } : { text };
  const ask = { method: "POST" as const, json, locale: locale.value, signal };
  return call<{ items: FoundPlace[]; streets: boolean }>("/places/search", ask);
}

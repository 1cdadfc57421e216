/** Where this phone is, as far as it was allowed to say. Kept in memory only. */

import { signal } from "@preact/signals";
import { loadOutlines } from "../core/city";

export interface Here {
  lat: number;
  lng: number;
  accuracy: number;
}

export type Finding = "unasked" | "asking" | "known" | "denied" | "lost";

export const here = signal<Here | null>(null);
export const finding = signal<Finding>("unasked");

/** The ward that the phone is in, once its outlines have come. */
export const wardHere = signal<string | null>(null);

/** What the map, while it is shown, has in its middle. */
export const mapMiddle = signal<{ lat: number; lng: number } | null>(null);

const PATIENCE_MS = 12_000;
const FRESH_MS = 60_000;

/** Ask the phone; the browser asks its owner when they were not asked before. */
export function locate(): Promise<Here | null> {
  if (!navigator.geolocation) {
    finding.value = "lost";
    return Promise.resolve(null);
  }
  finding.value = "asking";
  return new Promise((done) => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        here.value = { lat: coords.latitude, lng: coords.longitude, accuracy: coords.accuracy };
        finding.value = "known";
        void nameWard(coords.latitude, coords.longitude);
        done(here.value);
      },
      (error) => {
        finding.value = error.code === error.PERMISSION_DENIED ? "denied" : "lost";
        done(null);
      },
      { enableHighAccuracy: true, timeout: PATIENCE_MS, maximumAge: FRESH_MS },
    );
  });
}

async function nameWard(lat: number, lng: number): Promise<void> {
  const [{ areaAt }] = await Promise.all([import("../map/places"), loadOutlines()]);
  wardHere.value = areaAt(lat, lng)?.code ?? null;
}

/** Only where the owner has said yes before: nobody is asked at the door. */
export async function locateIfAllowed(): Promise<void> {
  try {
    const permission = await navigator.permissions.query({ name: "geolocation" });
    if (permission.state === "granted") await locate();
  } catch {
    // too old to tell: then by the button alone
  }
}

/** About a hundred metres: enough to find what is near, and not a door. */
export function roughly(degrees: number): string {
  return degrees.toFixed(3);
}

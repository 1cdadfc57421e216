/** What the server wrote into the page itself: known before anything is asked for. */

import type { Hotline, Notice } from "./types";

export interface Boot {
  build: string;
  locale: "vi" | "en";
  city: { name: string };
  hotline: { name: string; number: string };
  hotlines: Hotline[];
  notices: Notice[];
  webpush_key: string | null;
  /** An operator's own base map: a raster template, or a PMTiles file. */
  tiles: { kind: "raster" | "pmtiles"; url: string; attribution: string } | null;
  firebase: (Record<string, string> & { vapidKey: string }) | null;
  /** Addresses of built files that are not imported but named: "map-worker.js", "map-style.css". */
  files: Record<string, string>;
  /** Addresses of the files that a map is made of. */
  map?: string[];
}

export const boot: Boot = JSON.parse(document.getElementById("boot")?.textContent ?? "{}");

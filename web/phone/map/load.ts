/** MapLibre, fetched when a map is first shown: 440 kB that the first screen does without. */

import type { Map as MapLibreMap } from "maplibre-gl";
import { boot } from "../core/boot";
import { canDraw } from "./able";
import { fetchParts } from "./parts";
import { prepareTiles } from "./tiles";

export type MapLibre = typeof import("maplibre-gl");

/** Why there is no map here: the phone cannot draw it, or its parts did not come. */
export class NoMap extends Error {
  constructor(readonly why: "webgl" | "network") {
    super(why);
  }
}

let loading: Promise<MapLibre> | null = null;
let here = false;

/** All its files are here: a map that is missing all the same was lost, and more looking brings nothing. */
export function isHere(): boolean {
  return here;
}

/** Throws NoMap. */
export async function loadMap(): Promise<MapLibre> {
  if (!canDraw()) throw new NoMap("webgl");
  loading ??= fetchAll();
  try {
    return await loading;
  } catch {
    loading = null; // the network may be back at the next try
    throw new NoMap("network");
  }
}

/** What goes wrong on a map is mostly a tile that did not come, and no news. Without its worker it draws
 * nothing at all: then `lost` is called, and the map is to be taken away. */
export function watch(map: MapLibreMap, lost: () => void): void {
  map.on("error", ({ error }) => {
    if (/^Worker failed/.test(error?.message ?? "")) lost();
  });
}

async function fetchAll(): Promise<MapLibre> {
  await fetchParts();
  const [maplibre] = await Promise.all([import("maplibre-gl"), stylesheet(), letters()]);
  maplibre.setWorkerUrl(new URL(boot.files["map-worker.js"] ?? "", location.href).href);
  await prepareTiles(maplibre);
  here = true;
  return maplibre;
}

function stylesheet(): Promise<void> {
  const address = boot.files["map-style.css"] ?? "";
  document.querySelector(`link[href="${address}"]`)?.remove(); // one that failed before
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = address;
  return new Promise((done, fail) => {
    link.onload = () => done();
    link.onerror = () => fail(new Error("no stylesheet"));
    document.head.append(link);
  });
}

/** Labels are drawn in the page's own letters, which must be there by then; without them in others. */
async function letters(): Promise<void> {
  const soon = new Promise<void>((done) => setTimeout(done, 3000));
  const both = ['600 16px "Be Vietnam Pro"', '400 16px "Be Vietnam Pro"'];
  const fetched = Promise.all(both.map((font) => document.fonts.load(font, "Aa0 ườngộ")));
  await Promise.race([fetched.then(() => undefined, () => undefined), soon]);
}

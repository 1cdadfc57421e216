/** Registers the service worker, and has a newer app take over: at the start of a page, before anybody
 * has touched it, or when the person says so. Never under somebody's hands. */

import { effect, signal } from "@preact/signals";
import { boot } from "../core/boot";
import { remember } from "../core/db";
import { locale } from "../core/locale";
import { go } from "../core/router";

/** A newer app is on the phone. It takes over at the next start, or now by `takeOver()`. */
export const newVersion = signal(false);

const CALM_MS = 1_000;
const LOOK_AGAIN_MS = 60 * 60_000;

let waiting: ServiceWorker | null = null;
let wanted: "no" | "at-start" | "now" = "no";

/** Start the newer app now. What is written is kept by the drafts; the page begins anew. */
export function takeOver(): void {
  wanted = "now";
  if (waiting) waiting.postMessage({ kind: "take-over" });
  else location.reload(); // another tab had it take over already
}

export function startWorker(): void {
  effect(() => void remember("locale", locale.value).catch(() => undefined));
  if (!("serviceWorker" in navigator)) return;
  holdBuild();
  listenForTouch();
  navigator.serviceWorker.addEventListener("message", heard);
  listenForChange();
  if (document.readyState === "complete") void register();
  else addEventListener("load", () => void register()); // after what the first screen needs
}

/** While this page lives, its build's files are kept (`shell.ts`, clean). */
function holdBuild(): void {
  void navigator.locks
    ?.request(`xom-build-${boot.build}`, { mode: "shared" }, () => new Promise(() => undefined))
    .catch(() => undefined);
}

function heard(event: MessageEvent): void {
  const { kind, path } = (event.data ?? {}) as { kind?: string; path?: string };
  if (kind === "open" && path) go(path);
}

function listenForChange(): void {
  let controlled = Boolean(navigator.serviceWorker.controller);
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (wanted === "now" || (wanted === "at-start" && !touched)) location.reload();
    else if (controlled) newVersion.value = true; // another tab asked for it; here the person is at work
    controlled = true;
  });
}

async function register(): Promise<void> {
  try {
    const registration = await navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" });
    watch(registration);
    // A page that was on its way while the worker came alive came too late to be claimed with the others.
    if (!navigator.serviceWorker.controller) registration.active?.postMessage({ kind: "claim" });
    if (registration.waiting) await atStart(registration.waiting);
    else registration.active?.postMessage({ kind: "clean" });
  } catch {
    // no network, or a browser that forbids it (private windows): the app works without
  }
}

/** Once the page has had from the old worker what it opened with: Chromium may never let one go that is
 * told to while it answers. */
async function atStart(newer: ServiceWorker): Promise<void> {
  await new Promise((done) => setTimeout(done, CALM_MS));
  if (touched) return; // the person is at work: they are told, and say when
  wanted = "at-start";
  newer.postMessage({ kind: "take-over" });
}

function watch(registration: ServiceWorkerRegistration): void {
  note(registration);
  registration.addEventListener("updatefound", () => {
    const coming = registration.installing;
    coming?.addEventListener("statechange", () => note(registration));
  });
  setInterval(() => void registration.update().catch(() => undefined), LOOK_AGAIN_MS);
}

function note(registration: ServiceWorkerRegistration): void {
  if (!registration.waiting || !navigator.serviceWorker.controller) return;
  waiting = registration.waiting;
  newVersion.value = true;
}

/** Somebody has typed or tapped: until then nothing is lost by beginning again. */
let touched = false;

function listenForTouch(): void {
  const note = () => (touched = true);
  for (const name of ["pointerdown", "keydown", "wheel"]) {
    addEventListener(name, note, { once: true, capture: true, passive: true });
  }
}

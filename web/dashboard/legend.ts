/** What the tones mean: swatches, the figures at their edges, and when a cell stays blank. */

import { say } from "../console/words";
import type { Board } from "./board";
import { type Metric, TONES, figure } from "./ramp";

export function drawLegend(root: HTMLElement, metric: Metric, steps: number[]): void {
  const [, , third, , last] = steps;
  swatches(root, Array.from({ length: TONES }, (_, n) => `heat-${n + 1}`));
  labels(root, [metric.say(0), metric.say(third ?? 0), `${metric.say(last ?? 0)}+`]);
  note(root, metric.note());
}

export function drawChangeLegend(root: HTMLElement, step: number, board: Board): void {
  swatches(root, ["less-3", "less-2", "less-1", "same", "heat-2", "heat-4", "heat-6"]);
  labels(root, [
    say(`giảm ${figure(step * 2 + 1)}+`, `${figure(step * 2 + 1)}+ fewer`),
    say("như cũ", "same"),
    say(`tăng ${figure(step * 2 + 1)}+`, `${figure(step * 2 + 1)}+ more`),
  ]);
  note(root, say(`So với ${board.past?.name ?? ""}`, `Against ${board.past?.name ?? ""}`));
}

function swatches(root: HTMLElement, names: string[]): void {
  const ramp = root.querySelector(".ramp");
  ramp?.replaceChildren(...names.map((name) => {
    const one = document.createElement("i");
    one.className = name;
    return one;
  }));
}

function labels(root: HTMLElement, words: string[]): void {
  root.querySelectorAll(".ramp-labels span").forEach((one, n) => {
    one.textContent = words[n] ?? "";
  });
}

function note(root: HTMLElement, words: string): void {
  const place = root.querySelector(".legend-note");
  if (place) place.textContent = words;
}

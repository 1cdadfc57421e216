/** What the tones mean: swatches, the figures at their edges, and when a cell stays blank. */

import { say } from "../console/words";
import { type Board, daysOf } from "./board";
import { METRICS, type Metric, TONES, figure } from "./ramp";

export function drawLegend(root: HTMLElement, metric: Metric, steps: number[], medians: boolean): void {
  const [, , third, , last] = steps;
  swatches(root, Array.from({ length: TONES }, (_, n) => `heat-${n + 1}`));
  labels(root, [metric.say(0), metric.say(third ?? 0), `${metric.say(last ?? 0)}+`]);
  note(root, metric === METRICS.days && !medians ? tooManyForMedians() : metric.note());
}

export function drawChangeLegend(root: HTMLElement, step: number, board: Board): void {
  swatches(root, ["less-3", "less-2", "less-1", "same", "heat-2", "heat-4", "heat-6"]);
  labels(root, [
    say(`giảm ${figure(step * 2 + 1)}+`, `${figure(step * 2 + 1)}+ fewer`),
    say("như cũ", "same"),
    say(`tăng ${figure(step * 2 + 1)}+`, `${figure(step * 2 + 1)}+ more`),
  ]);
  const { name, code } = daysOf(board);
  const past = board.past?.name ?? "";
  note(root, code === board.period.code
    ? say(`So với ${past}`, `Against ${past}`)
    : say(`${name} so với ${past}`, `${name} against ${past}`));
}

/** The map is asked for again and again, the figures beside it are not: meanwhile reports go on. */
export function tellMoment(place: HTMLElement, asOf: string, board: Board): void {
  place.hidden = !board.as_of || Date.parse(asOf) === Date.parse(board.as_of);
  const clock = new Intl.DateTimeFormat("en-GB", { timeZone: board.zone, hour: "2-digit", minute: "2-digit" })
    .format(new Date(asOf));
  place.textContent = say(`Bản đồ tính đến ${clock}, không cùng lúc với các số liệu khác. Tải lại trang thì cùng lúc.`,
    `The map is as of ${clock}, not of the same moment as the other figures. Load the page again for both at once.`);
}

function tooManyForMedians(): string {
  return say("Quá nhiều phản ánh nên không tính trung vị cho khoảng ngày này. Chọn trọn một tháng, quý hoặc năm.",
    "With so many reports no median is worked out for these days. Choose a whole month, quarter or year.");
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

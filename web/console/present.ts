/** Who else has this report before them, and whether it has changed: asked while the page is looked at. */

import { ask } from "./failing";
import { aloud, say } from "./words";

const EVERY_MS = 15_000;

interface State {
  version: number;
  others: { name: string; doing: string }[];
}

export function watchReport(): void {
  setInterval(() => void tell(), EVERY_MS);
  document.addEventListener("htmx:after:swap", () => void tell());
  void tell();
}

async function tell(): Promise<void> {
  const report = document.querySelector<HTMLElement>(".report");
  const code = report?.dataset.code;
  if (!report || !code || document.hidden) return;
  const doing = new URLSearchParams({ doing: report.dataset.writing ?? "" });
  if ((await ask(`/console/reports/${code}/here`, { method: "POST", body: doing })) === null) return;
  const answer = await ask(`/console/reports/${code}/state`, { cache: "no-cache" });
  if (answer) show(report, JSON.parse(answer) as State);
}

function show(report: HTMLElement, state: State): void {
  const place = report.querySelector<HTMLElement>("#others");
  const words = place?.querySelector("p");
  if (!place || !words) return;
  const said = state.others.map(({ name, doing }) =>
    doing ? say(`${name} đang soạn “${doing}”.`, `${name} is writing “${doing}”.`) : say(`${name} đang xem.`, `${name} is looking.`),
  );
  const changed = state.version > Number(report.dataset.version);
  if (changed) said.push(say("Phản ánh này vừa có thay đổi.", "This report has just changed."));
  const sentence = said.join(" ");
  if (words.textContent === sentence) return;
  words.textContent = sentence;
  place.hidden = !sentence;
  if (changed) words.append(" ", again(report));
  if (sentence) aloud(sentence);
}

/** What is being written is kept (see `drafts`). */
function again(report: HTMLElement): HTMLElement {
  const link = document.createElement("a");
  link.href = location.href;
  link.textContent = say("Xem", "Look");
  link.dataset.code = report.dataset.code;
  return link;
}

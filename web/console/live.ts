/** The counts at the side and the list, kept up to date without moving what is being read: a row that
 * changed changes in its place, one that left pales, and new ones wait behind a button. */

import { ask } from "./failing";
import { aloud, amount, say } from "./words";

const COUNTS_EVERY_MS = 30_000;
const LIST_EVERY_MS = 20_000;
export const SETTLED = "xom:settled"; // something was done that no swap tells of: the counts have changed

export function watchLists(): void {
  void counts();
  setInterval(() => void counts(), COUNTS_EVERY_MS);
  setInterval(() => void refresh(), LIST_EVERY_MS);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) void counts().then(() => refresh());
  });
  document.addEventListener("htmx:after:swap", () => {
    mark();
    if (document.querySelector(".report .notice-done")) void counts().then(() => refresh());
  });
  document.addEventListener(SETTLED, () => void counts());
  document.addEventListener("click", (event) => {
    if ((event.target as Element).closest(".fresh")) void refresh(true);
  });
}

async function counts(): Promise<void> {
  if (document.hidden || !document.querySelector("[data-count]")) return;
  const answer = await ask("/console/counts", { cache: "no-cache", headers: { Accept: "application/json" } });
  const told = JSON.parse(answer ?? "{}") as Record<string, [number, number]>;
  for (const [name, [count, most]] of Object.entries(told)) {
    const place = document.querySelector<HTMLElement>(`[data-count="${name}"]`);
    if (!place) continue;
    place.textContent = count > most ? `${amount(most)}+` : amount(count);
    place.toggleAttribute("data-none", count === 0);
  }
}

/** Ask for the first page again; `whole`: put it in place as it is, new rows and all. */
async function refresh(whole = false): Promise<void> {
  const rows = document.getElementById("rows");
  if (!rows || document.hidden) return;
  const fresh = await page(rows.dataset.list ?? "");
  if (!fresh) return;
  if (whole || !rows.querySelector(".row")) {
    rows.replaceChildren(...fresh.childNodes);
    rows.scrollTop = 0;
    window.htmx.process(rows);
    return mark();
  }
  merge(rows, fresh);
  mark();
}

async function page(query: string): Promise<HTMLElement | null> {
  const answer = await ask(`/console/queue${query}`, { cache: "no-cache", headers: { "HX-Target": "div#rows" } });
  if (answer === null) return null; // it is told; what is there stays
  const place = document.createElement("div");
  place.innerHTML = answer;
  return place;
}

function merge(rows: HTMLElement, fresh: HTMLElement): void {
  const now = new Map([...fresh.querySelectorAll<HTMLElement>(".row")].map((row) => [row.id, row]));
  const here = [...rows.querySelectorAll<HTMLElement>(".row")];
  const seen = fresh.querySelector(".rows-more") ? now.size : Infinity; // of the next pages nothing is known
  here.forEach((row, place) => {
    const anew = now.get(row.id);
    if (!anew) return void row.classList.toggle("row-gone", place < seen);
    now.delete(row.id);
    row.classList.remove("row-gone");
    if (row.innerHTML === anew.innerHTML) return;
    const focused = row.contains(document.activeElement);
    if (row.dataset.version !== anew.dataset.version) anew.classList.add("row-changed");
    row.replaceWith(anew);
    window.htmx.process(anew);
    if (focused) anew.querySelector<HTMLElement>(".row-title")?.focus();
  });
  tellNew(rows, [...now.keys()].filter((id) => !document.getElementById(id)).length);
}

function tellNew(rows: HTMLElement, count: number): void {
  rows.querySelector(".fresh")?.remove();
  if (!count) return;
  const button = document.createElement("button");
  button.className = "button button-small button-primary fresh";
  button.textContent = say(`${count} phản ánh mới. Hiện`, count === 1 ? "1 new report. Show it" : `${count} new reports. Show them`);
  rows.prepend(button);
  aloud(button.textContent);
}

/** Which row's report is open. */
function mark(): void {
  const code = document.querySelector<HTMLElement>(".report")?.dataset.code;
  const beside = document.querySelector(".report, .list-map, [data-beside]") !== null;
  document.querySelector(".work")?.classList.toggle("has-report", beside);
  for (const row of document.querySelectorAll<HTMLElement>(".row")) {
    row.toggleAttribute("aria-current", row.dataset.code === code);
    if (row.dataset.code === code) row.setAttribute("aria-current", "true");
  }
}

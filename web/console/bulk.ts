/** Ticking rows of the list: a range with Shift, kept while the list changes under one's hands, and when it
 * is shown in the other language. What is sent is the version of each report as it was when it was ticked. */

import { amount } from "./words";

const KEPT = "desk:picked"; // over the change of the language
const picked = new Map<string, string>(); // a report's id → "id.version" as it was ticked
let last: HTMLInputElement | null = null;

export function pickRows(): void {
  const list = document.getElementById("list");
  const form = document.getElementById("pick") as HTMLFormElement | null;
  const rows = document.getElementById("rows");
  if (!list || !form || !rows) return;
  list.addEventListener("click", (event) => {
    const box = event.target as HTMLInputElement;
    if (box.matches?.(".row-pick")) pick(box, event.shiftKey);
  });
  form.addEventListener("change", tell);
  form.addEventListener("submit", () => sendUnseen(form));
  new MutationObserver(restore).observe(rows, { childList: true, subtree: true });
  for (const box of boxes()) if (box.checked) remember(box); // as the browser kept them
  document.querySelector("[data-language]")?.addEventListener("click", keep);
  giveBack();
  tell();
}

function keep(): void {
  sessionStorage.setItem(KEPT, JSON.stringify([...picked]));
}

function giveBack(): void {
  const kept = sessionStorage.getItem(KEPT);
  sessionStorage.removeItem(KEPT);
  for (const [id, value] of JSON.parse(kept ?? "[]") as [string, string][]) picked.set(id, value);
  restore();
}

function boxes(): HTMLInputElement[] {
  return [...document.querySelectorAll<HTMLInputElement>(".row-pick")];
}

const idOf = (box: HTMLInputElement) => box.value.split(".")[0] ?? "";

function pick(box: HTMLInputElement, range: boolean): void {
  const all = boxes();
  const [from, to] = [last ? all.indexOf(last) : -1, all.indexOf(box)];
  const chosen = range && from >= 0 ? all.slice(Math.min(from, to), Math.max(from, to) + 1) : [box];
  for (const one of chosen) {
    one.checked = box.checked;
    remember(one);
  }
  last = box;
  tell();
}

function remember(box: HTMLInputElement): void {
  if (box.checked) picked.set(idOf(box), box.value);
  else picked.delete(idOf(box));
}

/** Rows that were drawn anew are ticked as before, on the version that was looked at then. */
function restore(): void {
  for (const box of boxes()) {
    const kept = picked.get(idOf(box));
    if (!kept || box.checked) continue;
    box.checked = true;
    box.value = kept;
  }
}

/** How many are ticked, on the button; with the first one, all boxes show. */
function tell(): void {
  const form = document.getElementById("pick");
  const every = form?.querySelector<HTMLInputElement>("[name=all]")?.checked ?? false;
  const count = form?.querySelector<HTMLElement>("[data-picked]");
  if (count) count.textContent = every || !picked.size ? "" : ` (${amount(picked.size)})`;
  document.getElementById("list")?.classList.toggle("picking", picked.size > 0);
}

/** Those that were ticked and have left the list since go along all the same. */
function sendUnseen(form: HTMLFormElement): void {
  form.querySelectorAll("input[name=pick]").forEach((old) => old.remove());
  const here = new Set(boxes().map(idOf));
  for (const [id, value] of picked) {
    if (here.has(id)) continue;
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = "pick";
    field.value = value;
    form.append(field);
  }
}

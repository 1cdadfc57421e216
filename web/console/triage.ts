/** The centre's desk at the keyboard: one letter an act, the next report there at once, long lists
 * found by typing. Everything is a form that also works by itself. */

import { forget } from "./drafts";
import { ask, isOurs, sessionEnded } from "./failing";
import { findable } from "./finding";
import { SETTLED } from "./live";
import { aloud, amount, say } from "./words";

const HERE_EVERY_MS = 20_000;
const WRITES = "textarea, select, input:not([type=checkbox], [type=radio], [type=submit])";

export function workTriage(): void {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    const at = event.target as Element;
    if (event.key === "Escape") return leave(at as HTMLElement);
    if (at.matches(WRITES) || (event.key === "Enter" && at.matches("a, button, summary"))) return;
    if (isOnItsWay()) return event.preventDefault();
    if (digit(event.key) || hot(event.key.toLowerCase(), at)) event.preventDefault();
  });
  if (!document.getElementById("triage")) return;
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (!form.matches("[data-quick]")) return;
    event.preventDefault();
    if (!isOnItsWay()) settle(form);
  });
  document.addEventListener("click", (event) => {
    const at = event.target as Element;
    const opener = at.closest<HTMLElement>("[data-opens]");
    if (opener) toggle(opener);
    if (!at.closest("[data-skip]") || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    if (isOnItsWay()) return;
    void show(0).then((before) => (before.length ? arrange() : location.assign(following())));
  });
  arrange();
  setInterval(() => void here(), HERE_EVERY_MS);
}

/** Other dispatchers are given another one meanwhile. */
async function here(): Promise<void> {
  const code = place().querySelector<HTMLElement>("article")?.dataset.code;
  if (!code || document.hidden) return;
  await ask(`/console/reports/${code}/here`, { method: "POST", body: new URLSearchParams({ doing: "" }) });
}

/** The element of this letter: where the focus is, else the first there is. */
function hot(key: string, at: Element): boolean {
  const within = at.closest(".decide") ?? document.querySelector(".decide") ?? document;
  const wanted = `[data-hot~="${CSS.escape(key)}"]`;
  const found = within.querySelector<HTMLElement>(wanted) ?? document.querySelector<HTMLElement>(wanted);
  if (!found || found.hidden) return false;
  if (found.matches(WRITES)) found.focus();
  else found.click();
  return true;
}

/** A reason's number sends the refusal, once its form is open. */
function digit(key: string): boolean {
  const form = document.getElementById("reject") as HTMLFormElement | null;
  const radio = form?.querySelector<HTMLInputElement>(`[data-digit="${CSS.escape(key)}"]`);
  if (!form || form.hidden || !radio) return false;
  radio.checked = true;
  form.requestSubmit();
  return true;
}

/** What a button opens, and (the key again, or Esc) closes: the focus goes along. */
function toggle(opener: HTMLElement): void {
  const form = document.getElementById(opener.dataset.opens ?? "");
  if (!form) return;
  form.hidden = !form.hidden;
  opener.setAttribute("aria-expanded", String(!form.hidden));
  if (form.hidden) return opener.focus();
  form.querySelector<HTMLElement>("input[type=radio]")?.focus();
  form.scrollIntoView({ block: "nearest" });
}

/** Out of a field, whose letters are commands again; out of what was opened, back to its button. */
function leave(at: HTMLElement): void {
  const opener = document.querySelector<HTMLElement>("[data-opens]");
  const form = document.getElementById(opener?.dataset.opens ?? "");
  if (at.matches(WRITES) && !form?.contains(at)) return at.blur();
  if (opener && form && !form.hidden) toggle(opener);
}

// The next one -------------------------------------------------------------------------------

const place = () => document.getElementById("triage") as HTMLElement;
/** Is the next one not there yet? What still stands there was left: no key and no button acts on it. */
const isOnItsWay = () => document.querySelector("#triage[aria-busy]") !== null;
let sent: Promise<unknown> = Promise.resolve(); // one after the other, in the order of the keys
let ahead: Promise<HTMLElement | null> = Promise.resolve(null);

/** Make what has just come ready, and fetch the one after it. */
function arrange(): void {
  const reject = document.getElementById("reject");
  if (reject && !reject.hasAttribute("data-open")) reject.hidden = true;
  const opener = document.querySelector<HTMLElement>("[data-opens]");
  opener?.removeAttribute("hidden");
  opener?.setAttribute("aria-expanded", String(!reject?.hidden));
  for (const select of document.querySelectorAll<HTMLSelectElement>("select[data-find]")) findable(select);
  lookAhead();
}

function lookAhead(): void {
  const next = place().querySelector<HTMLElement>("article")?.dataset.next;
  ahead = next ? sent.then(() => fetched(next)) : Promise.resolve(null);
}

async function fetched(address: string): Promise<HTMLElement | null> {
  try {
    const headers = { "HX-Request": "true", "HX-Target": "div#triage" };
    const answer = await fetch(address, { cache: "no-store", headers });
    if (!answer.ok) return null;
    const part = document.createElement("div"); // its pictures begin to load now
    part.innerHTML = await answer.text();
    return part;
  } catch {
    return null;
  }
}

const following = () => place().querySelector<HTMLElement>("article")?.dataset.next ?? location.href;

/** Put the next one in place; `settled`: how many fewer are left than when it was fetched. What stood there
 * before; nothing, where the next one did not come and all stays. */
async function show(settled: number): Promise<Node[]> {
  const here = place();
  const before = [...here.childNodes];
  here.toggleAttribute("aria-busy", true);
  const part = await ahead;
  here.removeAttribute("aria-busy");
  if (!part) return [];
  const count = part.querySelector<HTMLElement>("[data-count-left]");
  if (count) count.textContent = amount(Number(count.dataset.countLeft) - settled);
  here.replaceChildren(...part.childNodes);
  scrollTo({ top: 0 });
  document.getElementById("main")?.scrollTo({ top: 0 });
  aloud(here.querySelector("h2")?.textContent ?? "");
  return before;
}

function settle(form: HTMLFormElement): void {
  const body = new FormData(form);
  const address = form.action;
  const inPlace = Boolean(form.closest("article"));
  const shown = inPlace ? show(1) : Promise.resolve<Node[]>([]);
  const said = document.getElementById("triage-said") as HTMLElement;
  sent = sent.then(async () => {
    const [answer, before] = await Promise.all([post(address, body), shown]);
    if (answer.ok) forget(form.dataset.keeps);
    if (answer.text) said.innerHTML = answer.text;
    else if (!answer.ok) tellUnsent(said, before.length > 0);
    if (!answer.ok && before.length) offerAgain(said, before, answer.text);
    else if (answer.ok && !before.length) location.assign(inPlace ? following() : location.pathname + location.search);
  });
  void shown.then((before) => (before.length ? arrange() : lookAhead()));
}

interface Answer {
  ok: boolean;
  text: string;
}

async function post(address: string, body: FormData): Promise<Answer> {
  try {
    const headers = { "HX-Request": "true", "HX-Target": "div#triage-said" };
    const answer = await fetch(address, { method: "POST", body, headers });
    if (answer.status === 401) sessionEnded();
    if (answer.ok) document.dispatchEvent(new Event(SETTLED));
    return { ok: answer.ok, text: isOurs(answer) ? await answer.text() : "" };
  } catch {
    return { ok: false, text: "" };
  }
}

/** `left`: the report gave way to the next one already. What is still there can be pressed again. */
function tellUnsent(said: HTMLElement, left: boolean): void {
  const words = document.createElement("p");
  words.dataset.unsent = "";
  words.textContent = left
    ? say("Chưa gửi được: phản ánh vừa rồi chưa được lưu.", "Not sent: the last report was not settled.")
    : say("Chưa gửi được. Những gì bạn viết còn nguyên ở đây. Thử lại.", "Not sent. What you wrote is all here. Try again.");
  if (left) said.replaceChildren();
  said.querySelector("[data-unsent]")?.remove();
  said.prepend(words);
  aloud(words.textContent);
}

/** It was not done: the report can be had again as it is now, with what was chosen and written. */
function offerAgain(said: HTMLElement, before: Node[], told: string): void {
  const button = document.createElement("button");
  button.className = "button button-small button-primary";
  button.textContent = say("Làm lại phản ánh đó", "Go back to that report");
  button.addEventListener("click", () => void again(said, before, Boolean(told)));
  (said.querySelector(".notice") ?? said).append(button);
  aloud(said.textContent ?? "");
}

async function again(said: HTMLElement, before: Node[], reached: boolean): Promise<void> {
  const old = before.find((node): node is HTMLElement => node instanceof HTMLElement && node.matches("article"));
  const code = old?.dataset.code ?? "";
  const query = new URLSearchParams(location.search);
  query.set("at", code);
  const part = await fetched(`/console/triage?${query}`);
  if (!part && reached) return location.assign(`/console/reports/${code}`);
  place().replaceChildren(...(part ? part.childNodes : before));
  said.replaceChildren();
  for (const field of part && old ? old.querySelectorAll<Field>("select, textarea, input:not([type=hidden])") : []) carryOver(field);
  arrange();
  const [reject, opener] = [document.getElementById("reject"), document.querySelector<HTMLElement>("[data-opens]")];
  if (reject?.hidden && opener && !old?.querySelector<HTMLElement>("#reject")?.hidden) toggle(opener);
}

/** What was chosen or written there; what was left alone stays as it is now. */
function carryOver(field: Field): void {
  const now = field.name ? fieldLike(field) : null;
  if (now instanceof HTMLInputElement && field instanceof HTMLInputElement) {
    if (field.checked !== field.defaultChecked) now.checked = field.checked;
  } else if (now && field.value) now.value = field.value;
}

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

function fieldLike(field: Field): Field | null {
  const value = field.type === "radio" ? `[value="${CSS.escape(field.value)}"]` : "";
  return place().querySelector<Field>(`#${field.form?.getAttribute("id") ?? "none"} [name="${CSS.escape(field.name)}"]${value}`);
}

/** What is being typed stays in this tab until it was taken: a closed form, another report looked at in
 * between, a page loaded again, a session that ended lose nothing.
 *
 * Some of it is personal: the name and the number of somebody who calls. So it is kept in sessionStorage
 * alone, which ends with the tab and which no other tab reads; it goes when the form was sent, when one
 * signs out, and when another official signs in. */

import { type Field, isTick, KEPT, putInto, valueOf } from "./fields";

type Draft = Record<string, string | boolean>; // by the field; of ticks, by their value as well

const PREFIX = "desk:";
const OWNER = "desk-of"; // whose it is, by their account
const SENT = "desk-sent"; // the form that an answer is awaited for

export function keepTyped(): void {
  for (const type of ["input", "change"]) document.addEventListener(type, (event) => keep(event.target as Field));
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (form.getAttribute("method") === "post") sessionStorage.setItem(SENT, form.dataset.keeps ?? "");
  });
  document.addEventListener("htmx:after:swap", () => restore(document.querySelector("#report .notice-done") !== null));
  document.querySelector("[data-sign-out]")?.addEventListener("submit", forgetAll);
  belongTo(document.body.dataset.who);
  restore(isAnswerToForm());
}

export function forget(form: string | undefined): void {
  if (form) sessionStorage.removeItem(PREFIX + form);
}

function forgetAll(): void {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
}

/** At a desk that several share nobody finds what another official wrote. Where nobody is signed in, all
 * stays: whoever's session ended finds it again. */
function belongTo(who: string | undefined): void {
  if (!who) return;
  if (sessionStorage.getItem(OWNER) !== who) forgetAll();
  sessionStorage.setItem(OWNER, who);
}

function keep(field: Field): void {
  const form = field.closest?.<HTMLFormElement>("form[data-keeps]");
  if (!form || !field.matches(KEPT)) return;
  const draft = draftOf(form);
  // Of radio buttons the others of the name are off now.
  for (const one of fieldsOf(form)) if (one.name === field.name) draft[nameOf(one)] = valueOf(one);
  sessionStorage.setItem(PREFIX + form.dataset.keeps, JSON.stringify(draft));
}

/** A form that was taken leads on to another address; one that was not is drawn again at its own, and whose
 * session ended is led to the door. */
function isAnswerToForm(): boolean {
  const [came] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  return Boolean(came?.redirectCount && document.referrer && document.body.dataset.who);
}

/** The form that was taken is forgotten, and only that one; the others come back as they were. */
function restore(taken: boolean): void {
  if (taken) {
    forget(sessionStorage.getItem(SENT) ?? "");
    sessionStorage.removeItem(SENT);
  }
  for (const done of document.querySelectorAll<HTMLElement>("[data-forgets]")) forget(done.dataset.forgets);
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-keeps]")) fill(form);
}

function fill(form: HTMLFormElement): void {
  const draft = draftOf(form);
  let looks: Field | undefined; // whose choice makes the server ask for more
  for (const field of fieldsOf(form)) {
    const kept = draft[nameOf(field)];
    const drawn = !isTick(field) && !(field instanceof HTMLSelectElement) && field.value; // by the server, as it was sent
    if (kept === undefined || drawn || kept === valueOf(field)) continue;
    putInto(field, kept);
    if (field.matches("[data-looks]")) looks = field;
  }
  looks?.dispatchEvent(new Event("change", { bubbles: true }));
}

const fieldsOf = (form: HTMLFormElement) => [...form.querySelectorAll<Field>(KEPT)];

const nameOf = (field: Field) => (isTick(field) ? `${field.name}=${field.value}` : field.name);

function draftOf(form: HTMLFormElement): Draft {
  return JSON.parse(sessionStorage.getItem(PREFIX + form.dataset.keeps) ?? "{}") as Draft;
}

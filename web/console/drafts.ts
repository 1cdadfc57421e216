/** What is being typed stays in this tab until it was taken: a closed form, another report looked at in
 * between, a page loaded again lose nothing. */

const PREFIX = "desk:";
const OWNER = "desk-of"; // whose it is, by their account

export function keepTyped(): void {
  document.addEventListener("input", (event) => {
    const field = event.target as HTMLTextAreaElement;
    const form = field.closest<HTMLFormElement>("form[data-keeps]");
    if (form && field.tagName === "TEXTAREA") sessionStorage.setItem(keyOf(form, field), field.value);
  });
  document.addEventListener("htmx:after:swap", restore);
  document.querySelector("[data-sign-out]")?.addEventListener("submit", () => forget(""));
  belongTo(document.body.dataset.who);
  restore();
}

/** At a desk that several share nobody finds what another official wrote. Where nobody is signed in, all
 * stays: whoever's session ended finds it again. */
function belongTo(who: string | undefined): void {
  if (!who) return;
  if (sessionStorage.getItem(OWNER) !== who) forget("");
  sessionStorage.setItem(OWNER, who);
}

/** A form that was taken is no longer there, and the page says so. */
function restore(): void {
  const report = document.querySelector<HTMLElement>(".report");
  if (report?.querySelector(".notice-done")) forget(report.dataset.code ?? "");
  for (const taken of document.querySelectorAll<HTMLElement>("[data-forgets]")) forget(`${taken.dataset.forgets}:`);
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-keeps]")) {
    for (const field of form.querySelectorAll("textarea")) {
      if (!field.value) field.value = sessionStorage.getItem(keyOf(form, field)) ?? "";
    }
  }
}

function keyOf(form: HTMLFormElement, field: HTMLTextAreaElement): string {
  return `${PREFIX}${form.dataset.keeps}:${field.name}`;
}

function forget(code: string): void {
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(PREFIX) && key.includes(code)) sessionStorage.removeItem(key);
  }
}

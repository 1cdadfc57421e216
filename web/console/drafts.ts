/** What is being typed stays in this tab until it was taken: a closed form, another report looked at in
 * between, a page loaded again lose nothing. */

const PREFIX = "desk:";

export function keepTyped(): void {
  document.addEventListener("input", (event) => {
    const field = event.target as HTMLTextAreaElement;
    const form = field.closest<HTMLFormElement>("form[data-keeps]");
    if (form && field.tagName === "TEXTAREA") sessionStorage.setItem(keyOf(form, field), field.value);
  });
  document.addEventListener("htmx:after:swap", restore);
  restore();
}

/** A form that was taken is no longer there, and the page says so. */
function restore(): void {
  const report = document.querySelector<HTMLElement>(".report");
  if (report?.querySelector(".notice-done")) forget(report.dataset.code ?? "");
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

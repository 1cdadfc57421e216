/** Where one is after a part of the page was changed: at what was done, or in the form that was opened;
 * never nowhere. */

export function landWell(): void {
  document.addEventListener("htmx:after:swap", () => {
    const code = document.querySelector<HTMLElement>(".report")?.dataset.code;
    if (code) document.title = `${code} · Xóm`;
    const report = document.querySelector<HTMLElement>(".report");
    const done = report?.querySelector<HTMLElement>(".notice-done");
    if (done) return report?.scrollIntoView({ block: "start" });
    const form = report?.querySelector<HTMLFormElement>("#step-form");
    if (form && !form.contains(document.activeElement)) return enter(form);
    if (document.activeElement === document.body) document.getElementById("main")?.focus({ preventScroll: true });
  });
}

/** To what has to be put right, else to the first thing that is asked. */
function enter(form: HTMLFormElement): void {
  const asked = "textarea, select:not(.template), input:not([type=hidden])";
  const wrong = form.querySelector<HTMLElement>("[aria-invalid=true]");
  (wrong ?? form.querySelector<HTMLElement>(asked))?.focus();
}

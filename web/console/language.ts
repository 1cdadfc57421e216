/** What is typed on a page goes along when the page is asked for in the other language. A secret and a file
 * do not: those no page gives back. */

import { type Field, isTick, KEPT, putInto, valueOf } from "./fields";

const OVER = "desk:language";
const TYPED = `main ${KEPT}`;

export function keepOverLanguages(): void {
  giveBack();
  document.addEventListener("click", (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>("a[data-language]");
    if (!link) return;
    const here = new URL(location.href); // parts of the page may have changed it since
    here.searchParams.set("lang", link.hreflang);
    if (new URL(link.href).pathname === here.pathname) link.href = here.href;
    const fields = changed().map((field): [string, string | boolean] => [nameOf(field), valueOf(field)]);
    sessionStorage.setItem(OVER, JSON.stringify({ path: here.pathname, fields }));
  });
}

function giveBack(): void {
  const kept = sessionStorage.getItem(OVER);
  sessionStorage.removeItem(OVER);
  if (!kept) return;
  const { path, fields } = JSON.parse(kept) as { path: string; fields: [string, string | boolean][] };
  if (path !== location.pathname) return;
  const values = new Map(fields);
  for (const field of document.querySelectorAll<Field>(TYPED)) {
    const value = values.get(nameOf(field));
    if (value !== undefined) putInto(field, value);
  }
}

function changed(): Field[] {
  const answer = document.querySelector(".field-error, .notice-wrong") !== null; // then all of it was typed
  return [...document.querySelectorAll<Field>(TYPED)].filter((field) => answer || differs(field));
}

function differs(field: Field): boolean {
  if (field instanceof HTMLSelectElement) return [...field.options].some((one) => one.selected !== one.defaultSelected);
  return isTick(field) ? field.checked !== field.defaultChecked : field.value !== field.defaultValue;
}

/** Of a form that is sent elsewhere a field of the same name is another. */
function nameOf(field: Field): string {
  return [field.form?.getAttribute("action") ?? "", field.name, isTick(field) ? field.value : ""].join(" ");
}

/** What a form's fields hold, of those that may be kept for a while: no secret, and no file, which no page
 * may give back. */

export type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

const SECRET = "[type=hidden], [type=password], [type=file], [readonly], [autocomplete=one-time-code], .row-pick";
export const KEPT = `:is(input:not(${SECRET}), textarea:not([readonly]), select)[name]`;

export const isTick = (field: Field): field is HTMLInputElement => ["checkbox", "radio"].includes(field.type);

export const valueOf = (field: Field) => (isTick(field) ? field.checked : field.value);

export function putInto(field: Field, value: string | boolean): void {
  if (typeof value === "boolean") (field as HTMLInputElement).checked = value;
  else field.value = value;
}

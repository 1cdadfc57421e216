/** The language of the page, and how each folder's `words.ts` offers both. */

import { signal } from "@preact/signals";
import { boot } from "./boot";

export type Locale = "vi" | "en";

export const locale = signal<Locale>(boot.locale ?? "vi");

/** Words in both languages; call what it answers to get those of the language in use.
 *
 *     export const words = inWords({ vi: { send: "Gửi" }, en: { send: "Send" } });
 *     words().send
 */
export function inWords<Words>(both: { vi: Words; en: NoInfer<Words> }): () => Words {
  return () => both[locale.value];
}

/** Change the language, here and at the next visit. */
export function setLocale(wanted: Locale): void {
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `lang=${wanted}; path=/; max-age=31536000; samesite=lax${secure}`;
  document.documentElement.lang = wanted;
  locale.value = wanted;
}

/** 1.843 in Vietnamese, 1,843 in English. */
export function number(value: number, digits = 0): string {
  return value.toLocaleString(locale.value, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

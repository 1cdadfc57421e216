/** What scripts say by themselves, in the page's language. All other words are the server's. */

export function say(vi: string, en: string): string {
  return document.documentElement.lang === "en" ? en : vi;
}

/** For those who listen instead of looking. */
export function aloud(text: string): void {
  const place = document.getElementById("aloud");
  if (place) place.textContent = text;
}

export const amount = (count: number) => count.toLocaleString(document.documentElement.lang === "en" ? "en" : "vi");

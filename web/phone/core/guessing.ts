/** What words speak of: danger, a category. The same rule as the server's (reports/city/words.py), kept
 * here too since it must work with no network; a test holds the two against each other.
 *
 * A word typed with diacritics must carry the right ones ("chạy" is not "cháy"); one typed without
 * any fits all. A phrase that begins with "=" counts only as written; one with "^" so too, and only where
 * the words begin with it. */

import type { Category, Hotline } from "./types";

const AS_WRITTEN = "=";
const AT_THE_BEGINNING = "^";
const TONES = /[\u0300\u0301\u0303\u0309\u0323]/g;
const MARKS = /\p{M}/gu;
const WORD = /[\p{L}\p{N}_]+/gu;

interface Token {
  bare: string;
  letters: string;
  tone: string;
}

/** Lower case without any diacritics: "Đường Lê Lợi" → "duong le loi". */
export function fold(text: string): string {
  return text.toLowerCase().normalize("NFD").replaceAll("đ", "d").replace(MARKS, "");
}

export function tokens(text: string): Token[] {
  return (text.normalize("NFC").match(WORD) ?? []).map(token);
}

function token(word: string): Token {
  const split = word.toLowerCase().normalize("NFD");
  const tone = [...(split.match(TONES) ?? [])].sort().join("");
  return { bare: fold(word), letters: split.replace(TONES, ""), tone };
}

export function speaksOf(said: Token[], phrase: string): boolean {
  const wanted = tokensOf(phrase);
  if (!wanted.length) return false;
  const begins = phrase.startsWith(AT_THE_BEGINNING);
  const fits = begins || phrase.startsWith(AS_WRITTEN) ? isSame : isMeant;
  const starts = begins ? said.slice(0, 1) : said;
  return starts.some((_, start) =>
    wanted.every((word, index) => {
      const heard = said[start + index];
      return heard !== undefined && fits(word, heard);
    }),
  );
}

/** A city has hundreds of phrases, all held against the words at each letter that is typed. */
const phrases = new Map<string, Token[]>();

function tokensOf(phrase: string): Token[] {
  const known = phrases.get(phrase) ?? tokens(phrase);
  phrases.set(phrase, known);
  return known;
}

function isSame(wanted: Token, said: Token): boolean {
  return wanted.letters === said.letters && wanted.tone === said.tone;
}

function isMeant(wanted: Token, said: Token): boolean {
  if (wanted.bare !== said.bare) return false;
  return (said.letters === said.bare && !said.tone) || isSame(wanted, said);
}

/** The numbers to call now, when words speak of danger. */
export function dangerIn(text: string, lines: Hotline[]): Hotline[] {
  const said = tokens(text);
  return lines.filter((line) => line.words.some((word) => speaksOf(said, word)));
}

/** The likeliest categories for these words: longer and more keywords weigh more. */
export function suggest(text: string, offered: Category[], most = 3): Category[] {
  const said = tokens(text);
  const weighed = offered.map((category) => ({
    category,
    weight: category.keywords
      .filter((word) => speaksOf(said, word))
      .reduce((sum, word) => sum + [...word].length, 0),
  }));
  return weighed
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .slice(0, most)
    .map(({ category }) => category);
}

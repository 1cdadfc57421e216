/** The code that people read aloud (482-173-906-K), as a person types it. The same rule as the
 * server's (reports/codes.py), kept here too so that a slip of the finger is told with no network. */

const LETTERS = "ACDEFHJKMNPRTVWXY";
const WEIGHTS = [11, 5, 16, 10, 4, 15, 9, 3, 14]; // multiples of 11, modulo 17
const SEPARATORS = /[\s.\-\u2010-\u2015\u2212]+/g;
const LONGEST = 40;

/** Letters that are taken for a digit; no code has them as its letter. */
const TAKEN_FOR: Record<string, string> = { O: "0", Q: "0", I: "1", L: "1", Z: "2", S: "5", G: "6", B: "8" };

/** The code as stored, or null when it cannot be one. */
export function readCode(text: string): string | null {
  if (text.length > LONGEST) return null;
  const typed = text.normalize("NFKC").replace(SEPARATORS, "").toUpperCase();
  const digits = [...typed.slice(0, 9)].map((letter) => TAKEN_FOR[letter] ?? letter).join("");
  const letter = typed.slice(9);
  return /^[0-9]{9}$/.test(digits) && letter === checkLetter(digits) ? digits + letter : null;
}

function checkLetter(digits: string): string {
  const total = WEIGHTS.reduce((sum, weight, place) => sum + weight * Number(digits[place]), 0);
  return LETTERS.charAt(total % LETTERS.length);
}

/** 482173906K → 482-173-906-K. */
export function spokenCode(code: string): string {
  return [code.slice(0, 3), code.slice(3, 6), code.slice(6, 9), code.slice(9)].join("-");
}

/** A phone number as a person writes it, while it is being typed: "0905 123 456". */

/** The text with its spaces put right; left alone where something was taken away or put in between,
 * so that the cursor stays. */
export function spokenPhone(text: string, before: string): string {
  const kept = text.replace(/[^\d+ .()-]/g, "");
  if (!kept.startsWith(before) && before) return kept;
  const digits = kept.replace(/\D/g, "");
  const plus = kept.trimStart().startsWith("+");
  if (plus && !digits.startsWith("84")) return kept; // another country writes in its own way
  return plus ? `+${parts(digits, [2, 3, 3, 3])}` : parts(digits, [4, 3, 3]);
}

function parts(digits: string, lengths: number[]): string {
  const cut: string[] = [];
  let at = 0;
  for (const length of lengths) {
    cut.push(digits.slice(at, at + length));
    at += length;
  }
  cut.push(digits.slice(at));
  return cut.filter(Boolean).join(" ");
}

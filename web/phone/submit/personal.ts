/** Do words tell who somebody is? A gentle hint while writing, no more: what is hidden in public is
 * decided by the server alone (reports/masking.py), which hides numbers, never names. */

const GAP = "[ .\\-·()]{0,3}";
const EDGE = "(?:^|[^\\d.,])";
/** A telephone, an identity card of 9 or 12 digits, a number plate. No lookbehind: older iPhones. */
const NUMBERS = [
  new RegExp(`${EDGE}(?:\\+?84|0)${GAP}(?:[35789](?:${GAP}\\d){8}|2(?:${GAP}\\d){9})(?!\\d)`),
  new RegExp(`${EDGE}(?:\\d{12}|\\d{9})(?!\\d)`),
  /(?:^|[^\w/])[1-9]\d ?[-–.]? ?[A-ZĐ]{1,2}\d? ?[- .]{1,3} ?(?:\d{3}\.?\d{2}|\d{4})(?!\w)/i,
];

const SURNAMES = new Set(
  (
    "nguyễn trần lê phạm hoàng huỳnh phan vũ võ đặng bùi đỗ hồ ngô dương lý tôn công hà cao đinh " +
    "trương lâm mai tô đoàn châu thái văn lương"
  ).split(" "),
);
const TITLES = /(?:^|[\s,.;:("“])(?:ông|bà|anh|chị|cô|chú|bác|thầy|mr|mrs|ms|miss)\.?\s+(\S+)/giu;
const CAPITAL = /^\p{Lu}\p{Ll}+[,.;:!?)”"]?$/u;
/** Streets, wards and schools carry people's names: "đường Lê Lợi" names nobody. */
const PLACES = /(?:đường|phố|trường|cầu|chợ|kiệt|hẻm|ngõ|phường|xã|công viên|bệnh viện|lăng|chùa|số \d+\S*|street|school)\s*$/iu;

export function tellsNumbers(text: string): boolean {
  return NUMBERS.some((pattern) => pattern.test(text));
}

export function namesSomebody(text: string): boolean {
  return titled(text) || fullName(text);
}

function titled(text: string): boolean {
  return [...text.matchAll(TITLES)].some((found) => CAPITAL.test(found[1] ?? ""));
}

/** A surname and two more capitals: "Nguyễn Văn An", unless a street is meant. */
function fullName(text: string): boolean {
  const said = text.split(/\s+/);
  return said.some((word, index) => {
    if (!SURNAMES.has(word.toLowerCase()) || !CAPITAL.test(word)) return false;
    const rest = said.slice(index + 1, index + 3);
    const before = said.slice(Math.max(0, index - 3), index).join(" ");
    return rest.length === 2 && rest.every((one) => CAPITAL.test(one)) && !PLACES.test(before);
  });
}

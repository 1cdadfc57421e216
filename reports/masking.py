"""Hides numbers that point at a person in words that will be published.

Telephones, identity cards and number plates become "•••", nothing of them kept; a dispatcher may
show them again. A doubtful number is hidden: that can be undone, a published one cannot. Dates,
sums of money, house numbers and report codes stay. Pure.
"""

import re
from collections.abc import Iterator
from unicodedata import decimal

from app.text import normalise
from reports.codes import read_code

__all__ = ["MASK", "is_redacted", "mask_numbers", "normalise"]

MASK = "•••"
FEWEST_DIGITS = 4  # "biển số 1234": with fewer there is nothing to hide

_FOREIGN_DIGIT = re.compile(r"[^\D0-9]")
_GAP = r"[ \t\u00a0.\-\u2010-\u2015_·()]{0,3}"  # what people put between digits
_CURRENCY = r"\s?(?:đồng(?! chí)|vnđ|vnd|usd|triệu|tỷ|tỉ|đ(?![/.]\w)|₫)(?!\w)"
_BREAK = r"[\s.\u2010-\u2015-]"
_DAY_MONTH = r"(?:0?[1-9]|[12]\d|3[01])(?P<mark{0}>[./-])(?:0?[1-9]|1[0-2])(?P=mark{0})"
_DATE = (
    rf"(?<![\d./-])(?:{_DAY_MONTH.format(4)}(?:19|20)\d\d"
    rf"|(?<!\d{_BREAK})(?<!\d{_BREAK}{{2}})(?<!\d{_BREAK}{{3}}){_DAY_MONTH.format(2)}\d\d)"
    r"(?!\d|[./-]\d)"
)
# "0905 123 456 đ/c Lan" holds no sum of 123,456: nothing before the sum may belong to it.
_MONEY = rf"(?<![\d.,])(?<!\d[\s.-])[1-9](?:\d{{0,2}}(?:[., ]\d{{3}})+(?:,\d+)?|\d*00){_CURRENCY}"
_CODE = r"(?<!\w)(?P<code>\d{3}[\s.-]?\d{3}[\s.-]?\d{3}[\s.-]?[a-z])(?!\w)"
_HARMLESS = re.compile(f"{_DATE}|{_MONEY}|{_CODE}", re.IGNORECASE)

# After these words, a number is what they say, whatever its shape.
_SAYING = r"(?: (?:là|la|số|so|ở|qua|theo|của|tôi|em|anh|chị|ông|bà))*[ \t]?[:.,#(]?[ \t]?"
_IDENTITY_WORD = (
    r"(?:cccd|cmnd|cmtnd|cmt|căn cước(?: công dân)?|can cuoc(?: cong dan)?|hộ chiếu|ho chieu"
    r"|chứng minh(?: nhân dân| thư)?|chung minh(?: nhan dan| thu)?|định danh(?: cá nhân)?|passport)"
)
_PHONE_WORD = (
    r"(?:sđt|sdt|đt|dt|đtdđ|điện thoại|dien thoai|số máy|so may|zalo|viber|tel|phone|mobile|hotline"
    r"|liên hệ|lien he|liên lạc|lien lac|gọi|goi|alo|lh)"
)
_PLATE_WORD = r"(?:biển (?:kiểm soát|số|xe)|bien (?:kiem soat|so|xe)|bks|bsx|plate)"
_PLATE_SAID = (
    r"(?:[1-9]\d[ .-]{0,3}[a-zđ]{1,2}\d?[ .-]{0,3})?\d{2,3}[ .-]?\d{2,3}"
    r"|[a-z]{2}[ .-]{0,3}\d{2}[ .-]?\d{2}"
)
_SAID = tuple(
    re.compile(rf"(?<!\w)(?P<said>{word}{_SAYING})(?P<number>{number})(?!\w)", re.IGNORECASE)
    for word, number in (
        (_IDENTITY_WORD, rf"[a-z]?\d(?:{_GAP}\d){{5,14}}"),
        (_PHONE_WORD, rf"(?!1[89]00)\d(?:{_GAP}\d){{6,7}}"),  # a landline without its area code
        (_PLATE_WORD, _PLATE_SAID),
    )
)

_PLATE = re.compile(
    r"""(?<![\w/])(?<!\d[.,-]) [1-9]\d [ ]?[-\u2013.]?[ ]?
        (?P<series>[a-zđ]{1,2}\d?) (?P<gap>[ .-]{0,3}) (?P<number>\d{3}[. ]?\d{2}|\d{4}) (?!\w)
      | (?<![\w-]) \d{2}-\d{3}-(?:ng|qt|nn|cv)-\d{2} (?!\w)""",
    re.VERBOSE | re.IGNORECASE,
)
_UNITS = frozenset(
    {"h", "g", "m", "k", "l", "t", "w", "v", "tr", "kv", "kw", "kg", "km", "cm", "mm"}
)
_UNITS |= {"dm", "cc", "ml", "ha", "hp", "mw"}

_IDENTITY = re.compile(
    rf"(?<!\d)0\d\d{_GAP}\d{{3}}{_GAP}\d{{3}}{_GAP}\d{{3}}(?!\d)"
    rf"|(?<!\d)0\d{{3}}{_GAP}\d{{4}}{_GAP}\d{{4}}(?!\d)"
    r"|(?<![\d+])(?<!\d[.,])(?:\d{12}|\d{9}|0\d\d\.\d{3}\.\d{3})(?!\d)"
    r"|(?<!\d)(?<!\d[ .,-])(?P<spaced>[0-3]\d\d \d{3} \d{3})(?! ?\d)"
)
_PHONE = re.compile(
    rf"""(?:\((?=[+\d ]{{2,6}}\)))?
         (?: (?<!\d)(?:\+|00){_GAP}84{_GAP}0? | (?<!\d)84 | (?<!\d)0 | (?<!\w)o(?=\d) ) {_GAP}
         (?: [35789](?:{_GAP}\d){{8}} | 2(?:{_GAP}\d){{9}} | 1[2689](?:{_GAP}\d){{8}} ) (?!\d)
      | (?<!\d) \+ \d (?:{_GAP}\d){{7,14}} (?!\d)""",
    re.VERBOSE | re.IGNORECASE,
)


def mask_numbers(text: str) -> str:
    """The text with telephones, identity cards and plates hidden. Expects normalised text.

    Digits of other scripts (０９０５) become plain ones.
    """
    if sum(map(str.isdecimal, text)) < FEWEST_DIGITS:
        return text
    text = _FOREIGN_DIGIT.sub(lambda found: str(decimal(found[0])), text)
    pieces, start = [], 0
    for harmless in _harmless(text):
        pieces += [_hide_by_shape(text[start : harmless.start()]), harmless[0]]
        start = harmless.end()
    masked = "".join([*pieces, _hide_by_shape(text[start:])])
    for pattern in _SAID:
        masked = pattern.sub(_hide_what_is_said, masked)
    return masked


def is_redacted(public: str, *, of: str) -> bool:
    """Did somebody leave words out by hand? Else it is all of it, or its numbers are hidden."""
    return public not in {of, mask_numbers(of)}


def _harmless(text: str) -> Iterator[re.Match[str]]:
    return (found for found in _HARMLESS.finditer(text) if _is_harmless(found))


def _is_harmless(found: re.Match[str]) -> bool:
    return found["code"] is None or read_code(found["code"]) is not None


def _hide_by_shape(text: str) -> str:
    text = _PLATE.sub(lambda found: MASK if _is_plate(found) else found[0], text)
    text = _IDENTITY.sub(lambda found: found[0] if _is_row_of_houses(found) else MASK, text)
    return _PHONE.sub(MASK, text)


def _hide_what_is_said(found: re.Match[str]) -> str:
    number = _HARMLESS.match(found.string, found.start("number"))
    if number is not None and _is_harmless(number):
        return found[0]
    return found["said"] + MASK


def _is_plate(found: re.Match[str]) -> bool:
    """Not "rộng 12m 15000 viên", "đường 35kV-1234", "lô 12A 2024"."""
    series, gap, number = found["series"], found["gap"], found["number"]
    if series is None or "." in number:
        return True
    if series.lower() in _UNITS and not series.isupper():
        return False
    is_year = number[:2] in {"19", "20"} and len(number) == 4
    return "-" in gap or (len(number) > 4 or (series.isupper() and not is_year))


def _is_row_of_houses(found: re.Match[str]) -> bool:
    """Three numbers that climb by little, as neighbours do: 101 103 105."""
    if found["spaced"] is None:
        return False
    first, second, third = map(int, found["spaced"].split(" "))
    return 0 < second - first <= 20 and 0 < third - second <= 20

"""What is said of a change, on pages and on paper alike: how much it is, why none is told, that it
may be chance. Pure.
"""

from reports.figures.changes import By, State
from reports.figures.spoken_numbers import DAY_HOURS, HOUR_S, decimal

WHY_NOT = {
    State.NO_PAST: ("chưa có kỳ trước", "no period before"),
    State.TOO_FEW: ("quá ít để so sánh", "too few to compare"),
    State.RIPENING: ("chưa đến lúc so sánh", "too early to compare"),
}
UNCHANGED = ("không đổi", "unchanged")
CHANCE = ("có thể chỉ do ngẫu nhiên", "may be chance alone")
_UNITS = {
    By.PERCENT: ("%", "%"),
    By.NUMBER: ("", ""),
    By.POINTS: (" điểm phần trăm", " points"),
    By.SECONDS: (" giờ", " hours"),
    By.STARS: (" sao", " stars"),
}
#: In the cell of a table, whose heading or note says what they are.
_SHORT = {By.POINTS: (" điểm %", " pts"), By.SECONDS: (" ngày", " days")}
_DIGITS = {By.NUMBER: 0, By.STARS: 2}


def said(amount: float, by: By, locale: str, *, short: bool = False) -> str:
    """+12%; +57; −2,1 điểm phần trăm; +3,2 giờ; không đổi where it is less than is written. In
    short points are cut and times are working days: −2,1 điểm %; +0,4 ngày."""
    unit_s = HOUR_S * DAY_HOURS if short else HOUR_S
    much = amount / unit_s if by is By.SECONDS else amount
    digits = 0 if by is By.PERCENT and abs(much) >= 10 else _DIGITS.get(by, 1)
    much = round(much, digits)
    if not much:
        return UNCHANGED[locale != "vi"]
    sign = "+" if much > 0 else "−"
    units = _UNITS | _SHORT if short else _UNITS
    return f"{sign}{decimal(abs(much), locale, digits)}{units[by][locale != 'vi']}"


def is_nothing(words: str) -> bool:
    """Is this amount, as it is said, none?"""
    return words in UNCHANGED


def may_be_chance(words: str, *, sure: bool | None) -> bool:
    """Is that to be said of this change, told in these words? Of what is unchanged nothing is."""
    return sure is False and not is_nothing(words)

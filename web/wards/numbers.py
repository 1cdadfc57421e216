"""How numbers are written to residents: 1.843; 88%; 2,8 ngày làm việc. In the reader's language."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from app.locale import current_locale, in_words
from reports.figures.periods import Kind, containing
from reports.figures.spoken_numbers import DAY_HOURS, decimal

NOT_TOLD = "–"


def number(value: float, digits: int = 0) -> str:
    """1.843; 2,8 with a digit, and 3 where that digit is a nought."""
    return decimal(value, current_locale(), digits)


def share(value: float | None) -> str:
    """Whole percents."""
    return NOT_TOLD if value is None else f"{number(value * 100)}%"


def working_time(hours: int | None) -> str:
    """6 giờ làm việc; 2,8 ngày làm việc."""
    if hours is None:
        return NOT_TOLD
    if hours < 1:
        return in_words("chưa đến 1 giờ làm việc", "less than a working hour")
    if hours < DAY_HOURS:
        return in_words(f"{hours} giờ làm việc", _plural(str(hours), "working hour"))
    days = number(hours / DAY_HOURS, 1)
    return in_words(f"{days} ngày làm việc", _plural(days, "working day"))


def working_days(hours: int | None) -> str:
    """The same for a column headed with its unit: 2,8."""
    if hours is None:
        return NOT_TOLD
    return number(hours / DAY_HOURS, 1) if hours else f"<{number(0.1, 1)}"


def _plural(count: str, word: str) -> str:
    return f"{count} {word}" if count == "1" else f"{count} {word}s"


def reports(count: int) -> str:
    """274 phản ánh; 1 report, 274 reports."""
    written = number(count)
    return in_words(f"{written} phản ánh", _plural(written, "report"))


def month_name(first: date, *, starts: bool = False) -> str:
    """tháng 10/2026 (Tháng, where a sentence starts with it); October 2026."""
    name = containing(Kind.MONTH, first).name(current_locale())
    return capital(name) if starts else name


def month_of_code(code: str) -> str:
    """tháng 10/2026, of 2026-10."""
    return month_name(date.fromisoformat(f"{code}-01"))


def short_month(first: date) -> str:
    """10/2026; Oct 2026."""
    return in_words(f"{first.month}/{first.year}", f"{first:%b} {first.year}")


def day(at: date | datetime, zone: str) -> str:
    """5/11/2026; 5 November 2026. A moment's day is the city's."""
    local = at.astimezone(ZoneInfo(zone)) if isinstance(at, datetime) else at
    vi = f"{local.day}/{local.month}/{local.year}"
    return in_words(vi, f"{local.day} {local:%B} {local.year}")


def capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def lower(words: str) -> str:
    """Within a sentence: phường Thuận Hóa, rác thải. English names of places keep theirs."""
    return words[:1].lower() + words[1:]

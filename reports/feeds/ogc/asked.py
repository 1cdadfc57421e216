"""What an address of the OGC API asks for, in the standard's own forms.

Everything that cannot be answered is refused: the standard wants 400 for each, which the views see
to. What is beyond a bound, such as `limit`, is cut to it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.errors import Invalid
from reports import asking
from reports.city.snapshot import City
from reports.filters import Filters
from reports.geometry import Box

USUAL, MOST = 100, 1000  # features a page
MOST_AREAS = 100  # a true boundary has thousands of points
MOST_DIGITS = 9
EDGE = 85.0  # beyond, Web Mercator ends, and there are no reports
INSTANT = timedelta(microseconds=1)  # what a moment is wide: the database knows no finer
#: RFC 3339, section 5.6: of all that Python takes for a moment, a date-time or a date.
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d([Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d))?", re.ASCII)
_NO_END = frozenset({"", ".."})
#: By which properties reports can be picked out.
PROPERTIES = ("area", "category", "status")
PAGED = ("bbox", "datetime", "limit", "after")
OF_REPORTS = (*PAGED, *PROPERTIES, "lang")
OF_AREAS = (*PAGED, "lang")


class BadExtent(asking.BadBox):
    """The same in the standard's terms, which knows more kinds of boxes."""

    vi = "Khung bbox cần bốn số (tây,nam,đông,bắc) hoặc sáu số, tính bằng độ."
    en = "The bbox takes four numbers (west,south,east,north) or six, in degrees."


class BadMoment(Invalid):
    code = "bad-datetime"
    field = "datetime"
    vi = "Cần một thời điểm theo RFC 3339 hoặc một khoảng, như 2026-03-01T00:00:00Z/.."
    en = "Give a moment by RFC 3339, or an interval such as 2026-03-01T00:00:00Z/.."


class BadLimit(Invalid):
    code = "bad-limit"
    field = "limit"
    vi = "Số đối tượng mỗi trang là số nguyên từ 1."
    en = "The limit is a whole number from 1 on."


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which features: `box` None is everywhere, `since` and `until` half open."""

    box: Box | None
    since: datetime | None
    until: datetime | None
    limit: int
    after: str | None
    filters: Filters


def wanted(query: Mapping[str, str], city: City) -> Wanted:
    """Raises Invalid, with the parameter as its field."""
    since, until = _span(query.get("datetime"), ZoneInfo(city.profile.timezone))
    named = {name: query.get(name) for name in PROPERTIES}
    narrowed = asking.filters_from(named, city)
    return Wanted(
        box=_box(query.get("bbox"), city.bounds),
        since=since,
        until=until,
        limit=_limit(query.get("limit")),
        after=query.get("after"),
        filters=narrowed,
    )


def _limit(text: str | None) -> int:
    if text is None:
        return USUAL
    if not (text.isascii() and text.isdigit()) or int(text[:MOST_DIGITS]) < 1:
        raise BadLimit
    return min(int(text[:MOST_DIGITS]), MOST)


def _box(text: str | None, city: Box) -> Box | None:
    """Heights of a box of six are left out: nothing here has one. A box across the 180th meridian
    is two; of these the one that the city lies in."""
    if text is None:
        return None
    numbers = _numbers(text)
    if len(numbers) == 6:
        west, south, low, east, north, high = numbers
    else:
        west, south, east, north = numbers
        low = high = 0
    if low > high:
        raise BadExtent
    if not (abs(west) <= 180 and abs(east) <= 180 and -90 <= south <= north <= 90):
        raise BadExtent
    if west > east:
        west, east = (west, 180.0) if city[2] >= west else (-180.0, east)
    return west, _within(south), east, _within(north)


def _numbers(text: str) -> list[float]:
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        raise BadExtent from None
    if len(numbers) not in {4, 6} or not all(abs(one) < 1e6 for one in numbers):  # NaN neither
        raise BadExtent
    return numbers


def _within(lat: float) -> float:
    return max(-EDGE, min(EDGE, lat))


def _span(text: str | None, zone: ZoneInfo) -> tuple[datetime | None, datetime | None]:
    """A moment, or an interval that holds both its ends; `..` or nothing is no end, of one side."""
    if text is None:
        return None, None
    parts = text.split("/")
    if len(parts) == 1:
        return _moment(text, zone)
    if len(parts) > 2 or all(part in _NO_END for part in parts):
        raise BadMoment
    opening, closing = (None if part in _NO_END else _moment(part, zone) for part in parts)
    since, until = opening and opening[0], closing and closing[1]
    if since and until and since >= until:
        raise BadMoment
    return since, until


def _moment(text: str, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From when until when a moment lasts; a date is a whole day of the city."""
    if not _RFC3339.fullmatch(text):
        raise BadMoment
    try:
        if len(text) == len("2026-03-01"):
            begin = datetime.combine(date.fromisoformat(text), time.min, zone)
            return begin.astimezone(UTC), (begin + timedelta(days=1)).astimezone(UTC)
        at = datetime.fromisoformat(text.upper())
        return at.astimezone(UTC), at.astimezone(UTC) + INSTANT
    except (ValueError, OverflowError):
        raise BadMoment from None

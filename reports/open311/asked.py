"""What a list of requests is asked for: the contract's filters, and the extensions that clients in
the field use. A parameter that is not known is left alone, an empty one is as good as none.

Ids override everything else. No more than 90 days at once, by when requests were sent or, where a
client asks for what changed, by when they changed.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from app.text import normalise, on_one_line
from reports import asking
from reports.city.snapshot import City
from reports.city.words import fold
from reports.filters import Filters
from reports.geometry import Box
from reports.open311 import moments
from reports.open311.errors import (
    BadFlag,
    BadStatus,
    HalfAPoint,
    OutOfBounds,
    SpanBackward,
    SpanTooLong,
    TooLong,
    TooManyIds,
)
from reports.statuses import OPEN, Status

Given = MultiDict[str, str]

LONGEST_SPAN = timedelta(days=90)
MOST = 1000  # requests of one answer, and what is answered when no page is asked for
PAGE = 100  # … when one is, without its size
FARTHEST = 1_000_000  # requests before a page; beyond it there is nothing
MOST_METRES = 20_000
MOST_LETTERS = 100
_CLOSED = frozenset(Status) - OPEN
_STATUSES = {"open": OPEN, "closed": _CLOSED}
_FLAGS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
_SIZES = ("page_size", "per_page", "limit", "max_requests")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """None is no bound. Times are half open: [since, until)."""

    ids: tuple[str, ...] | None = None
    filters: Filters = field(default_factory=Filters)
    category_ids: frozenset[int] | None = None
    office_ids: frozenset[int] | None = None
    box: Box | None = None
    updated_since: datetime | None = None
    updated_until: datetime | None = None
    size: int = MOST
    offset: int = 0
    extended: bool = False

    @property
    def by_update(self) -> bool:
        return self.updated_since is not None


def read(given: Given, city: City, *, at: datetime) -> Asked:
    """Raises an Invalid that names the parameter."""
    extended = bool(flag(given, "extensions"))
    if ids := _listed(given, "service_request_id"):
        return of_ids(ids, extended=extended)
    zone = moments.zone_of(city)
    updated = _span(given, ("updated_after", "updated_before"), zone, at=at, until_now=True)
    sent = _span(given, ("start_date", "end_date"), zone, at=at)
    if not sent and not updated:
        sent = (at - LONGEST_SPAN, None)
    since, until = sent or (None, None)
    size, offset = _page(given)
    return Asked(
        filters=Filters(
            statuses=_statuses(given),
            since=since,
            until=until,
            photo=flag(given, "has_photo"),
            around=_around(given),
            words=_words(given),
        ),
        category_ids=_categories(given, city),
        office_ids=_offices(given, city),
        box=asking.box_of(box) if (box := one(given, "bbox")) else None,
        updated_since=updated[0] if updated else None,
        updated_until=updated[1] if updated else None,
        size=size,
        offset=offset,
        extended=extended,
    )


def of_ids(ids: list[str], *, extended: bool) -> Asked:
    if len(ids) > MOST:
        raise TooManyIds(most=MOST)
    return Asked(ids=tuple(dict.fromkeys(ids)), extended=extended)


def point(given: Given) -> tuple[float, float] | None:
    """`lat` and `long` in degrees; None for neither. Raises HalfAPoint, OutOfBounds."""
    lat, long = one(given, "lat"), one(given, "long")
    if not lat and not long:
        return None
    if not lat or not long:
        raise HalfAPoint(field="long" if lat else "lat")
    return _number(lat, "lat", -85, 85), _number(long, "long", -180, 180)


def one(given: Given, name: str) -> str:
    """A parameter's value; empty when it was not sent, or was sent empty."""
    return next((text for value in given.getlist(name) if (text := value.strip())), "")


def _listed(given: Given, name: str) -> list[str]:
    """With commas between, or sent several times."""
    return [
        text for value in given.getlist(name) for part in value.split(",") if (text := part.strip())
    ]


def flag(given: Given, name: str) -> bool | None:
    text = one(given, name).lower()
    if text and text not in _FLAGS:
        raise BadFlag(field=name)
    return _FLAGS.get(text)


def _number(text: str, name: str, least: float, most: float) -> float:
    try:
        number = float(text)
    except ValueError:
        number = most + 1
    if not least <= number <= most:  # neither does NaN
        raise OutOfBounds(field=name, least=f"{least:.0f}", most=f"{most:.0f}")
    return number


def _whole(text: str, name: str, least: int, most: int) -> int:
    number = _number(text, name, least, most)
    if not number.is_integer():
        raise OutOfBounds(field=name, least=least, most=most)
    return int(number)


def _statuses(given: Given) -> frozenset[Status] | None:
    wanted = {text.lower() for text in _listed(given, "status")}
    if wanted - _STATUSES.keys():
        raise BadStatus
    return _STATUSES[wanted.pop()] if len(wanted) == 1 else None


def _categories(given: Given, city: City) -> frozenset[int] | None:
    """Those of the codes that there ever were; a code of nothing finds nothing."""
    codes = set(_listed(given, "service_code"))
    if not codes:
        return None
    return frozenset(kind.id for code, kind in city.facts.categories.items() if code in codes)


def _offices(given: Given, city: City) -> frozenset[int] | None:
    """By code or by name, in either language; a name may hold a comma."""
    values = [value.strip() for value in given.getlist("agency_responsible") if value.strip()]
    if not values:
        return None
    wanted = {fold(text) for value in values for text in (value, *value.split(","))}
    wanted = {text.strip() for text in wanted}
    return frozenset(
        office.id
        for office in city.offices_by_id.values()
        if wanted & {office.code, fold(office.name_vi), fold(office.name_en)}
    )


def _around(given: Given) -> tuple[float, float, float] | None:
    centre = point(given)
    if centre is None:
        return None
    text = one(given, "radius")
    metres = _number(text, "radius", 1, MOST_METRES) if text else asking.NEAR_M
    return (*centre, metres)


def _words(given: Given) -> str | None:
    text = on_one_line(normalise(one(given, "q")))
    if len(text) > MOST_LETTERS:
        raise TooLong(field="q", most=MOST_LETTERS)
    return text or None


def _page(given: Given) -> tuple[int, int]:
    """How many, and how many come before them. Pages count from 1; page 0 is the first as well."""
    sizes: Iterator[tuple[str, str]] = ((name, one(given, name)) for name in _SIZES)
    named, text = next((pair for pair in sizes if pair[1]), ("", ""))
    page, offset = one(given, "page"), one(given, "offset")
    size = _whole(text, named, 1, MOST) if text else (PAGE if page else MOST)
    if page:
        return size, (max(_whole(page, "page", 0, FARTHEST), 1) - 1) * size
    return size, _whole(offset, "offset", 0, FARTHEST) if offset else 0


Span = tuple[datetime, datetime | None]


def _span(
    given: Given, names: tuple[str, str], zone: ZoneInfo, *, at: datetime, until_now: bool = False
) -> Span | None:
    """From and until; what is left open reaches 90 days, or with `until_now` until now."""
    start, end = (_moment(given, name, zone) for name in names)
    if start is None:
        return None if end is None else (end - LONGEST_SPAN, end)
    if end is None:
        if until_now and at - start > LONGEST_SPAN:
            raise SpanTooLong(field=names[0], days=LONGEST_SPAN.days)
        return start, None if until_now else start + LONGEST_SPAN
    if end < start:
        raise SpanBackward(field=names[1])
    if end - start > LONGEST_SPAN:
        raise SpanTooLong(field=names[1], days=LONGEST_SPAN.days)
    return start, end


def _moment(given: Given, name: str, zone: ZoneInfo) -> datetime | None:
    text = one(given, name)
    return moments.read(text, zone, field=name) if text else None

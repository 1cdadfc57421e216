"""What a list of requests is asked for: the contract's filters, and the extensions that clients in
the field use, under the names that each of them has. A parameter that is not known is left alone,
an empty one is as good as none.

Ids override everything else. No more than 90 days at once, by when requests were sent or, where a
client asks for what changed, by when they changed.
"""

from collections.abc import Sequence
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
    BadDetailedStatus,
    BadFlag,
    BadStatus,
    HalfAPoint,
    NoObservations,
    OutOfBounds,
    SpanBackward,
    SpanTooLong,
    TooLong,
    TooManyIds,
)
from reports.open311.services import keywords
from reports.open311.status_words import DETAILED
from reports.statuses import OPEN, Status

Given = MultiDict[str, str]

LONGEST_SPAN = timedelta(days=90)
MOST = 1000  # requests of one answer, and what is answered when no page is asked for
PAGE = 100  # … when one is, without its size
_ENDLESS = 10**9  # pages, or requests before one: more than there will ever be
MOST_METRES = 20_000
MOST_LETTERS = 100
_CLOSED = frozenset(Status) - OPEN
_STATUSES = {"open": OPEN, "closed": _CLOSED}
_FLAGS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
_ORDERS = {
    "requested": False, "requested_datetime": False, "updated": True, "updated_datetime": True,
}  # fmt: skip
_SIZES = ("page_size", "per_page", "limit", "max_requests")


@dataclass(frozen=True, slots=True)
class Page:
    """`size` requests after the first `offset`; `counted`: it was asked for in requests."""

    size: int = MOST
    offset: int = 0
    counted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """None is no bound. Times are half open: [since, until)."""

    ids: tuple[str, ...] | None = None
    filters: Filters = field(default_factory=Filters)
    category_ids: frozenset[int] | None = None
    office_ids: frozenset[int] | None = None
    area_ids: frozenset[int] | None = None
    box: Box | None = None
    updated_since: datetime | None = None
    updated_until: datetime | None = None
    by_update: bool = False  # the order: by the last change, or by when it was sent
    newest: bool = True  # … first
    page: Page = field(default_factory=Page)
    extended: bool = False

    @property
    def size(self) -> int:
        return self.page.size

    @property
    def offset(self) -> int:
        return self.page.offset

    @property
    def is_dear_to_count(self) -> bool:
        """No index tells how many: each would be looked at."""
        return self.filters.words is not None or self.updated_since is not None


def read(given: Given, city: City, *, at: datetime) -> Asked:
    """Raises an Invalid that names the parameter."""
    extended = bool(flag(given, "extensions"))
    if ids := _listed(given, "service_request_id"):
        return of_ids(ids, extended=extended)
    if one(given, "observation_key"):
        raise NoObservations
    zone = moments.zone_of(city)
    updated = _span(given, ("updated_after", "updated_before"), zone, at=at, until_now=True)
    sent = _span(given, ("start_date", "end_date"), zone, at=at)
    by_update, newest = _order(given, sent=sent is not None and updated is None)
    if not sent and not updated:
        lately = (at - LONGEST_SPAN, None)
        sent, updated = (None, lately) if by_update else (lately, None)
    since, until = sent or (None, None)
    return Asked(
        filters=Filters(
            statuses=_statuses(given),
            since=since,
            until=until,
            photo=flag(given, "has_photo", "with_picture"),
            around=_around(given),
            words=_words(given),
        ),
        category_ids=_categories(given, city),
        office_ids=_offices(given, city),
        area_ids=_areas(given, city),
        box=asking.box_of(box) if (box := one(given, "bbox")) else None,
        updated_since=updated[0] if updated else None,
        updated_until=updated[1] if updated else None,
        by_update=by_update,
        newest=newest,
        page=_page(given),
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


def flag(given: Given, *names: str) -> bool | None:
    """By the first of its names that was sent."""
    name, text = _first(given, names)
    if text and text.lower() not in _FLAGS:
        raise BadFlag(field=name)
    return _FLAGS.get(text.lower())


def _first(given: Given, names: Sequence[str]) -> tuple[str, str]:
    return next(((name, text) for name in names if (text := one(given, name))), ("", ""))


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
    """By GeoReport's two words and CitySDK's five: what fits both."""
    wanted, detailed = ({text.lower() for text in _listed(given, name)}
                        for name in ("status", "detailed_status"))  # fmt: skip
    if wanted - _STATUSES.keys():
        raise BadStatus
    if unknown := detailed - {word.lower() for word in DETAILED.values()}:
        raise BadDetailedStatus(unknown=min(unknown))
    found = frozenset[Status]().union(*(_STATUSES[word] for word in wanted or _STATUSES))
    if detailed:
        found &= {status for status in Status if DETAILED[status].lower() in detailed}
    return None if found == frozenset(Status) else found


def _categories(given: Given, city: City) -> frozenset[int] | None:
    """Those of the codes that there ever were, and of the words that `services` tells of each; a
    code of nothing finds nothing."""
    codes, words = set(_listed(given, "service_code")), set(_listed(given, "keyword"))
    if not codes and not words:
        return None
    kinds = city.facts.categories.items()
    return frozenset(
        kind.id
        for code, kind in kinds
        if (not codes or code in codes) and (not words or words & set(keywords(kind)))
    )


def _areas(given: Given, city: City) -> frozenset[int] | None:
    """By their codes, which `address_id` tells; those of former areas too."""
    codes = set(_listed(given, "area_code"))
    if not codes:
        return None
    return frozenset(area.id for code, area in city.facts.areas.items() if code in codes)


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


def _order(given: Given, *, sent: bool) -> tuple[bool, bool]:
    """By the last change? The newest first? An order that is not known is no order; nor is one by
    changes of what is asked for by when it was `sent` alone: no index has that."""
    text = one(given, "sort").lower()
    by_update = _ORDERS.get(text.lstrip("-"))
    if by_update is None or (by_update and sent):
        return False, True
    return by_update, text.startswith("-")


def _page(given: Given) -> Page:
    """Pages count from 1; page 0 is the first as well."""
    named, text = _first(given, _SIZES)
    page, offset = one(given, "page"), one(given, "offset")
    size = _whole(text, named, 1, MOST) if text else (PAGE if page else MOST)
    if page:
        return Page(size, (max(_whole(page, "page", 0, _ENDLESS), 1) - 1) * size)
    return Page(size, _whole(offset, "offset", 0, _ENDLESS), counted=True) if offset else Page(size)


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

"""What the lists of the API and of the pages share: turning a query's words into filters. Errors
name the field.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from app.errors import Invalid, XomError
from reports.city.snapshot import City
from reports.errors import UnknownArea, UnknownCategory, UnknownOffice
from reports.figures import cells
from reports.filters import Filters
from reports.statuses import OPEN, Status

NEAR_M = 500.0  # around a point, where a query does not say how far


class BadBox(Invalid):
    code = "bad-bbox"
    vi = "Cần bốn số: tây,nam,đông,bắc (độ)."
    en = "Four numbers are needed: west,south,east,north (degrees)."
    field = "bbox"


class BadPoint(Invalid):
    code = "bad-point"
    vi = "Cần hai số: vĩ độ,kinh độ."
    en = "Two numbers are needed: latitude,longitude."
    field = "near"


class NotTogether(Invalid):
    code = "not-together"
    vi = "Không dùng chung với “near”: danh sách quanh một điểm không có khung hay trang sau."
    en = "Not together with “near”: a list around a point has no box and no further page."


class BadPerson(Invalid):
    code = "bad-person"
    vi = "Chọn “me” (giao cho tôi), “nobody” (chưa giao) hoặc mã tài khoản của một người."
    en = "Choose “me”, “nobody”, or the account id of a person."
    field = "person"


class UnknownStatus(Invalid):
    code = "unknown-status"
    vi = "Không có trạng thái “{status}”. Chọn trong: {known}."
    en = "There is no status “{status}”. Choose from: {known}."
    field = "status"


def filters_from(query: Mapping[str, Any], city: City) -> Filters:
    """The filters that a list's query names; unknown codes are refused, not ignored."""
    return Filters(
        statuses=statuses(query.get("status")),
        category_id=_id_of(query.get("category"), city.category, UnknownCategory()),
        area_id=_id_of(query.get("area"), city.area, UnknownArea()),
        office_id=_id_of(query.get("office"), city.office, UnknownOffice()),
        urgent=query.get("urgent"),
        since=day_start(query.get("since"), city),
        until=day_start(query.get("until"), city),
        not_waiting=query.get("due") == "overdue",
        words=query.get("q"),
    )


def queue_filters(
    query: Mapping[str, Any], city: City, *, me: UUID | None, at: datetime
) -> Filters:
    """Those of the officials' queue, which may also ask by person, photo, source and deadline."""
    person, near, cell = query.get("person"), query.get("near"), query.get("cell")
    return replace(
        filters_from(query, city),
        due_before=due_before(query.get("due"), city, at),
        assignee_id=_person(person),
        worker=me if person == "me" else None,
        unassigned=person == "nobody",
        unchecked=query.get("checked") is False,
        source=query.get("source") or None,
        photo=query.get("photo"),
        around=(*point_from(near), float(query.get("radius") or NEAR_M)) if near else None,
        cell=cells.cell_from(cell) if cell else None,
    )


def within(filters: Filters, near: str | None, radius: float | None) -> Filters:
    """Narrowed to a circle around a point, of so many metres; `near` None changes nothing."""
    if not near:
        return filters
    return replace(filters, around=(*point_from(near), float(radius or NEAR_M)))


def due_before(due: str | None, city: City, at: datetime) -> datetime | None:
    """Until when: this moment, the end of today, or of six days from now, in the city's zone."""
    if not due or due == "overdue":
        return at if due else None
    zone = ZoneInfo(city.profile.timezone)
    days = 1 if due == "today" else 7
    day = at.astimezone(zone).date() + timedelta(days=days)
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def _person(named: str | None) -> UUID | None:
    """An account's id; `me` and `nobody` are bounds of their own."""
    if not named or named in {"me", "nobody"}:
        return None
    try:
        return UUID(named)
    except ValueError:
        raise BadPerson from None


def _id_of(code: str | None, find: Callable[[str], Any], unknown: XomError) -> int | None:
    if not code:
        return None
    found = find(code)
    if found is None:
        raise unknown
    return int(found.id)


def statuses(text: str | None) -> frozenset[Status] | None:
    """`open`, `all`, or statuses with commas between."""
    if not text or text == "all":
        return None
    if text == "open":
        return OPEN
    for name in text.split(","):
        if name not in set(Status):
            raise UnknownStatus(status=name, known=", ".join(["open", *Status]))
    return frozenset(Status(name) for name in text.split(","))


def day_start(day: date | None, city: City) -> datetime | None:
    """Midnight of a day in the city's zone, in UTC."""
    if day is None:
        return None
    zone = ZoneInfo(city.profile.timezone)
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def box_from(text: str | None) -> tuple[float, float, float, float] | None:
    return None if text is None else box_of(text)


def box_of(text: str) -> tuple[float, float, float, float]:
    """A box of west,south,east,north in degrees."""
    west, south, east, north = _numbers(text, 4, BadBox())
    # Beyond 85 degrees Web Mercator ends.
    if not (-180 <= west < east <= 180 and -85 <= south < north <= 85):
        raise BadBox
    return west, south, east, north


def point_from(text: str) -> tuple[float, float]:
    lat, lng = _numbers(text, 2, BadPoint())
    if not (-85 <= lat <= 85 and -180 <= lng <= 180):
        raise BadPoint
    return lat, lng


def refuse_beside_near(query: dict[str, Any]) -> None:
    """What a list around a point would otherwise have to ignore."""
    for name in ("bbox", "after"):
        if query[name]:
            raise NotTogether(field=name)


def _numbers(text: str, count: int, error: XomError) -> list[float]:
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        raise error from None
    if len(numbers) != count:
        raise error
    return numbers

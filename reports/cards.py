"""A report in a list: enough for a line, a picture, a pin and a chip. By itself: `presenting`."""

from collections.abc import Iterable
from typing import Any

from reports import vocabulary
from reports.city.snapshot import City
from reports.codes import spoken
from reports.covers import cover_out
from reports.models import Report
from reports.pages import CARD
from reports.statuses import Status

Plain = dict[str, Any]

_ASKING = frozenset({Status.WAITING, Status.RESOLVED})  # for an answer; for "it is done"
_FIELDS = tuple(column.key for column in CARD)


def cards(
    rows: Iterable[Iterable[Any]], city: City, locale: str, *, inside: bool = False
) -> list[Plain]:
    """Rows of CARD as plain values; `inside`: with the words as they were sent.

    Taken apart by position: by name it takes ten times as long, and most of a list's time.
    """
    names = city.names[locale]
    return [
        {
            "id": id_,
            "code": spoken(code),
            "version": version,
            "status": status,
            "outcome": outcome,
            "category": names.categories[category_id],
            "area": names.areas[area_id],
            "office": names.offices[office_id],
            "description": description if inside else public_description,
            "lat": lat,
            "lng": lng,
            "urgent": urgent,
            "submitted_at": submitted_at,
            "due_at": due_at,
            "first_due_at": first_due_at,
            "resolved_at": resolved_at,
            "closed_at": closed_at,
            "supporters": supporters,
            "photo": cover_out(cover),
        }
        for (
            id_,
            code,
            version,
            status,
            outcome,
            category_id,
            area_id,
            office_id,
            description,
            public_description,
            lat,
            lng,
            urgent,
            submitted_at,
            _act_by,
            due_at,
            first_due_at,
            resolved_at,
            closed_at,
            supporters,
            cover,
            _assignee_id,
        ) in rows
    ]


def residents_cards(
    rows: Iterable[Iterable[Any]], city: City, locale: str, *, own: bool
) -> list[Plain]:
    """Cards of what a resident sent (`own`) or follows: what it says to them, and asks of them.
    Nothing waits for those who only follow."""
    found = cards(rows, city, locale, inside=own)
    for told in found:
        status = Status(told["status"])
        told["status_name"] = vocabulary.status_name(status, locale, inside=False)
        told["asks_me"] = own and status in _ASKING
    return found


def card(report: Report, city: City, locale: str, *, inside: bool = False) -> Plain:
    """The same of one report, which tells all its photos instead of the first."""
    row = [getattr(report, name) for name in _FIELDS]
    told = cards([row], city, locale, inside=inside)[0]
    del told["photo"]
    return told

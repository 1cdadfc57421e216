"""A report in a list: enough for a line, a pin and a chip. A report by itself: `presenting`."""

from collections.abc import Iterable
from typing import Any

from reports.city.snapshot import City
from reports.codes import spoken
from reports.models import Report
from reports.pages import CARD

Plain = dict[str, Any]

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
        ) in rows
    ]


def card(report: Report, city: City, locale: str, *, inside: bool = False) -> Plain:
    """The same of one report."""
    return cards([[getattr(report, name) for name in _FIELDS]], city, locale, inside=inside)[0]

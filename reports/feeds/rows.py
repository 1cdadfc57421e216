"""A report as one flat row: the values that files, GeoJSON and OGC features have in common. Names
in the reader's language stand beside the codes that programs go by.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from reports import vocabulary
from reports.cards import Plain, cards
from reports.city.snapshot import City
from reports.statuses import Status


def flat_rows(
    rows: Iterable[Iterable[Any]], city: City, locale: str, base_url: str, *, inside: bool = False
) -> list[Plain]:
    """Rows of `pages.CARD`, flat; `inside`: as an official reads them, with the words as they were
    sent. Times are as stored; `base_url` has no slash at its end."""
    told = cards(rows, city, locale, inside=inside)
    return [_flat(card, locale, base_url, inside=inside) for card in told]


def _flat(card: Plain, locale: str, base_url: str, *, inside: bool) -> Plain:
    category, area, office, photo = card["category"], card["area"], card["office"], card["photo"]
    page = "/console/reports/" if inside else "/reports/"
    return {
        "id": str(card["id"]),
        "code": card["code"],
        "status": str(card["status"]),
        "status_name": vocabulary.status_name(Status(card["status"]), locale, inside=inside),
        "outcome": card["outcome"] and str(card["outcome"]),
        "category": category["code"],
        "category_name": category["name"],
        "area": area["code"],
        "area_name": area["name"],
        "office": office["id"],
        "office_name": office["name"],
        "description": card["description"],
        "lat": card["lat"],
        "lng": card["lng"],
        "urgent": card["urgent"],
        "submitted_at": card["submitted_at"],
        "first_due_at": card["first_due_at"],
        "due_at": card["due_at"],
        "resolved_at": card["resolved_at"],
        "closed_at": card["closed_at"],
        "supporters": card["supporters"],
        "photo": f"{base_url}{photo['small']}" if photo else None,
        "url": f"{base_url}{page}{card['code']}",
    }


def moment(at: datetime | None, zone: ZoneInfo) -> str | None:
    """RFC 3339 in the city's zone, to the second."""
    return at.astimezone(zone).isoformat(timespec="seconds") if at else None


def with_moments(row: Plain, zone: ZoneInfo) -> Plain:
    """The row with its times as text."""
    return {n: moment(v, zone) if isinstance(v, datetime) else v for n, v in row.items()}

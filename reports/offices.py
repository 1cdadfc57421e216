"""Offices as a tree, and as people read them: who stands above, who below, what it is called.

Pure, over the city in memory. Which office gets a report is `routing`'s; who works in one is
`roles`'.
"""

from collections.abc import Iterator
from typing import Any

from reports.city.snapshot import City
from reports.city.values import Office


def name_of(office: Office, locale: str) -> str:
    return office.name_vi if locale == "vi" else office.name_en


def above(office: Office, city: City) -> Iterator[Office]:
    """The offices above, the nearest first. Circles cannot be imported; one is not followed."""
    seen = {office.code}
    over = city.parent(office)
    while over is not None and over.code not in seen:
        seen.add(over.code)
        yield over
        over = city.parent(over)


def children(office: Office, city: City) -> list[Office]:
    """The offices directly below."""
    return [one for one in _in_order(city) if (over := city.parent(one)) and over.id == office.id]


def shown(office: Office, city: City, locale: str) -> dict[str, Any]:
    """An office as the API answers it: no official's name, only the office's own contacts."""
    over = city.parent(office)
    area = city.area(office.area_code) if office.area_code else None
    return {
        "id": office.id,
        "code": office.code,
        "name": name_of(office, locale),
        "kind": office.kind,
        "area": area.code if area else None,
        "parent": over.id if over else None,
        "phone": office.phone,
        "email": office.email,
        "address": office.address,
        "valid_until": office.valid_until,
        "successor": office.successor_code,
    }


def _in_order(city: City) -> list[Office]:
    return [city.office_by_code[code] for code in sorted(city.office_by_code)]

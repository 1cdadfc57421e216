"""In which areas offices work: whose residents their reports are held against.

A committee works in its area. Any other office works where the rules send it reports, the whole
city if one of them names no area, and where it had some: reports are forwarded too.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from sqlalchemy import Connection

from reports.city.snapshot import City
from reports.city.values import Area, Office
from reports.figures.cell_reading import (
    Counted,
    bounds_values,
    counting,
    fates_of,
    parent_values,
)


def areas_of(connection: Connection, counted: Counted, city: City) -> frozenset[int] | None:
    """The areas, by id, of the offices that are counted; None for the whole city."""
    if counted.offices is None:
        return None
    offices = [city.offices_by_id[one] for one in counted.offices]
    committees = {one.id: area for one in offices if (area := _own_area(one, city))}
    others = [one for one in offices if one.id not in committees]
    if any(_works_everywhere(one, city) for one in others):
        return None
    theirs = _of_reports(connection, counted, (one.id for one in others))
    routed = {area.id for one in others for area in _routed_to(one, city)}
    return frozenset({*(area.id for area in committees.values()), *routed, *theirs})


def _own_area(office: Office, city: City) -> Area | None:
    return city.area(office.area_code) if office.area_code else None


def _works_everywhere(office: Office, city: City) -> bool:
    """The centre takes what no rule and no committee takes."""
    return office.id == city.centre.id or None in _areas_ruled(office, city)


def _routed_to(office: Office, city: City) -> Iterator[Area]:
    for code in _areas_ruled(office, city):
        if code and (area := city.area(code)):
            yield area


def _areas_ruled(office: Office, city: City) -> set[str | None]:
    """The codes in the rules that name the office, or whom it succeeded; None is everywhere."""
    return {rule.area_code for rule in city.rules.rules if city.office(rule.office_code) == office}


def _of_reports(connection: Connection, counted: Counted, offices: Iterable[int]) -> set[int]:
    among = frozenset(offices)
    if not among:
        return set()
    values = bounds_values(replace(counted, offices=among, box=None))
    query = counting("area_id", frozenset(values), fates_of(counted), groups="1, 2")
    found = connection.execute(query, values | parent_values(counted.resolution))
    return {row.area_id for row in found}

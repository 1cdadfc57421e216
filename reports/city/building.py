"""From tables to values: everything a city knows, read in a few statements, nothing left out.

What of it holds on a given day is `snapshot`'s to say.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, TypeVar

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, Table, select

from reports.city.models import Area as AreaRow
from reports.city.models import (
    CalendarCorrection,
    CityProfile,
    RoutingRule,
    WorkingHours,
)
from reports.city.models import Category as CategoryRow
from reports.city.models import Office as OfficeRow
from reports.city.values import Area, Category, Hotline, Landmark, Office, Profile, Rule
from reports.public_holidays import public_holidays, swapped_workdays
from reports.work_calendar import Season, WorkCalendar

YEARS_AHEAD = 3  # of public holidays; deadlines do not reach farther
FIRST_HOLIDAYS = 2010  # reports older than this were not taken

Value = TypeVar("Value", Area, Office, Category, Rule)


@dataclass(frozen=True)
class Facts:
    """All rows of a city by code, ended and future ones included."""

    version: int
    profile: Profile
    areas: Mapping[str, Area]
    boundaries: Mapping[str, BaseGeometry]
    offices: Mapping[str, Office]
    committees: Mapping[str, str]  # area code → code of its committee, the latest
    categories: Mapping[str, Category]
    rules: Mapping[str, Rule]
    calendar: WorkCalendar


def read_facts(connection: Connection, today: date) -> Facts:
    """Everything, from one connection. The city's row must exist."""
    row = connection.execute(select(CityProfile.__table__)).mappings().one()
    offices = _values(connection, OfficeRow.__table__, Office)
    return Facts(
        version=row["version"],
        profile=_profile(row),
        areas=_values(connection, AreaRow.__table__, Area),
        boundaries=_boundaries(connection),
        offices=offices,
        committees=_committees(offices),
        categories=_values(connection, CategoryRow.__table__, Category),
        rules=_values(connection, RoutingRule.__table__, Rule),
        calendar=_calendar(connection, row["timezone"], row["holidays"], today),
    )


def _values(connection: Connection, table: Any, kind: type[Value]) -> dict[str, Value]:
    """Each row of a table as a frozen value, lists as tuples, by code."""
    names = [field.name for field in fields(kind) if field.name in table.c]
    rows = connection.execute(select(*(table.c[name] for name in names)).order_by(table.c.code))
    found = (kind(**{n: _frozen(v) for n, v in zip(names, row, strict=True)}) for row in rows)
    return {value.code: value for value in found}


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _boundaries(connection: Connection) -> dict[str, BaseGeometry]:
    table: Table = AreaRow.__table__  # type: ignore[assignment]
    wanted = select(table.c.code, table.c.boundary).where(table.c.boundary.is_not(None))
    rows = connection.execute(wanted).all()
    shapes = shapely.from_wkb([row.boundary for row in rows])
    return {row.code: shape for row, shape in zip(rows, shapes, strict=True)}


def _committees(offices: Mapping[str, Office]) -> dict[str, str]:
    """The committee that an area had last: one that still sits wins over one that ended."""
    of_areas = [o for o in offices.values() if o.kind == "committee" and o.area_code]
    of_areas.sort(key=lambda office: (office.valid_until or date.max, office.code))
    return {office.area_code: office.code for office in of_areas if office.area_code}


def _profile(row: Any) -> Profile:
    settings = dict(row["settings"])
    lines = settings.get("hotlines", [])
    return Profile(
        folder=row["folder"],
        name_vi=row["name_vi"],
        name_en=row["name_en"],
        timezone=row["timezone"],
        holidays=row["holidays"],
        near_metres=row["near_metres"],
        hotlines=tuple(
            Hotline(**{**line, "words": tuple(line.get("words", ()))}) for line in lines
        ),
        landmarks=tuple(
            Landmark(**{**one, "other_names": tuple(one.get("other_names", ()))})
            for one in settings.get("landmarks", [])
        ),
        area_kinds=settings.get("area_kinds", {}),
        settings=settings,
        changed_at=row["changed_at"],
    )


def _calendar(connection: Connection, timezone: str, country: str, today: date) -> WorkCalendar:
    hours = connection.execute(select(WorkingHours.__table__)).mappings().all()
    corrections = connection.execute(select(CalendarCorrection.day, CalendarCorrection.working))
    years = range(FIRST_HOLIDAYS, today.year + YEARS_AHEAD + 1)
    return WorkCalendar(
        timezone,
        tuple(Season.read(h["valid_from"], h["months"], h["weekdays"], h["spans"]) for h in hours),
        frozenset(public_holidays(country, years)),
        dict.fromkeys(swapped_workdays(country, years), True)
        | {row.day: row.working for row in corrections},
    )

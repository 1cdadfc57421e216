"""Which groups there are, reports or none, and what they are called in both languages."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from reports.city.snapshot import City
from reports.city.values import Area, Category, Office
from reports.figures.periods import (
    DAY,
    Kind,
    Period,
    containing,
    days_of,
    months_of,
    weeks_of,
)
from reports.figures.scope import By, Key, Scope


@dataclass(frozen=True, slots=True)
class GroupName:
    """A group's code (an office's, an area's, a first day) and its name."""

    code: str
    vi: str
    en: str

    def of(self, locale: str) -> str:
        return self.vi if locale == "vi" else self.en


TOTAL = GroupName("", "Tất cả", "All together")


_Row = Office | Area | Category


def named(by: By | None, key: Key, city: City) -> GroupName:
    """What a group is called; former offices, areas and categories keep their names."""
    if by is None or key is None:
        return TOTAL
    if isinstance(key, date):
        return _of_days(by, key)
    one: Office | Area | Category
    match by:
        case By.OFFICE:
            one = city.offices_by_id[key]
        case By.AREA:
            one = city.area_by_id[key]
        case _:
            one = city.categories_by_id[key]
    return GroupName(one.code, one.name_vi, one.name_en)


def _of_days(by: By, first: date) -> GroupName:
    week = Period(first, first + timedelta(days=7))
    one = {By.WEEK: week, By.MONTH: containing(Kind.MONTH, first)}.get(by)
    period = one or Period(first, first + DAY)
    return GroupName(first.isoformat(), period.name("vi"), period.name("en"))


def expected(by: By, period: Period, scope: Scope, city: City) -> set[Key]:
    """The groups to be listed even when they have nothing: what was there in the period. Categories
    that are pointed to another channel by law take no reports, and are not listed."""
    match by:
        case By.DAY:
            return set(days_of(period))
        case By.WEEK:
            return set(weeks_of(period))
        case By.MONTH:
            return set(months_of(period))
        case By.OFFICE:
            return _there(city.offices_by_id.values(), period, scope.office)
        case By.AREA:
            return _there(city.area_by_id.values(), period, scope.area)
        case By.CATEGORY:
            taken = [one for one in city.categories_by_id.values() if not one.legal_channel]
            return _there(taken, period, scope.category)


def _there(rows: Iterable[_Row], period: Period, only: int | None) -> set[Key]:
    if only is not None:
        return {only}
    return {row.id for row in rows if _was_valid(row, period)}


def _was_valid(row: _Row, period: Period) -> bool:
    return row.valid_from < period.until and not (
        row.valid_until and row.valid_until <= period.since
    )

"""Figures along time: the thirteen months up to one, and what stands beside such a line to be read
with it: Tết, and the days for which the centre told of floods.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection, func, select

from reports.city import snapshot
from reports.city.models import Notice, NoticeKind
from reports.city.snapshot import City
from reports.deadlines import DEFAULT_DAYS, working_days_between
from reports.figures.group_names import named
from reports.figures.group_reading import NOTHING, months_of_period
from reports.figures.indicators import Group
from reports.figures.moment import at_one_moment, moment_in
from reports.figures.periods import DAY, Kind, Period, containing, months_of, months_until
from reports.figures.scope import EVERYTHING, By, Scope
from reports.public_holidays import public_holidays

MONTHS = 13  # a year, and the same month of the year before
_A_MOMENT = timedelta(seconds=1)  # what ends at midnight does not touch the day after
_TET = re.compile(r"Tết Nguyên Đán|^\d+ Tết$")  # as the package `holidays` names its days


class MarkKind(StrEnum):
    TET = "tet"
    FLOOD = "flood"


@dataclass(frozen=True, slots=True)
class Mark:
    """Days that explain a line: `days` are the city's."""

    kind: MarkKind
    days: Period
    vi: str
    en: str

    def name(self, locale: str) -> str:
        return self.vi if locale == "vi" else self.en


@dataclass(frozen=True, slots=True)
class Trend:
    """One group a month, oldest first; the last may be `unfinished`, and is then not to be drawn
    as if it were whole. `ripe` counts the months old enough for what grows with time."""

    period: Period
    months: tuple[Group, ...]
    unfinished: bool
    ripe: int
    as_of: datetime
    marks: tuple[Mark, ...]

    def line(self, key: str) -> tuple[float | None, ...]:
        """One figure, month by month."""
        return tuple(group.told(key).value for group in self.months)


def trend(until: date, *, scope: Scope = EVERYTHING, at: datetime, count: int = MONTHS) -> Trend:
    """The months up to that of a day, each about the reports received in it. Raises
    FiguresNotReady."""
    city = snapshot.current()
    period = months_until(until, count)
    today = city.calendar.local_day(at)
    with at_one_moment() as connection:
        moment = moment_in(connection)
        rows = months_of_period(connection, period, scope, moment)
        told = marks_in(connection, period, scope, city)
    firsts = months_of(period)
    ripe = [first for first in firsts if _is_ripe(first, today, city)]
    return Trend(
        period,
        tuple(Group(day, named(By.MONTH, day, city), rows.get(day, NOTHING)) for day in firsts),
        today < period.until,
        len(ripe),
        moment.as_of,
        told,
    )


def marks(period: Period, *, scope: Scope = EVERYTHING) -> tuple[Mark, ...]:
    """What to mark along the days of a period."""
    with at_one_moment() as connection:
        return marks_in(connection, period, scope, snapshot.current())


def marks_in(connection: Connection, period: Period, scope: Scope, city: City) -> tuple[Mark, ...]:
    found = [*_tet(period, city), *_floods(connection, period, scope, city)]
    return tuple(sorted(found, key=lambda mark: (mark.days, mark.kind)))


def _is_ripe(first: date, today: date, city: City) -> bool:
    last = containing(Kind.MONTH, first).last
    return working_days_between(city.calendar, last, today) >= DEFAULT_DAYS


def _tet(period: Period, city: City) -> Iterator[Mark]:
    """The public holidays of Tết, by the calendar that the city's deadlines go by."""
    years = range(period.since.year, period.last.year + 1)
    known = public_holidays(city.profile.holidays, years)
    days = [day for day, name in known.items() if _TET.search(name) and period.holds(day)]
    for days_off in _joined(Period(day, day + DAY) for day in days):
        year = days_off.last.year
        yield Mark(MarkKind.TET, days_off, f"Tết {year}", f"Tết {year}")


def _floods(connection: Connection, period: Period, scope: Scope, city: City) -> Iterator[Mark]:
    """The days for which the centre told residents of a flood, somewhere in the scope."""
    ends = func.least(Notice.ends_at, Notice.withdrawn_at)
    told = select(Notice.areas, Notice.starts_at, ends.label("ends_at")).where(
        Notice.kind == NoticeKind.FLOOD, ends > Notice.starts_at
    )
    spans = [
        _within(
            period,
            city.calendar.local_day(row.starts_at),
            city.calendar.local_day(row.ends_at - _A_MOMENT),
        )
        for row in connection.execute(told)
        if _concerns(row.areas, scope, city)
    ]
    for days in _joined(span for span in spans if span):
        yield Mark(MarkKind.FLOOD, days, "Ngập lụt (trung tâm báo)", "Floods (as the centre told)")


def _concerns(codes: Iterable[str], scope: Scope, city: City) -> bool:
    """A notice without areas is the whole city's; former areas stand for those of today."""
    found = {area.id for code in codes if (area := city.area(code))}
    return scope.area is None or not list(codes) or scope.area in found


def _within(period: Period, first: date, last: date) -> Period | None:
    since, until = max(period.since, first), min(period.until, last + DAY)
    return Period(since, until) if since < until else None


def _joined(spans: Iterable[Period]) -> list[Period]:
    """In order, those that touch made one."""
    joined: list[Period] = []
    for span in sorted(spans):
        if joined and span.since <= joined[-1].until:
            joined[-1] = Period(joined[-1].since, max(joined[-1].until, span.until))
        else:
            joined.append(span)
    return joined

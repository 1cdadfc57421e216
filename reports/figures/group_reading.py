"""Rows of sums by group: whole months, quarters and years from their roll-ups, other days counted
from facts by the same expressions (`reports.figures.columns`), and what is overdue just now.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from itertools import pairwise, zip_longest
from typing import Any

from sqlalchemy import Connection, TextClause, text

from reports.figures.columns import HELD_SUMS, SUMS, TIMES
from reports.figures.definitions import OVERDUE, OVERDUE_DAYS, Sums
from reports.figures.moment import Moment
from reports.figures.periods import Kind, Period, months_of

Key = int | date | None  # an id, a first day; None for the total
Rows = dict[Key, Sums]
Raw = dict[Key, dict[str, Any]]


class By(StrEnum):
    """What figures are told for, one by one."""

    OFFICE = "office"  # that leads now, or is proposed
    AREA = "area"
    CATEGORY = "category"
    DAY = "day"
    WEEK = "week"  # from Monday
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Scope:
    """What figures are narrowed to, by id; None is all of them."""

    area: int | None = None
    category: int | None = None
    office: int | None = None

    def values(self) -> dict[str, int]:
        """The ids that were given, by the column that holds them."""
        given = {"area_id": self.area, "category_id": self.category, "office_id": self.office}
        return {column: one for column, one in given.items() if one is not None}


_DIMENSIONS = {By.AREA: "area_id", By.CATEGORY: "category_id", By.OFFICE: "office_id"}
#: The key of a fact's group: `owner` is who has the office.
_KEYS: dict[By | None, str] = {
    By.AREA: "fact.area_id",
    By.CATEGORY: "fact.category_id",
    By.OFFICE: "owner.office_id",
    By.DAY: "fact.day",
    By.WEEK: "date_trunc('week', fact.day)::date",
    By.MONTH: "date_trunc('month', fact.day)::date",
    None: "0",
}
_SUM_NAMES = tuple(one.name for one in SUMS)
_PERCENTILES = tuple(f"{one.name}_{which}" for one in TIMES for which in ("median", "p90"))
_ROLLED_UP = ", ".join((*_SUM_NAMES, *_PERCENTILES))
_COUNTED = ", ".join(
    (
        *(f"{one.sql} as {one.name}" for one in SUMS),
        *(
            f"percentile_disc({share}) within group (order by {one.column}) as {one.name}_{which}"
            for one in TIMES
            for which, share in (("median", 0.5), ("p90", 0.9))
        ),
    )
)
_HELD_UP = ", ".join(f"{one.name} as held_{one.name}" for one in HELD_SUMS)
_HELD_COUNTED = ", ".join(f"{one.sql} as held_{one.name}" for one in HELD_SUMS)
_LATE = ", ".join(
    (
        "count(*) as overdue",
        "count(*) filter (where reopened = 0) as overdue_first",
        *(
            f"count(*) filter (where late_from <= :moment - interval '{since} days'"
            + (f" and late_from > :moment - interval '{until} days')" if until else ")")
            + f" as {name}"
            for name, since, until in zip_longest(OVERDUE, OVERDUE_DAYS, OVERDUE_DAYS[1:])
        ),
    )
)


def rows_of(
    connection: Connection, period: Period, by: By | None, scope: Scope, moment: Moment
) -> Rows:
    """Rows of sums by group, the total under None. A group without any report may be absent."""
    if period.kind is Kind.DAYS:
        raw = _counted(connection, period, by, scope)
    elif by is None or by in _DIMENSIONS:
        raw = _rolled_up(connection, period, by, scope)
    elif by is By.MONTH:
        raw = _months(connection, period, scope) | _rolled_up(connection, period, None, scope)
    else:
        raw = _counted(connection, period, by, scope)
        raw |= _rolled_up(connection, period, None, scope)
    return _finished(raw, _overdue(connection, period, by, scope, moment), moment)


def months_of_period(connection: Connection, period: Period, scope: Scope, moment: Moment) -> Rows:
    """By month, without a total: for a line over many whole months."""
    late = _overdue(connection, period, By.MONTH, scope, moment)
    return _finished(_months(connection, period, scope), late, moment)


def sums_of_past(
    connection: Connection, period: Period, by: By | None, scope: Scope, moment: Moment
) -> Rows:
    """The same for what a period is held against. Long ones that are no month, quarter or year
    are put together from months: their medians are then not known."""
    if period.kind is not Kind.DAYS or period.days <= COUNTED_DAYS:
        return rows_of(connection, period, by, scope, moment)
    raw: Raw = {}
    for part in _parts(period):
        once = part.kind is Kind.DAYS
        read = _counted if once else _rolled_up
        _add(raw, read(connection, part, by, scope))
    late = _overdue(connection, period, by, scope, moment)
    return _finished(raw, late, moment)


#: Days that are counted from facts, report by report, for a comparison.
COUNTED_DAYS = 62


def _parts(period: Period) -> list[Period]:
    """A period as its whole months, and the days before and after them."""
    firsts = [day for day in (*months_of(period), period.until) if day >= period.since]
    edges = sorted({period.since, *firsts, period.until})
    return [Period(start, end) for start, end in pairwise(edges)]


def _add(raw: Raw, more: Raw) -> None:
    for key, row in more.items():
        known = raw.setdefault(key, {})
        for name, value in row.items():
            known[name] = None if name in _PERCENTILES else known.get(name, 0) + value


def _months(connection: Connection, period: Period, scope: Scope) -> Raw:
    values = {"starts": months_of(period), **_all_of(scope)}
    raw: Raw = {}
    for query in _months_queries():
        for row in connection.execute(query, values).mappings():
            raw.setdefault(row["start"], {}).update(row)
    return raw


@cache
def _months_queries() -> tuple[TextClause, TextClause]:
    where = (
        "span = 'month' and start = any(:starts) and area_id = :area_id"
        " and category_id = :category_id and office_id = :office_id"
    )
    return (
        text(f"select start, {_ROLLED_UP} from figure_group where {where}"),
        text(f"select start, {_HELD_UP} from figure_held where {where}"),
    )


def _rolled_up(connection: Connection, period: Period, by: By | None, scope: Scope) -> Raw:
    values = {"span": str(period.kind), "start": period.since, **_all_of(scope)}
    free = _DIMENSIONS.get(by) if by else None
    narrowed = free in scope.values()
    raw: Raw = {}
    for query in _rolled_up_queries(None if narrowed else free):
        for row in connection.execute(query, values).mappings():
            raw.setdefault(row["key"] or None, {}).update(row)
    if narrowed and free and None in raw:
        raw[scope.values()[free]] = raw[None]  # one group alone: it is the total
    return raw


@cache
def _rolled_up_queries(free: str | None) -> tuple[TextClause, TextClause]:
    where = " and ".join(
        f"{column} = :{column}" for column in _DIMENSIONS.values() if column != free
    )
    where = f"span = :span and start = :start and {where}"
    return (
        text(f"select {free or 0} as key, {_ROLLED_UP} from figure_group where {where}"),
        text(f"select {free or 0} as key, {_HELD_UP} from figure_held where {where}"),
    )


def _all_of(scope: Scope) -> dict[str, int]:
    """The key of a roll-up's row: 0 stands for all of them."""
    return {**dict.fromkeys(_DIMENSIONS.values(), 0), **scope.values()}


def _counted(connection: Connection, period: Period, by: By | None, scope: Scope) -> Raw:
    values = {"since": period.since, "until": period.until, **scope.values()}
    raw: Raw = {}
    for query in _counted_queries(by, frozenset(scope.values())):
        for row in connection.execute(query, values).mappings():
            raw.setdefault(None if row["is_total"] else row["key"], {}).update(row)
    return raw


@cache
def _counted_queries(by: By | None, narrowed: frozenset[str]) -> tuple[TextClause, TextClause]:
    facts = "report_fact fact"
    held = "report_held owner join report_fact fact using (report_id)"
    return (
        text(_grouped(_COUNTED, "fact.*", facts, by, narrowed)),
        text(_grouped(_HELD_COUNTED, "report_id, owner.seconds, owner.since", held, by, narrowed)),
    )


def _overdue(
    connection: Connection, period: Period, by: By | None, scope: Scope, moment: Moment
) -> Raw:
    days = {"since": period.since, "until": period.until, "moment": moment.as_of}
    query = _overdue_query(by, frozenset(scope.values()))
    rows = connection.execute(query, {**days, **scope.values()}).mappings()
    return {None if row["is_total"] else row["key"]: dict(row) for row in rows}


@cache
def _overdue_query(by: By | None, narrowed: frozenset[str]) -> TextClause:
    where = " and fact.fate = 'open' and fact.late_from < :moment"
    late = "fact.late_from, fact.reopened"
    return text(_grouped(_LATE, late, "report_fact fact", by, narrowed, where))


def _grouped(
    columns: str, inner: str, source: str, by: By | None, narrowed: Iterable[str], more: str = ""
) -> str:
    """A count of facts by group, and of all of them where `is_total`."""
    key, owner = _KEYS[by], "owner" if "owner" in source else "fact"
    tables = {"office_id": owner}
    where = "".join(f" and {tables.get(one, 'fact')}.{one} = :{one}" for one in sorted(narrowed))
    counted = (
        f"{columns} from (select {key.replace('owner', owner)} as key, {inner} from {source}"
        f" where fact.day >= :since and fact.day < :until{where}{more}) counted"
    )
    if by is None:
        return f"select 0 as key, true as is_total, {counted}"
    groups = "group by grouping sets ((key), ())"
    return f"select key, grouping(key) = 1 as is_total, {counted} {groups}"


def _finished(raw: Raw, late: Raw, moment: Moment) -> Rows:
    """Rows as definitions read them: what still runs is counted up to the moment."""
    nothing = dict.fromkeys(_ALL_NAMES, 0)
    return {
        key: _sums(nothing | raw.get(key, {}), late.get(key, {}), moment.worked)
        for key in {None, *raw}
    }


def _sums(row: dict[str, Any], late: dict[str, Any], worked: int) -> Sums:
    sums: dict[str, Any] = {name: row[name] for name in _SUM_NAMES if name not in _RUNNING}
    sums |= {name: row.get(name) for name in _PERCENTILES}
    sums["rest_s"] += row["resting"] * worked - row["resting_from"]
    running = row["held_running"] * worked - row["held_running_from"]
    sums |= {"held_reports": row["held_reports"], "held_s": row["held_seconds"] + running}
    return sums | {name: late.get(name, 0) for name in _OVERDUE}


_RUNNING = frozenset({"resting", "resting_from"})
_ALL_NAMES = (*_SUM_NAMES, *(f"held_{one.name}" for one in HELD_SUMS))
_OVERDUE = ("overdue", "overdue_first", *OVERDUE)

#: The row of a group without any report.
NOTHING: Sums = _sums(dict.fromkeys(_ALL_NAMES, 0), {}, worked=0)

"""Rows of sums by group: whole months, quarters and years, and their days, from roll-ups; other
ranges counted from facts by the same expressions (`reports.figures.columns`); and what is overdue
just now.

Roll-ups hold every report. Whoever must not know of some, nearly always few, reads them less these
few, counted by the same expressions; only the percentiles in which they have a part are sorted
anew, without them.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from sqlalchemy import Connection, RowMapping

from reports.figures.columns import HELD_SUMS, OVERDUE_SUMS, TIMES
from reports.figures.definitions import OVERDUE, Sums
from reports.figures.group_sql import (
    MONTHS_RECEIVED,
    PERCENTILES,
    SUM_NAMES,
    counted_queries,
    late_queries,
    rolled_up_queries,
    series_queries,
    times_query,
)
from reports.figures.moment import Moment
from reports.figures.periods import DAY, Kind, Period, containing, months_of
from reports.figures.scope import DIMENSIONS, By, Key, Scope

Rows = dict[Key, Sums]
Raw = dict[Key, dict[str, Any]]


def rows_of(
    connection: Connection, period: Period, by: By | None, scope: Scope, moment: Moment
) -> Rows:
    """Rows of sums by group, the total under None. A group without any report may be absent."""
    if period.kind is Kind.DAYS or _facts_are_ahead(scope, moment):
        raw = _counted(connection, period, by, scope)
    elif by is None or by in DIMENSIONS:
        raw = _rolled_up(connection, period, by, scope)
    elif by is By.MONTH or (by is By.DAY and len(scope.values()) < 2):
        raw = _series(connection, period, by, scope)
        raw |= _rolled_up(connection, period, None, scope)
    else:
        raw = _counted(connection, period, by, scope)
        raw |= _rolled_up(connection, period, None, scope)
    return _finished(raw, _late(connection, period, by, scope, moment), moment)


def months_of_period(connection: Connection, period: Period, scope: Scope, moment: Moment) -> Rows:
    """By month, without a total: for a line over many whole months."""
    read = _counted if _facts_are_ahead(scope, moment) else _series
    raw = read(connection, period, By.MONTH, scope)
    return _finished(raw, _late(connection, period, By.MONTH, scope, moment), moment)


#: Reports that are counted one by one for a comparison; of more the sums are put together.
COUNTED_MOST = 20_000
SORTED_MOST = 400_000  # reports whose durations are sorted only to be compared


def rows_of_past(
    connection: Connection,
    period: Period,
    by: By | None,
    scope: Scope,
    moment: Moment,
    *,
    counted_most: int = COUNTED_MOST,
) -> Rows:
    """The same for one side of a comparison, mostly a part of a month. Where these are very many
    reports, sums are put together from roll-ups and a few days, and medians are known of the total
    alone; of far more they are not."""
    whole = period.kind is not Kind.DAYS or _facts_are_ahead(scope, moment)
    reports = 0 if whole else _reports_around(connection, period)
    if whole or reports <= counted_most:
        return rows_of(connection, period, by, scope, moment)
    raw: Raw = {}
    for sign, part in _parts(period, moment.as_of.date()):
        read = _counted if part.kind is Kind.DAYS else _sums_rolled_up
        _add(raw, read(connection, part, by, scope), sign)
    if reports <= SORTED_MOST:
        raw.setdefault(None, {}).update(_times(connection, period, None, scope)[None])
    return _finished(raw, _late(connection, period, by, scope, moment), moment)


def _reports_around(connection: Connection, period: Period) -> int:
    """How many reports the months that it touches have: no fewer than its own."""
    values = {"starts": months_of(period)}
    return int(connection.execute(MONTHS_RECEIVED, values).scalar() or 0)


def _parts(period: Period, today: date) -> Iterator[tuple[int, Period]]:
    """A period as months and days to be added (1) or taken away (-1): of each month that it cuts
    its days, or all of it without the others, whichever are fewer days with reports in them."""
    for first in months_of(period):
        whole = containing(Kind.MONTH, first)
        own = Period(max(whole.since, period.since), min(whole.until, period.until))
        edges = [(whole.since, own.since), (own.until, whole.until)]
        others = [Period(since, until) for since, until in edges if since < until]
        if sum(_begun(one, today) for one in others) < _begun(own, today):
            yield 1, whole
            yield from ((-1, one) for one in others)
        else:
            yield 1, own


def _begun(period: Period, today: date) -> int:
    """Its days until tomorrow, since it may be that already in the city: none has a report yet."""
    return max(0, min(period.days, (today - period.since).days + 2))


def _add(raw: Raw, more: Raw, sign: int) -> None:
    for key, row in more.items():
        known = raw.setdefault(key, {})
        for name in row.keys() & _NAMES:
            known[name] = None if name in PERCENTILES else known.get(name, 0) + sign * row[name]


def _times(
    connection: Connection, period: Period, by: By | None, scope: Scope, keys: Iterable[Key] = ()
) -> Raw:
    """Percentiles alone: of all together, or of the groups of these keys."""
    values = {"since": period.since, "until": period.until, **scope.bounds()}
    values |= {"keys": [*keys]} if by else {}
    rows = connection.execute(times_query(by, frozenset(scope.bounds())), values).mappings()
    return {None if row["is_total"] else row["key"]: _plain(row) for row in rows}


def _facts_are_ahead(scope: Scope, moment: Moment) -> bool:
    """While everything is made anew facts are newer than roll-ups: what is known of some reports
    cannot be taken away from these, which may not have them yet. All are counted from facts."""
    return moment.anew and bool(scope.corrections())


def _series(connection: Connection, period: Period, by: By, scope: Scope) -> Raw:
    """The roll-ups of its months or days, by the first day of each, without a total. Those of days
    are narrowed by one dimension at most."""
    spans = {span.since: span for span in _SPANS[by](period)}
    values = {"span": str(by), "starts": [*spans], **_all_of(scope)}
    raw: Raw = {}
    for query in series_queries():
        for row in connection.execute(query, values).mappings():
            raw.setdefault(row["start"], {}).update(row)
    for first in _correct(connection, raw, period, by, scope):
        if isinstance(first, date):
            raw[first].update(_times(connection, spans[first], None, scope)[None])
    return raw


def _months(period: Period) -> list[Period]:
    return [containing(Kind.MONTH, first) for first in months_of(period)]


def _days(period: Period) -> list[Period]:
    firsts = (period.since + DAY * ahead for ahead in range(period.days))
    return [Period(first, first + DAY) for first in firsts]


_SPANS = {By.MONTH: _months, By.DAY: _days}


def _rolled_up(connection: Connection, period: Period, by: By | None, scope: Scope) -> Raw:
    return _read_rolled_up(connection, period, by, scope, sort=True)


def _sums_rolled_up(connection: Connection, period: Period, by: By | None, scope: Scope) -> Raw:
    """Without percentiles that would have to be sorted anew."""
    return _read_rolled_up(connection, period, by, scope, sort=False)


def _read_rolled_up(
    connection: Connection, period: Period, by: By | None, scope: Scope, *, sort: bool
) -> Raw:
    values = {"span": str(period.kind), "start": period.since, **_all_of(scope)}
    free = DIMENSIONS.get(by) if by else None
    one_alone = scope.values().get(free) if free else None  # one group alone: it is the total
    if one_alone is not None:
        by = free = None
    raw: Raw = {}
    for query in rolled_up_queries(free):
        for row in connection.execute(query, values).mappings():
            raw.setdefault(row["key"] or None, {}).update(row)
    touched = _correct(connection, raw, period, by, scope)
    if sort:
        _sort(connection, raw, period, by, scope, touched)
    if one_alone is not None and None in raw:
        raw[one_alone] = raw[None]
    return raw


def _correct(
    connection: Connection, raw: Raw, period: Period, by: By | None, scope: Scope
) -> set[Key]:
    """Take out of roll-ups what this scope does not count. The keys of those whose percentiles are
    others now. A group in which nothing is left is not named: that it is there would tell."""
    touched: set[Key] = set()
    moved: set[Key] = set()
    for sign, those in scope.corrections():
        counted = _counted(connection, period, by, those)
        if by in _SPANS:
            counted.pop(None, None)
        _add(raw, {key: _without_percentiles(row) for key, row in counted.items()}, sign)
        touched |= {key for key, row in counted.items() if any(row.get(n) for n in _TIMED)}
        moved |= counted.keys()
    for key in moved - {None}:
        if not any(raw[key].get(name) for name in _ALL_NAMES):
            del raw[key]
    return touched & raw.keys()


def _sort(
    connection: Connection,
    raw: Raw,
    period: Period,
    by: By | None,
    scope: Scope,
    touched: set[Key],
) -> None:
    if None in touched:
        raw[None].update(_times(connection, period, None, scope)[None])
    if keys := touched - {None}:
        found = _times(connection, period, by, scope, keys)
        for key in keys:
            raw[key].update(found.get(key, _UNTIMED))


def _without_percentiles(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in PERCENTILES}


def _all_of(scope: Scope) -> dict[str, int]:
    """The key of a roll-up's row: 0 stands for all of them."""
    return {**dict.fromkeys(DIMENSIONS.values(), 0), **scope.values()}


def _counted(connection: Connection, period: Period, by: By | None, scope: Scope) -> Raw:
    values = {"since": period.since, "until": period.until, **scope.bounds()}
    raw: Raw = {}
    for query in counted_queries(by, frozenset(scope.bounds())):
        for row in connection.execute(query, values).mappings():
            key = None if row["is_total"] else row["key"]
            raw.setdefault(key, {}).update(_plain(row))
    return raw


def _plain(row: RowMapping) -> dict[str, Any]:
    """A counted row as a roll-up's: both percentiles out of the array that was sorted once."""
    plain = {name: value for name, value in row.items() if name in _NAMES}
    for name in (one.name for one in TIMES if one.name in row):
        median, p90 = row[name] or (None, None)
        plain |= {f"{name}_median": median, f"{name}_p90": p90}
    return plain


def _late(
    connection: Connection, period: Period, by: By | None, scope: Scope, moment: Moment
) -> Raw:
    days = {"since": period.since, "until": period.until, "moment": moment.as_of}
    raw: Raw = {}
    for query in late_queries(by, frozenset(scope.bounds())):
        for row in connection.execute(query, {**days, **scope.bounds()}).mappings():
            raw.setdefault(None if row["is_total"] else row["key"], {}).update(row)
    return raw


def _finished(raw: Raw, late: Raw, moment: Moment) -> Rows:
    """Rows as definitions read them: what still runs is counted up to the moment."""
    nothing = dict.fromkeys(_ALL_NAMES, 0)
    return {
        key: _sums(nothing | raw.get(key, {}), late.get(key, {}), moment.worked)
        for key in {None, *raw}
    }


def _sums(row: dict[str, Any], late: dict[str, Any], worked: int) -> Sums:
    sums: dict[str, Any] = {name: row[name] for name in SUM_NAMES if name not in _RUNNING}
    sums |= {name: row.get(name) for name in PERCENTILES}
    sums["rest_s"] += row["resting"] * worked - row["resting_from"]
    running = row["held_running"] * worked - row["held_running_from"]
    sums |= {"held_reports": row["held_reports"], "held_s": row["held_seconds"] + running}
    return sums | {name: late.get(name, 0) for name in _LATE}


_RUNNING = frozenset({"resting", "resting_from"})
_ALL_NAMES = (*SUM_NAMES, *(f"held_{one.name}" for one in HELD_SUMS))
_NAMES = frozenset({*_ALL_NAMES, *PERCENTILES})
_TIMED = tuple(f"{one.name}_n" for one in TIMES)
_UNTIMED: dict[str, Any] = dict.fromkeys(PERCENTILES)
_LATE = ("centre_late", *(one.name for one in OVERDUE_SUMS), *OVERDUE)

#: The row of a group without any report.
NOTHING: Sums = _sums(dict.fromkeys(_ALL_NAMES, 0), {}, worked=0)

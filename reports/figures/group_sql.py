"""The statements that rows of sums are read by, each made once: of roll-ups, and the same counted
from facts by the same expressions (`reports.figures.columns`).
"""

from collections.abc import Iterable
from functools import cache
from itertools import zip_longest

from sqlalchemy import TextClause, text

from reports.figures.columns import (
    CENTRE_LATE_AT,
    HELD_SUMS,
    OVERDUE_AT,
    OVERDUE_SUMS,
    SUMS,
    TIMES,
)
from reports.figures.definitions import OVERDUE, OVERDUE_DAYS
from reports.figures.models import ReportFact
from reports.figures.scope import AS_BEFORE, DIMENSIONS, Before, By

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
_BOUNDS = {
    "area_id": "fact.area_id = :area_id",
    "category_id": "fact.category_id = :category_id",
    "office_id": "owner.office_id = :office_id",
    "hidden": "fact.report_id <> all(:hidden)",
    "only": "fact.report_id = any(:only)",
}
SUM_NAMES = tuple(one.name for one in SUMS)
PERCENTILES = tuple(f"{one.name}_{which}" for one in TIMES for which in ("median", "p90"))
_ROLLED_UP = ", ".join((*SUM_NAMES, *PERCENTILES))
_SORTED = ", ".join(
    f"percentile_disc(array[0.5, 0.9]) within group (order by {one.column}) as {one.name}"
    for one in TIMES
)
_COUNTED = ", ".join((*(f"({one.sql})::bigint as {one.name}" for one in SUMS), _SORTED))
_HELD_UP = ", ".join(f"{one.name} as held_{one.name}" for one in HELD_SUMS)
_HELD_COUNTED = ", ".join(f"({one.sql})::bigint as held_{one.name}" for one in HELD_SUMS)
_LATE = ", ".join(
    (
        *(f"{one.sql} as {one.name}" for one in OVERDUE_SUMS),
        *(
            f"count(*) filter (where late_from <= :moment - interval '{since} days'"
            + (f" and late_from > :moment - interval '{until} days')" if until else ")")
            + f" as {name}"
            for name, since, until in zip_longest(OVERDUE, OVERDUE_DAYS, OVERDUE_DAYS[1:])
        ),
    )
)


#: Facts, and what offices held; the same with some of them under what they were before: who leads
#: such a report now leads it in place of the office before.
_FACTS = "report_fact fact"
_HELD = "report_held owner join report_fact fact using (report_id)"
_ARRAYS = ", ".join(
    f"cast(:{name} as {kind}[])"
    for name, kind in zip(AS_BEFORE, ("uuid", "int", "int", "bool"), strict=True)
)
_BEFORE = f"unnest({_ARRAYS}) before ({', '.join(Before._fields)})"
_MOVED = ", ".join(
    f"coalesce(before.{name}, now.{name}) as {name}" if name in Before._fields else f"now.{name}"
    for name in (column.name for column in ReportFact.__table__.columns)
)
_FACTS_BEFORE = (
    f"(select {_MOVED}, now.office_id as leads from report_fact now"
    f" left join {_BEFORE} on before.report_id = now.report_id) fact"
)
_HELD_BEFORE = (
    f"report_held held join {_FACTS_BEFORE} using (report_id) cross join lateral (select case"
    " held.office_id when fact.leads then fact.office_id else held.office_id end as office_id,"
    " held.seconds, held.since) owner"
)


MONTHS_RECEIVED = text(
    "select sum(received) from figure_group where span = 'month' and start = any(:starts)"
    " and area_id = 0 and category_id = 0 and office_id = 0"
)


@cache
def series_queries() -> tuple[TextClause, TextClause]:
    """The same row of several spans of one kind."""
    where = (
        "span = :span and start = any(:starts) and area_id = :area_id"
        " and category_id = :category_id and office_id = :office_id"
    )
    return (
        text(f"select start, {_ROLLED_UP} from figure_group where {where}"),
        text(f"select start, {_HELD_UP} from figure_held where {where}"),
    )


@cache
def rolled_up_queries(free: str | None) -> tuple[TextClause, TextClause]:
    where = " and ".join(
        f"{column} = :{column}" for column in DIMENSIONS.values() if column != free
    )
    where = f"span = :span and start = :start and {where}"
    return (
        text(f"select {free or 0} as key, {_ROLLED_UP} from figure_group where {where}"),
        text(f"select {free or 0} as key, {_HELD_UP} from figure_held where {where}"),
    )


@cache
def counted_queries(by: By | None, narrowed: frozenset[str]) -> tuple[TextClause, TextClause]:
    held = _HELD_BEFORE if AS_BEFORE[0] in narrowed else _HELD
    return (
        text(_grouped(_COUNTED, "fact.*", _facts(narrowed), by, narrowed)),
        text(_grouped(_HELD_COUNTED, "report_id, owner.seconds, owner.since", held, by, narrowed)),
    )


def _facts(narrowed: frozenset[str]) -> str:
    return _FACTS_BEFORE if AS_BEFORE[0] in narrowed else _FACTS


@cache
def times_query(by: By | None, narrowed: frozenset[str]) -> TextClause:
    """The durations of all together, or of the groups of some `keys`, without any sum."""
    keyed = f" and {_KEYS[by]} = any(:keys)" if by else ""
    return text(_grouped(_SORTED, "fact.*", _facts(narrowed), by, narrowed, keyed))


@cache
def late_queries(by: By | None, narrowed: frozenset[str]) -> tuple[TextClause, TextClause]:
    """What is overdue, and what lies with the centre for too long."""
    facts, late = _facts(narrowed), "fact.late_from, fact.reopened"
    at_the_centre = "count(*) as centre_late"
    return (
        text(_grouped(_LATE, late, facts, by, narrowed, f" and {OVERDUE_AT}")),
        text(_grouped(at_the_centre, "1", facts, by, narrowed, f" and {CENTRE_LATE_AT}")),
    )


def _grouped(
    columns: str, inner: str, source: str, by: By | None, narrowed: Iterable[str], more: str = ""
) -> str:
    """A count of facts by group, and of all of them where `is_total`."""
    owner = "owner" if "owner" in source else "fact"
    where = "".join(f" and {_BOUNDS[name]}" for name in sorted(narrowed) if name in _BOUNDS)
    within = f"fact.day >= :since and fact.day < :until{where}{more}"
    rows = f"select {_KEYS[by]} as key, {inner} from {source} where {within}"
    counted = f"{columns} from ({rows.replace('owner.office_id', f'{owner}.office_id')}) counted"
    if by is None:
        return f"select 0 as key, true as is_total, {counted}"
    groups = "group by grouping sets ((key), ())"
    return f"select key, grouping(key) = 1 as is_total, {counted} {groups}"

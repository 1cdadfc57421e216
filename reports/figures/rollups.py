"""Roll-ups: the sums and percentiles of whole days, months, quarters and years, made from facts.

A group (a span and its first day) is always made whole, by the same statement, whether for the
first time or because one fact of it changed: there is no other way for a number to come about.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import TextClause, text

from app.database import db
from reports.figures import cells
from reports.figures.columns import CELL_SUMS, HELD_SUMS, SUMS, TIMES, Sum
from reports.figures.models import SPANS

TABLES = ("figure_group", "figure_held", "figure_cell")
CELL_RESOLUTIONS = (6, 7, 8)


class Group(NamedTuple):
    """A span of time, by its first day."""

    span: str
    start: date

    @property
    def until(self) -> date:
        """The first day after it."""
        if self.span == "day":
            return self.start + timedelta(days=1)
        months = {"month": 1, "quarter": 3, "year": 12}[self.span]
        years, month = divmod(self.start.month - 1 + months, 12)
        return date(self.start.year + years, month + 1, 1)


def groups_of(days: Iterable[date]) -> list[Group]:
    """Each day, and its month, quarter and year."""
    return sorted({Group(span, _first_day(span, day)) for day in days for span in SPANS})


def _first_day(span: str, day: date) -> date:
    if span == "day":
        return day
    month = {"month": day.month, "quarter": (day.month - 1) // 3 * 3 + 1, "year": 1}[span]
    return date(day.year, month, 1)


def make(groups: Sequence[Group], *, recount: bool = False) -> None:
    """Make these groups anew from the facts that are there now; a recount into tables beside."""
    for group in groups:
        values = {"span": group.span, "start": group.start, "until": group.until}
        for table, statement in _statements(group.span, recount=recount).items():
            if not recount:
                db.session.execute(_CLEAR[table], values)
            db.session.execute(statement, values)


def _statements(span: str, *, recount: bool) -> dict[str, TextClause]:
    if span == "day":
        return RECOUNT_DAY if recount else MAKE_DAY
    return RECOUNTS if recount else MAKE


_KEYS = ("area_id", "category_id", "office_id")
_WITHIN = "day >= :start and day < :until"


def _keys(names: Sequence[str], *, of: str = "") -> str:
    """0 stands for all of them. Every id is greater."""
    return ", ".join(f"coalesce({of}{name}, 0) as {name}" for name in names)


def _fine(sums: Sequence[Sum]) -> str:
    return ", ".join(f"{one.sql} as {one.name}" for one in sums)


def _summed(sums: Sequence[Sum]) -> str:
    kinds = {True: "bigint", False: "int"}
    return ", ".join(f"sum({one.name})::{kinds[one.big]} as {one.name}" for one in sums)


def _names(sums: Sequence[Sum]) -> str:
    return ", ".join(one.name for one in sums)


def _percentiles(names: Sequence[str]) -> str:
    columns = {one.name: one.column for one in TIMES}
    return ", ".join(
        f"percentile_disc(array[0.5, 0.9]) within group (order by {columns[name]}) as {name}"
        for name in names
    )


_TIMES = [one.name for one in TIMES]
_SPLIT = ", ".join(f"{name}[1] as {name}_median, {name}[2] as {name}_p90" for name in _TIMES)
_TIME_NAMES = ", ".join(f"{name}_median, {name}_p90" for name in _TIMES)
_CUBE = f"cube ({', '.join(_KEYS)})"

#: Of a day, what one key alone narrows: lines over days are asked for no more.
_ALONE = f"grouping sets ((), {', '.join(f'({key})' for key in _KEYS)})"


def _group(sets: str) -> str:
    return f"""
(span, start, {", ".join(_KEYS)}, {_names(SUMS)}, {_TIME_NAMES})
with fact as materialized (select * from report_fact where {_WITHIN}),
fine as (select {", ".join(_KEYS)}, {_fine(SUMS)} from fact group by {", ".join(_KEYS)}),
sums as (select {_keys(_KEYS)}, {_summed(SUMS)} from fine group by {sets}),
times as (select {_keys(_KEYS)}, {_percentiles(_TIMES)} from fact group by {sets})
select :span, :start, {", ".join(_KEYS)}, {_names(SUMS)}, {_SPLIT}
  from sums join times using ({", ".join(_KEYS)})
 where received > 0
"""


def _held(sets: str) -> str:
    return f"""
(span, start, {", ".join(_KEYS)}, {_names(HELD_SUMS)})
select :span, :start, {_keys(_KEYS)}, {_fine(HELD_SUMS)}
  from (select report_id, area_id, category_id, held.office_id, seconds, since
          from report_fact join report_held held using (report_id) where {_WITHIN}) held
 group by {sets} having count(*) > 0
"""


def _parent(resolution: int) -> str:
    """The cell of that resolution around a stored one."""
    kept, level = cells.bits_of(resolution)
    return f"((cell & {kept}) | {level})"


_LEVELS = ", ".join(f"({resolution})" for resolution in CELL_RESOLUTIONS)
_PARENTS = " ".join(f"when {one} then {_parent(one)}" for one in CELL_RESOLUTIONS)
_CELL_SETS = "grouping sets ((cell), (cell, category_id), (cell, office_id))"
_CELL_KEYS = f"cell, {_keys(('category_id', 'office_id'))}"

_CELL = f"""
(span, start, category_id, office_id, cell, {_names(CELL_SUMS)}, resolve_median)
with fact as materialized (select * from report_fact where {_WITHIN}),
fine as (
    select {_parent(max(CELL_RESOLUTIONS))} as cell, category_id, office_id, {_fine(CELL_SUMS)}
      from fact group by 1, 2, 3
),
level as (values {_LEVELS}),
sums as (
    select {_CELL_KEYS}, {_summed(CELL_SUMS)}
      from (select case column1 {_PARENTS} end as cell, category_id, office_id, {_names(CELL_SUMS)}
              from fine, level) fine
     group by {_CELL_SETS}
),
times as (
    select {_CELL_KEYS}, percentile_disc(0.5) within group (order by resolve_s) as resolve_median
      from (select case column1 {_PARENTS} end as cell, category_id, office_id, resolve_s
              from fact, level) fact
     group by {_CELL_SETS}
)
select :span, :start, category_id, office_id, cell, {_names(CELL_SUMS)}, resolve_median
  from sums join times using (category_id, office_id, cell)
"""

_SELECTS = {"figure_group": _group(_CUBE), "figure_held": _held(_CUBE), "figure_cell": _CELL}
_DAY_SELECTS = {"figure_group": _group(_ALONE), "figure_held": _held(_ALONE)}
RECOUNT = "recount_"


def _into(selects: Mapping[str, str], prefix: str = "") -> dict[str, TextClause]:
    return {table: text(f"insert into {prefix}{table} {sql}") for table, sql in selects.items()}


#: One statement a table, with `:span`, `:start` and `:until`.
MAKE, MAKE_DAY = _into(_SELECTS), _into(_DAY_SELECTS)
RECOUNTS, RECOUNT_DAY = _into(_SELECTS, RECOUNT), _into(_DAY_SELECTS, RECOUNT)
_CLEAR = {
    table: text(f"delete from {table} where span = :span and start = :start") for table in TABLES
}

"""Roll-ups: the sums and percentiles of whole months, quarters and years, made from facts.

A group (a span and its first day) is always made whole, by the same statement, whether for the
first time or because one fact of it changed: there is no other way for a number to come about.
"""

from collections.abc import Iterable, Sequence
from datetime import date
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
        months = {"month": 1, "quarter": 3, "year": 12}[self.span]
        years, month = divmod(self.start.month - 1 + months, 12)
        return date(self.start.year + years, month + 1, 1)


def groups_of(days: Iterable[date]) -> list[Group]:
    """The month, quarter and year of each day."""
    return sorted({Group(span, _first_day(span, day)) for day in days for span in SPANS})


def _first_day(span: str, day: date) -> date:
    month = {"month": day.month, "quarter": (day.month - 1) // 3 * 3 + 1, "year": 1}[span]
    return date(day.year, month, 1)


def make(groups: Sequence[Group], *, recount: bool = False) -> None:
    """Make these groups anew from the facts that are there now; a recount into tables beside."""
    for group in groups:
        values = {"span": group.span, "start": group.start, "until": group.until}
        for table in TABLES:
            if not recount:
                db.session.execute(_CLEAR[table], values)
            db.session.execute((RECOUNTS if recount else MAKE)[table], values)


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

_GROUP = f"""
(span, start, {", ".join(_KEYS)}, {_names(SUMS)}, {_TIME_NAMES})
with fact as materialized (select * from report_fact where {_WITHIN}),
fine as (select {", ".join(_KEYS)}, {_fine(SUMS)} from fact group by {", ".join(_KEYS)}),
sums as (select {_keys(_KEYS)}, {_summed(SUMS)} from fine group by {_CUBE}),
times as (select {_keys(_KEYS)}, {_percentiles(_TIMES)} from fact group by {_CUBE})
select :span, :start, {", ".join(_KEYS)}, {_names(SUMS)}, {_SPLIT}
  from sums join times using ({", ".join(_KEYS)})
 where received > 0
"""

_HELD = f"""
(span, start, {", ".join(_KEYS)}, {_names(HELD_SUMS)})
select :span, :start, {_keys(_KEYS)}, {_fine(HELD_SUMS)}
  from (select report_id, area_id, category_id, held.office_id, seconds, since
          from report_fact join report_held held using (report_id) where {_WITHIN}) held
 group by {_CUBE} having count(*) > 0
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

_SELECTS = {"figure_group": _GROUP, "figure_held": _HELD, "figure_cell": _CELL}
#: One statement a table, with `:span`, `:start` and `:until`.
MAKE: dict[str, TextClause] = {
    table: text(f"insert into {table} {select}") for table, select in _SELECTS.items()
}
RECOUNT = "recount_"
RECOUNTS: dict[str, TextClause] = {
    table: text(f"insert into {RECOUNT}{table} {select}") for table, select in _SELECTS.items()
}
_CLEAR = {
    table: text(f"delete from {table} where span = :span and start = :start") for table in TABLES
}

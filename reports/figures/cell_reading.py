"""Rows of sums by cell of the map: from the roll-ups where the range is whole months, quarters and
years, else counted from facts by the same expressions (`reports.figures.columns`).

Counts of parts add up, medians do not: where a range has several parts they are worked out from
facts, as long as these are no more than `MEDIAN_MOST`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, TextClause, text

from reports.figures import cells
from reports.figures.cells import Box
from reports.figures.columns import CELL_SUMS, FATES, OVERDUE_AT, OVERDUE_SUMS
from reports.figures.periods import Kind
from reports.figures.spans import Part, parts
from reports.statuses import OPEN, Status

MEDIAN_MOST = 200_000  # reports whose times are sorted for one answer
ROLLED_UP_TO = 8  # the finest resolution that roll-ups have
FEW_DAYS = 100
_RANGES = 60  # of stored cells that a box is looked up by, about

Row = dict[str, Any]
Rows = dict[int, Row]  # by cell

#: Statuses that a fate stands for. A report that is resolved and one that is closed were answered:
#: figures know no difference.
STATUSES_OF: Mapping[str, frozenset[Status]] = {
    "open": OPEN,
    "rejected": frozenset({Status.REJECTED}),
    "merged": frozenset({Status.MERGED}),
    "withdrawn": frozenset({Status.WITHDRAWN}),
    "resolved": frozenset({Status.RESOLVED, Status.CLOSED}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Which reports are counted. None is no bound; days are half open, in the city's zone.

    `hidden`: reports that are left out, being about somebody who must not learn of them."""

    resolution: int
    since: date | None = None
    until: date | None = None
    box: Box | None = None
    category_id: int | None = None
    area_id: int | None = None
    offices: frozenset[int] | None = None
    statuses: frozenset[Status] | None = None
    hidden: frozenset[UUID] = frozenset()

    @property
    def has_roll_ups(self) -> bool:
        """Roll-ups know a category or an office, not both, and no area or status."""
        narrowed = (self.category_id is not None) + (self.offices is not None)
        one_office = self.offices is None or len(self.offices) == 1
        wide = self.area_id is None and self.statuses is None
        return wide and one_office and narrowed < 2 and self.resolution <= ROLLED_UP_TO

    def shows(self, cell: int) -> bool:
        return self.box is None or cells.touches(cell, self.box)


def sums_by_cell(
    connection: Connection, wanted: Counted, *, at: datetime, today: date
) -> tuple[Rows, bool]:
    """Rows with CELL_SUMS, `resolve_median`, `overdue` and `overdue_first` (as of `at`), and
    whether medians are known."""
    some = parts(wanted.since, wanted.until, today=today)
    rows, single = _rows(connection, wanted, some)
    if not single and sum(row["received"] for row in rows.values()) <= MEDIAN_MOST:
        _put(rows, _counted(connection, wanted, _MEDIAN), {"resolve_median": None})
        single = True
    late = _counted(connection, wanted, _LATE, late_at=at)
    _put(rows, late, {one.name: 0 for one in OVERDUE_SUMS})
    return rows, single


def received_by_cell(connection: Connection, wanted: Counted, *, today: date) -> dict[int, int]:
    """How many reports by cell, for a period that another is held against."""
    rows, _ = _rows(connection, wanted, parts(wanted.since, wanted.until, today=today))
    return {cell: row["received"] for cell, row in rows.items()}


def _rows(connection: Connection, wanted: Counted, some: list[Part]) -> tuple[Rows, bool]:
    """Sums, and whether the medians beside them are those of the whole range."""
    if not some:
        return {}, True
    if not wanted.has_roll_ups:
        return _counted(connection, wanted, _SUMS), True
    rows: Rows = {}
    for part in some:
        days = replace(wanted, since=part.since, until=part.until)
        of_days = part.kind is Kind.DAYS
        read = _counted(connection, days, _SUMS) if of_days else _rolled_up(connection, days, part)
        _add(rows, read)
    single = len(some) == 1 and some[0].is_one
    if not single:
        _put(rows, {}, {"resolve_median": None})
    return rows, single


def _add(rows: Rows, more: Rows) -> None:
    for cell, row in more.items():
        if known := rows.get(cell):
            for name in _SUM_NAMES:
                known[name] += row[name]
        else:
            rows[cell] = row


def _put(rows: Rows, more: Rows, otherwise: Mapping[str, int | None]) -> None:
    """Columns beside those that are there; `otherwise` for cells that have none."""
    for cell, row in rows.items():
        row.update(more.get(cell, otherwise))


# From the roll-ups ------------------------------------------------------------------------------

_SUM_NAMES = tuple(one.name for one in CELL_SUMS)
_ADDED = ", ".join(f"sum({name})::bigint as {name}" for name in _SUM_NAMES)
#: Of one span there is one row a cell, so each is the sum and the greatest of itself.
_ROLLED_UP = text(f"""
    select cell, {_ADDED}, max(resolve_median) as resolve_median from figure_cell
     where span = :span and start >= :since and start < :until
       and category_id = :category_id and office_id = :office_id
       and cell between :first and :last
     group by cell
""")


def _rolled_up(connection: Connection, wanted: Counted, part: Part) -> Rows:
    """Cells that hold a hidden report are counted anew, without it."""
    office = min(wanted.offices) if wanted.offices else 0
    first, last = cells.all_of(wanted.resolution)
    values = {"span": str(part.kind), "since": part.since, "until": part.until}
    values |= {"category_id": wanted.category_id or 0, "office_id": office}
    found = connection.execute(_ROLLED_UP, {**values, "first": first, "last": last}).mappings()
    rows = {row["cell"]: _without(row, "cell") for row in found if wanted.shows(row["cell"])}
    if wanted.hidden:
        touched = _cells_of(connection, wanted) & rows.keys()
        counted = _counted(connection, wanted, _SUMS, among=touched) if touched else {}
        rows = {cell: row for cell, row in rows.items() if cell not in touched} | counted
    return rows


_WHERE = text("select cell from report_fact where report_id = any(:hidden)")


def _cells_of(connection: Connection, wanted: Counted) -> set[int]:
    found = connection.execute(_WHERE, {"hidden": list(wanted.hidden)}).scalars()
    return {cells.parent_of(cell, wanted.resolution) for cell in found}


def _without(row: RowMapping, key: str) -> Row:
    return {name: row[name] for name in row if name != key}


# From the facts ---------------------------------------------------------------------------------

_MEDIAN = "percentile_disc(0.5) within group (order by resolve_s) as resolve_median"
_SUMS = ", ".join((*(f"{one.sql} as {one.name}" for one in CELL_SUMS), _MEDIAN))
_LATE = ", ".join(f"{one.sql} as {one.name}" for one in OVERDUE_SUMS)

_BOUNDS = {
    "since": "day >= :since",
    "until": "day < :until",
    "category_id": "category_id = :category_id",
    "area_id": "area_id = :area_id",
    "offices": "office_id = any(:offices)",
    "hidden": "report_id <> all(:hidden)",
    "statuses": "exists (select from report where id = report_id and status = any(:statuses))",
    "firsts": "cell between within.first and within.last",
    "within": "((cell & :within_kept) | :within_level) = any(:within)",
    "moment": OVERDUE_AT,
}
#: Of few days the cells are asked for one by one, of many days the index of cells is looked up by
#: ranges. These do not meet, so nothing is counted twice.
_RANGES_OF = "unnest(cast(:firsts as bigint[]), cast(:lasts as bigint[])) as within (first, last), "


def _counted(
    connection: Connection,
    wanted: Counted,
    columns: str,
    *,
    among: Iterable[int] = (),
    late_at: datetime | None = None,
) -> Rows:
    """Sums by cell; with `late_at` of what is open and overdue at that moment."""
    values = bounds_values(wanted, among) | ({"moment": late_at} if late_at else {})
    query = counting(columns, frozenset(values), fates_of(wanted))
    found = connection.execute(query, values | parent_values(wanted.resolution)).mappings()
    inside = (row for row in found if wanted.shows(row["key"]))
    return {row["key"]: _without(row, "key") for row in inside}


def fates_of(wanted: Counted) -> tuple[str, ...]:
    """The fates that stand for the statuses; none where these have to be asked for."""
    chosen = wanted.statuses or frozenset()
    fates = tuple(fate for fate in FATES if STATUSES_OF[fate] <= chosen)
    return fates if chosen == frozenset().union(*(STATUSES_OF[fate] for fate in fates)) else ()


def is_of_facts_alone(wanted: Counted) -> bool:
    """Does its answer stay until the figures move? Statuses that are no fate are asked of the
    reports, which may have gone on since."""
    return wanted.statuses is None or bool(fates_of(wanted))


def parent_values(resolution: int) -> dict[str, Any]:
    kept, level = cells.bits_of(resolution)
    return {"kept": kept, "level": level}


def bounds_values(wanted: Counted, among: Iterable[int] = ()) -> dict[str, Any]:
    """What a count of facts is narrowed by, for `counting`."""
    values: dict[str, Any] = {
        "since": wanted.since,
        "until": wanted.until,
        "category_id": wanted.category_id,
        "area_id": wanted.area_id,
        "offices": sorted(wanted.offices) if wanted.offices is not None else None,
        "hidden": list(wanted.hidden) or None,
    }
    if wanted.statuses is not None and not fates_of(wanted):
        values["statuses"] = sorted(wanted.statuses)
    if found := [*among] or _around_box(wanted):
        values |= _within(found, wanted)
    return {name: one for name, one in values.items() if one is not None}


def _within(found: list[int], wanted: Counted) -> dict[str, Any]:
    """Cells of one resolution, and whatever lies in them."""
    days = (wanted.until - wanted.since).days if wanted.since and wanted.until else None
    if days is not None and days <= FEW_DAYS:
        kept, level = cells.bits_of(cells.resolution_of(found[0]))
        return {"within": found, "within_kept": kept, "within_level": level}
    firsts, lasts = zip(*map(cells.stored_range, found), strict=True)
    return {"firsts": list(firsts), "lasts": list(lasts)}


def _around_box(wanted: Counted) -> list[int]:
    """The cells that a box is looked up by: coarse ones, so that they are few, with room around."""
    if wanted.box is None:
        return []
    found: list[int] = []
    for resolution in range(cells.COARSEST, wanted.resolution + 1):
        finer = cells.covering(wanted.box, resolution)
        if found and len(finer) > _RANGES:
            break
        found = finer
    return sorted({near for cell in found for near in (cell, *cells.around(cell))})


@lru_cache(maxsize=500)
def counting(
    columns: str, bounds: frozenset[str], fates: tuple[str, ...], groups: str = "1"
) -> TextClause:
    """A count of facts by cell: `key` is the parent of the stored cell. Literal fates let the
    index of what is open serve."""
    where = [_BOUNDS[name] for name in sorted(bounds & _BOUNDS.keys())]
    named = ", ".join(f"'{fate}'" for fate in fates)
    where += [f"fate in ({named})"] if fates else []
    return text(f"""
        select (cell & :kept) | :level as key, {columns}
          from {_RANGES_OF if "firsts" in bounds else ""}report_fact
        {"where " + " and ".join(where) if where else ""} group by {groups}
    """)

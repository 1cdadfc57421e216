"""The heatmap reckoned plainly: every report that there is, read from the base tables and looked at
one by one, in Python. It shares no SQL with what it is held against, and no roll-up.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from math import ceil
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import h3.api.basic_int as h3
from sqlalchemy import Connection, text

from reports.city.snapshot import City
from reports.deadlines import working_seconds_between
from reports.figures import cells
from reports.figures.heatmap import Wanted
from reports.statuses import OPEN, Status

_REPORTS = text("""
    select id, status, area_id, category_id, office_id, accused_office_id, lat, lng, submitted_at,
           first_resolved_at, resolved_at, first_due_at, due_at, reopened
      from report
""")
_RATINGS = text("select report_id, stars from rating")
_CHANGES = text("""
    select report_id, before, after, at from status_change
     where before is distinct from after order by report_id, version
""")


@dataclass(frozen=True, slots=True)
class Raw:
    """One report, as the map should count it."""

    id: UUID
    day: date
    status: Status
    area: int
    category: int
    office: int
    accused: int | None
    cell: int
    open: bool
    late_from: datetime | None
    reopened: bool
    timed: bool
    on_time: bool
    resolve_s: int | None
    ratings: int
    satisfied: int


def everything(connection: Connection, city: City) -> list[Raw]:
    """All reports, with what the history and the ratings tell of each."""
    stars: dict[UUID, list[int]] = defaultdict(list)
    for report_id, given in connection.execute(_RATINGS):
        stars[report_id].append(given)
    turns: dict[UUID, list[Any]] = defaultdict(list)
    for row in connection.execute(_CHANGES):
        turns[row.report_id].append(row)
    return [_raw(row, stars[row.id], turns[row.id], city) for row in connection.execute(_REPORTS)]


def _raw(row: Any, stars: list[int], turns: list[Any], city: City) -> Raw:
    status = Status(row.status)
    answered = row.first_resolved_at is not None and (row.resolved_at or row.reopened > 0)
    promised = row.due_at if row.reopened > 0 else row.first_due_at
    runs = status in OPEN and status is not Status.WAITING
    return Raw(
        id=row.id,
        day=row.submitted_at.astimezone(ZoneInfo(city.profile.timezone)).date(),
        status=status,
        area=row.area_id,
        category=row.category_id,
        office=row.office_id,
        accused=row.accused_office_id,
        cell=h3.latlng_to_cell(row.lat, row.lng, 10),
        open=status in OPEN,
        late_from=promised if runs else None,
        reopened=row.reopened > 0,
        timed=bool(answered and row.first_due_at),
        on_time=bool(answered and row.first_due_at and row.first_resolved_at <= row.first_due_at),
        resolve_s=_worked(row, turns, city) if answered else None,
        ratings=len(stars),
        satisfied=sum(one >= 4 for one in stars),
    )


def _worked(row: Any, turns: list[Any], city: City) -> int:
    """Working seconds to the first result, without those in which the reporter was waited for."""

    def between(start: datetime, end: datetime) -> int:
        return working_seconds_between(city.calendar, start, end) if end > start else 0

    waited = sum(
        between(turn.at, then.at)
        for turn, then in pairwise(turns)
        if turn.after == "waiting" == then.before and turn.at < row.first_resolved_at
    )
    return max(0, between(row.submitted_at, row.first_resolved_at) - waited)


class Brute:
    """A map of all reports; `heat` answers what the real one should, by cell."""

    def __init__(self, reports: list[Raw]) -> None:
        self.reports = reports
        self._parents: dict[int, list[int]] = {}

    def _by_cell(
        self, wanted: Wanted, chosen: Callable[[Raw], bool]
    ) -> Iterator[tuple[int, list[Raw]]]:
        if wanted.resolution not in self._parents:
            self._parents[wanted.resolution] = [
                h3.cell_to_parent(one.cell, wanted.resolution) for one in self.reports
            ]
        found: dict[int, list[Raw]] = defaultdict(list)
        for one, parent in zip(self.reports, self._parents[wanted.resolution], strict=True):
            if chosen(one):
                found[parent].append(one)
        for cell, reports in found.items():
            if wanted.box is None or cells.touches(cell, wanted.box):
                yield cell, reports

    def heat(
        self, wanted: Wanted, *, as_of: datetime, not_about: frozenset[int] = frozenset(),
        offices: frozenset[int] | None = None,
    ) -> dict[int, dict[str, Any]]:  # fmt: skip
        """The figures of each cell that holds a report."""

        def chosen(one: Raw) -> bool:
            return _is_wanted(one, wanted, offices) and one.accused not in not_about

        return {
            cell: _figures([one for one in reports if _in_days(one, wanted)], as_of)
            for cell, reports in self._by_cell(wanted, chosen)
            if any(_in_days(one, wanted) for one in reports)
        }

    def received(self, wanted: Wanted, since: date, until: date) -> dict[int, int]:
        """How many in other days, by cell."""

        def chosen(one: Raw) -> bool:
            return _is_wanted(one, wanted, None) and since <= one.day < until

        return {cell: len(reports) for cell, reports in self._by_cell(wanted, chosen)}


def _is_wanted(one: Raw, wanted: Wanted, offices: frozenset[int] | None) -> bool:
    return (
        (wanted.category_id is None or one.category == wanted.category_id)
        and (wanted.area_id is None or one.area == wanted.area_id)
        and (wanted.office_id is None or one.office == wanted.office_id)
        and (offices is None or one.office in offices)
        and (wanted.statuses is None or one.status in wanted.statuses)
    )


def _in_days(one: Raw, wanted: Wanted) -> bool:
    after = wanted.since is None or one.day >= wanted.since
    return after and (wanted.until is None or one.day < wanted.until)


def _figures(reports: list[Raw], as_of: datetime) -> dict[str, Any]:
    late = [one for one in reports if one.late_from is not None and one.late_from < as_of]
    times = sorted(one.resolve_s for one in reports if one.resolve_s is not None)
    return {
        "count": len(reports),
        "open": sum(one.open for one in reports),
        "overdue": len(late),
        "overdue_first": sum(not one.reopened for one in late),
        "timed": sum(one.timed for one in reports),
        "on_time": sum(one.on_time for one in reports),
        "resolve_n": len(times),
        "resolve_median_s": times[ceil(len(times) / 2) - 1] if times else None,
        "ratings": sum(one.ratings for one in reports),
        "satisfied": sum(one.satisfied for one in reports),
    }

"""How many rows a published month has today: a report that was erased or hidden since is left out.

Counting reads every row of a month, and anyone may ask; so a process counts each month once in
FRESH_S, as long as an answer may be kept anyhow, all that it needs by one statement. The files
themselves are read anew each time: what was erased is in none of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from threading import Lock
from time import monotonic

from sqlalchemy import func, select

from app.database import reading
from reports.figures.public.models import PublicRow
from reports.figures.public.published import Published, kept_beside
from reports.models import Report

FRESH_S = 300


@dataclass(frozen=True, slots=True)
class RowsToday:
    """`mark` changes with the rows."""

    rows: int
    mark: str


def rows_now(months: Sequence[Published]) -> list[RowsToday]:
    """Of each of these months, in their order; as it was up to FRESH_S seconds ago."""
    kept = kept_beside("rows", _Kept)
    return kept.of([(month.first, month.published_at) for month in months])


_Key = tuple[date, datetime]


@dataclass
class _Kept:
    """Of one app: by month what was counted, and when. Who asks meanwhile waits for the count."""

    counted: dict[_Key, tuple[float, RowsToday]] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def of(self, keys: Sequence[_Key]) -> list[RowsToday]:
        with self.lock:
            stale = [key for key in keys if not self._is_fresh(key)]
            found = _count([first for first, _ in stale]) if stale else {}
            at = monotonic()
            for key in stale:
                self.counted[key] = at, found.get(key[0], RowsToday(0, "0-0"))
            return [self.counted[key][1] for key in keys]

    def _is_fresh(self, key: _Key) -> bool:
        return key in self.counted and monotonic() - self.counted[key][0] < FRESH_S


def _count(months: Sequence[date]) -> dict[date, RowsToday]:
    query = (
        select(PublicRow.month, func.count(), func.sum(PublicRow.position))
        .join(Report, Report.id == PublicRow.report_id)
        .where(PublicRow.month.in_(months), Report.shown)
        .group_by(PublicRow.month)
    )
    with reading() as connection:
        return {
            month: RowsToday(rows, f"{rows}-{positions}")
            for month, rows, positions in connection.execute(query)
        }

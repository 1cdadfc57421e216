"""Where it hurts: counts of reports by H3 cell. The public sees no cell with fewer than five
reporters, so that no map singles anybody out.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import h3.api.basic_int as h3
from sqlalchemy import func, select, text

from app.database import reading
from reports.geometry import within_box
from reports.models import Report
from reports.permissions import Viewer
from reports.queries import Filters, not_accused
from reports.statuses import OPEN

STORED_RESOLUTION = 10
FINEST, COARSEST = 10, 6
PUBLIC_REPORTERS = 5  # at least so many people a cell


@dataclass(frozen=True, slots=True)
class Heat:
    """One cell: its H3 index, how many reports, how many of them open."""

    cell: int
    count: int
    open: int


def heatmap(
    filters: Filters,
    *,
    box: tuple[float, float, float, float] | None,
    resolution: int,
    official: Viewer | None,
) -> list[Heat]:
    """Counts by cell of a resolution from 6 (a district) to 10 (a street corner). An official
    counts what is not published too, but for what is said of their own office."""
    is_open = Report.status.in_(sorted(OPEN))
    query = (
        select(
            Report.cell,
            func.count(),
            func.count().filter(is_open),
            func.array_agg(Report.reporter_id.distinct()),
        )
        .where(*filters.conditions(), Report.erased_at.is_(None))
        .group_by(Report.cell)
    )
    if box:
        query = query.where(within_box(*box))
    query = query.where(not_accused(official) if official else text("shown"))
    with reading() as connection:
        rows = connection.execute(query).all()
    return _gathered(rows, resolution, least=1 if official else PUBLIC_REPORTERS)


def _gathered(rows: Iterable[Any], resolution: int, *, least: int) -> list[Heat]:
    """Cells of the finest grid, gathered into those of a coarser one."""
    counts: Counter[int] = Counter()
    still_open: Counter[int] = Counter()
    people: dict[int, set[Any]] = {}
    for cell, count, opened, reporters in rows:
        parent = h3.cell_to_parent(cell, resolution)
        counts[parent] += count
        still_open[parent] += opened
        people.setdefault(parent, set()).update(reporters)
    return [
        Heat(cell, counts[cell], still_open[cell])
        for cell in sorted(counts)
        if len(people[cell]) >= least
    ]


def outline(cell: int) -> list[list[float]]:
    """The cell's hexagon as a closed GeoJSON ring of [lng, lat]."""
    ring = [[round(lng, 6), round(lat, 6)] for lat, lng in h3.cell_to_boundary(cell)]
    return [*ring, ring[0]]

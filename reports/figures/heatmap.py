"""Where it hurts: counts of reports by H3 cell. The public sees no cell with fewer than five
reporters, so that no map singles anybody out.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

import h3.api.basic_int as h3
from sqlalchemy import BigInteger, Select, bindparam, cast, func, select, text

from app.database import reading
from reports.filters import BOUNDS, Bounds, Filters, narrowed
from reports.geometry import Box, box_values, spot_in_box
from reports.models import Report
from reports.official_queue import NOT_ACCUSED, not_accused_values
from reports.permissions import Viewer

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
    filters: Filters, *, box: Box | None, resolution: int, official: Viewer | None
) -> list[Heat]:
    """Counts by cell of a resolution from 6 (a district) to 10 (a street corner). An official
    counts what is not published too, but for what is said of their own office."""
    values = filters.values()
    query = _heat(frozenset(values), boxed=bool(box), public=official is None)
    values |= _parent_of(resolution) | (box_values(*box) if box else {})
    values |= not_accused_values(official) if official else {"least": PUBLIC_REPORTERS}
    with reading() as connection:
        return [Heat(*row) for row in connection.execute(query, values)]


@cache
def _heat(bounds: Bounds, *, boxed: bool, public: bool) -> Select[Any]:
    """People by cell first, then cells: so each person counts once, and nothing is sorted."""
    report = Report.__table__.c
    # An H3 index holds its resolution and seven for each digit beyond it.
    cell = report.cell.op("&")(_big("kept")).op("|")(_big("level")).label("cell")
    is_open = func.count().filter(BOUNDS["open"])
    people = select(cell, func.count().label("count"), is_open.label("open"))
    people = people.where(*narrowed(bounds)).group_by(cell, report.reporter_id)
    people = people.where(spot_in_box("report")) if boxed else people
    seen = (text("shown"),) if public else (NOT_ACCUSED, report.erased_at.is_(None))
    found = people.where(*seen).subquery()  # what is shown is not erased: the index tells all
    sums = (cast(func.sum(column), BigInteger) for column in (found.c.count, found.c.open))
    query = select(found.c.cell, *sums).group_by(found.c.cell).order_by(found.c.cell)
    return query.having(func.count() >= bindparam("least")) if public else query


def _big(name: str) -> Any:
    return bindparam(name, type_=BigInteger)


def _parent_of(resolution: int) -> dict[str, int]:
    """The bits of a cell that its parent keeps, and those that it sets."""
    finer = (1 << 3 * (15 - resolution)) - 1
    return {"kept": ~(15 << 52 | finer), "level": resolution << 52 | finer}


def outline(cell: int) -> list[list[float]]:
    """The cell's hexagon as a closed GeoJSON ring of [lng, lat]."""
    ring = [[round(lng, 6), round(lat, 6)] for lat, lng in h3.cell_to_boundary(cell)]
    return [*ring, ring[0]]

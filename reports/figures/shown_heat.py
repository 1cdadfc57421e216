"""What the public sees of the map of heat until months are published: counts of shown reports by
cell, no cell with fewer than five people, so that no map singles anybody out.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Select, bindparam, cast, func, select, text

from app.database import reading
from reports.figures import cells
from reports.filters import BOUNDS, Bounds, Filters, narrowed
from reports.geometry import Box, box_values, spot_in_box
from reports.models import Report

PUBLIC_REPORTERS = 5  # at least so many people a cell


@dataclass(frozen=True, slots=True)
class Heat:
    """One cell: its H3 index, how many reports, how many of them open."""

    cell: int
    count: int
    open: int


def shown_heat(filters: Filters, *, box: Box | None, resolution: int) -> list[Heat]:
    """Counts by cell of what is shown."""
    values = filters.values()
    query = _heat(frozenset(values), boxed=bool(box))
    kept, level = cells.bits_of(resolution)
    values |= {"kept": kept, "level": level, "least": PUBLIC_REPORTERS}
    values |= box_values(*box) if box else {}
    with reading() as connection:
        return [Heat(*row) for row in connection.execute(query, values)]


@cache
def _heat(bounds: Bounds, *, boxed: bool) -> Select[Any]:
    """People by cell first, then cells: so each person counts once, and nothing is sorted."""
    report = Report.__table__.c
    cell = report.cell.op("&")(_big("kept")).op("|")(_big("level")).label("cell")
    is_open = func.count().filter(BOUNDS["open"])
    people = select(cell, func.count().label("count"), is_open.label("open"))
    people = people.where(*narrowed(bounds)).group_by(cell, report.reporter_id)
    people = people.where(spot_in_box("report")) if boxed else people
    found = people.where(text("shown")).subquery()  # what is shown is not erased
    sums = (cast(func.sum(column), BigInteger) for column in (found.c.count, found.c.open))
    query = select(found.c.cell, *sums).group_by(found.c.cell).order_by(found.c.cell)
    return query.having(func.count() >= bindparam("least"))


def _big(name: str) -> Any:
    return bindparam(name, type_=BigInteger)

"""The rows of a published month, page by page, without those that were erased or hidden since."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from app.database import reading
from reports.codes import spoken
from reports.figures.group_names import GroupName
from reports.figures.public.models import PublicRow
from reports.figures.public.published import Published
from reports.figures.scope import By
from reports.models import Report

PAGE = 2_000
TIMES = (
    "submitted_at", "accepted_at", "published_at", "first_due_at", "resolved_at", "closed_at"
)  # fmt: skip
_row_columns = PublicRow.__table__.c


@dataclass(frozen=True, slots=True)
class OpenRow:
    """A public report as it was when its month was published."""

    code: str
    category: GroupName
    area: GroupName
    office: GroupName
    status: str
    outcome: str | None
    lat: float
    lng: float
    submitted_at: datetime
    accepted_at: datetime | None
    published_at: datetime | None
    first_due_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    on_time: bool | None


def rows_of(month: Published) -> Iterator[OpenRow]:
    """In the order in which they were sent. No connection is held between two pages."""
    after = -1
    while page := _page(month, after):
        after = page[-1].position
        yield from (_row(row, month) for row in page)


def _page(month: Published, after: int) -> list[Row[Any]]:
    query = (
        select(*_row_columns)
        .join(Report, Report.id == _row_columns.report_id)
        .where(
            _row_columns.month == month.first,
            _row_columns.position > after,
            Report.shown,
        )
        .order_by(_row_columns.position)
        .limit(PAGE)
    )
    with reading() as connection:
        return list(connection.execute(query))


def _row(row: Row[Any], month: Published) -> OpenRow:
    return OpenRow(
        code=spoken(row.code),
        category=month.name(By.CATEGORY, row.category_id),
        area=month.name(By.AREA, row.area_id),
        office=month.name(By.OFFICE, row.office_id),
        status=row.status,
        outcome=row.outcome,
        lat=row.lat,
        lng=row.lng,
        on_time=row.on_time,
        **{name: getattr(row, name) for name in TIMES},
    )

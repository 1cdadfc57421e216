"""Of what kind a ward's public reports are. Atoms hardly ever carry both a ward and a category; but
these reports anyone may read one by one, and count them. Those that nobody may are not in it.
"""

from dataclasses import dataclass

from sqlalchemy import func, select

from app.database import reading
from reports.figures.group_names import GroupName
from reports.figures.public.atoms import PEOPLE
from reports.figures.public.models import PublicRow
from reports.figures.public.published import Published
from reports.figures.scope import By
from reports.models import Report


@dataclass(frozen=True, slots=True)
class Kinds:
    """Public reports of a month in an area: by category, most first, and all others together."""

    told: list[tuple[GroupName, int]]
    others: int

    @property
    def all(self) -> int:
        return self.others + sum(count for _, count in self.told)


def kinds_in(month: Published, area_id: int) -> Kinds:
    """As the open data have them today: what was erased or hidden since is not counted."""
    query = (
        select(PublicRow.category_id, func.count())
        .join(Report, Report.id == PublicRow.report_id)
        .where(PublicRow.month == month.first, PublicRow.area_id == area_id, Report.shown)
        .group_by(PublicRow.category_id)
        .order_by(func.count().desc(), PublicRow.category_id)
    )
    with reading() as connection:
        rows = [(int(key), int(count)) for key, count in connection.execute(query)]
    told = [(month.name(By.CATEGORY, key), count) for key, count in rows if count >= PEOPLE]
    return Kinds(told, sum(count for _, count in rows if count < PEOPLE))

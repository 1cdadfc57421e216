"""What grows with time, held against the first paper on the period before.

A month's paper is made some days after the month, before the usual deadline has passed: what is
answered by then was answered fast. So neither its share on time nor its times can be held against
the month before as that stands now. The first paper on that month was made as many days after its
own end, and says what stood then.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from reports.city.snapshot import City
from reports.figures import periods
from reports.figures.changes import Change, Measured, State, change
from reports.figures.definitions import VERSION
from reports.figures.frozen.models import FigureReport
from reports.figures.indicators import Told
from reports.figures.periods import Period


@dataclass(frozen=True, slots=True)
class FirstPaper:
    """`day`: on which day after its period it was made, as the one that is made now: 5 for the
    5th of the next month. `total`: by figure."""

    period: Period
    day: int
    total: Mapping[str, Measured]

    def change(self, told: Told) -> Change | None:
        """Of a figure that is too young to be held against how the other period stands now; None
        for others, and for those that this paper did not have."""
        past = self.total.get(told.figure.key)
        if told.change.state is not State.RIPENING or past is None:
            return None
        return change(told.figure.unit, Measured(told.value, told.sample), past)


def first_paper_before(
    connection: Connection, period: Period, city: City, *, at: datetime
) -> FirstPaper | None:
    """The first paper on the period before; None where there is none that was made on the same day
    after its period, by the same definitions."""
    before = periods.before(period)
    row = FigureReport.__table__.c
    query = select(row.made_at, row.definitions_version, row.contents["total"].label("total"))
    found = connection.execute(query.where(row.period == before.code, row.number == 1)).first()
    day = _day_after(period, at, city)
    if found is None or found.definitions_version != VERSION:
        return None
    if _day_after(before, found.made_at, city) != day:
        return None
    total = {key: Measured(one["value"], one["sample"]) for key, one in found.total.items()}
    return FirstPaper(before, day, total)


def _day_after(period: Period, at: datetime, city: City) -> int:
    return (city.calendar.local_day(at) - period.last).days

"""What is late just now: counted at the moment asked about, by one rule wherever it stands."""

from datetime import timedelta

from app.database import db
from reports.figures import periods
from reports.figures.cell_reading import Counted as Wanted
from reports.figures.cell_reading import sums_by_cell
from reports.figures.group_reading import rows_of
from reports.figures.moment import Moment
from reports.figures.public.storing import reports_of
from reports.figures.scope import EVERYTHING
from tests.figures.conftest import Counted
from tests.figures.test_facts import begun

MARCH = periods.month(2026, 3)


def test_at_its_deadline_a_report_is_not_overdue_yet_whoever_counts(house: Counted) -> None:
    """The page, the map and what is published: answered just then, it would be on time."""
    at = house.fact(begun(house).id).late_from
    assert at
    wanted = Wanted(resolution=8, since=MARCH.since, until=MARCH.until)

    for moment, overdue in ((at, 0), (at + timedelta(microseconds=1), 1)):
        connection = db.session.connection()
        figures = rows_of(connection, MARCH, None, EVERYTHING, Moment(moment, 0))[None]
        cells, _ = sums_by_cell(connection, wanted, at=moment, today=MARCH.until)
        (published,) = reports_of(MARCH, as_of=moment).counted

        told = [figures[name] for name in ("overdue", "overdue_first", "overdue_0d")]
        assert told == [overdue] * 3
        assert [cell["overdue"] for cell in cells.values()] == [overdue]
        assert published.on_time is (False if overdue else None)

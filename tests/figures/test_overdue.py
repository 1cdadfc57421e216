"""What is late just now: counted at the moment asked about, by one rule wherever it stands."""

from datetime import datetime, timedelta

import pytest

from app.database import db
from reports.figures import periods
from reports.figures.cell_reading import Counted as Wanted
from reports.figures.cell_reading import sums_by_cell
from reports.figures.definitions import BY_KEY
from reports.figures.group_reading import rows_of
from reports.figures.moment import Moment
from reports.figures.public.storing import reports_of
from reports.figures.scope import EVERYTHING
from reports.models import Report
from reports.statuses import Role
from tests.figures.conftest import Counted, local
from tests.figures.test_facts import at_work, begun

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


# The centre -------------------------------------------------------------------------------------


def centre_in_time(house: Counted, at: datetime) -> tuple[float | None, int]:
    """Which share the centre dealt with in time, as of a moment, and of how many."""
    house.follow()
    connection = db.session.connection()
    sums = rows_of(connection, MARCH, None, EVERYTHING, Moment(at, 0))[None]
    figure = BY_KEY["centre_in_time"].measured(sums)
    return figure.value, figure.sample


def test_what_the_centre_leaves_lying_counts_against_it(house: Counted) -> None:
    house.takes(house.official(Role.DISPATCHER), "accept", house.submits())
    house.submits()  # on Monday at 8:30, and nobody looks at it: eight hours are over the day after

    assert centre_in_time(house, local(3, 8, 30)) == (1.0, 1)
    assert centre_in_time(house, local(3, 8, 31)) == (0.5, 2)


def test_eight_hours_that_end_with_the_working_day_are_over_when_the_next_one_begins(
    house: Counted,
) -> None:
    house.at = local(2, 7, 0)
    house.submits()

    assert centre_in_time(house, local(3, 7, 30)) == (None, 0)
    assert centre_in_time(house, local(3, 7, 31)) == (0.0, 1)


def test_an_urgent_report_lies_too_long_after_four_hours_by_the_clock(house: Counted) -> None:
    house.at = local(2, 17, 30)
    report = house.submits()
    house.takes(house.official(Role.DISPATCHER), "amend", report, urgent=True)

    assert centre_in_time(house, local(2, 21, 30)) == (None, 0)
    assert centre_in_time(house, local(2, 21, 31)) == (0.0, 1)


def test_what_was_waited_for_the_reporter_is_not_the_centres(house: Counted) -> None:
    report = house.submits()
    house.later(hours=1)
    house.takes(house.official(Role.DISPATCHER), "ask", report, note="Chỗ nào ạ?")
    house.later(days=1)
    house.takes("Lan", "answer", report, note="Cổng sau.")  # seven hours are left: Wednesday, 8:30

    assert centre_in_time(house, local(4, 8, 30)) == (None, 0)
    assert centre_in_time(house, local(4, 8, 31)) == (0.0, 1)


@pytest.mark.parametrize(("kept_h", "returned_in_time"), [(1, True), (10, False)])
def test_what_an_office_returned_counts_with_the_stay_before(
    house: Counted, kept_h: int, *, returned_in_time: bool
) -> None:
    report: Report = house.submits()
    house.later(days=kept_h // 8, hours=kept_h % 8)
    house.takes(house.official(Role.DISPATCHER), "accept", report)
    house.takes(at_work(house, report), "return", report, note="Không thuộc.")

    assert centre_in_time(house, house.at) == ((None, 0) if returned_in_time else (0.0, 1))
    assert centre_in_time(house, house.at + timedelta(days=3)) == (0.0, 1)

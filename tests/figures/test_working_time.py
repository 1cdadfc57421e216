"""Working time in SQL is the working time that deadlines are counted by."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text

from app.clock import now
from app.database import db
from reports.city import calendar as calendar_desk
from reports.city import snapshot
from reports.deadlines import working_seconds_between
from reports.figures import keeping, work_spans
from reports.figures.models import FigureState
from reports.statuses import Role
from tests.figures.conftest import Counted, local

SINCE = datetime(2012, 1, 1, tzinfo=UTC)
moments = st.floats(0, 17 * 365.25 * 86_400).map(lambda s: SINCE + timedelta(seconds=s))


def worked(since: datetime, until: datetime) -> int:
    row = db.session.execute(select(func.xom_worked(until) - func.xom_worked(since)))
    return int(row.scalar_one())


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(since=moments, until=moments)
def test_sql_counts_as_deadlines_do(house: Counted, since: datetime, until: datetime) -> None:
    work_spans_are_there(house)

    counted = worked(since, until)

    assert counted == working_seconds_between(house.city.calendar, since, until)


def work_spans_are_there(house: Counted) -> None:
    if not db.session.scalar(text("select exists (select from work_span)")):
        work_spans.write(work_spans.spans(house.city.calendar, house.at))


def test_openings_closings_nights_and_fractions(house: Counted) -> None:
    work_spans_are_there(house)
    edges = [
        local(2, hour, minute) + timedelta(microseconds=part)
        for hour, minute in (
            (0, 0),
            (7, 29),
            (7, 30),
            (11, 30),
            (12, 0),
            (13, 0),
            (17, 0),
            (23, 59),
        )
        for part in (0, 1, 999_999)
    ]

    counted = [worked(edges[0], edge) for edge in edges]

    assert counted == [house.worked(edges[0], edge) for edge in edges]
    assert counted[-1] == 8 * 3600


def test_a_corrected_day_counts_anew_in_every_figure(house: Counted) -> None:
    report = house.submits()  # Monday, 8:30
    house.at = local(4, 8, 30)
    house.takes(house.official(Role.DISPATCHER), "accept", report)
    assert house.fact(report.id).accept_s == 2 * 8 * 3600
    before = db.session.get_one(FigureState, 1).made_by

    calendar_desk.correct({"day": date(2026, 3, 3), "working": False, "note": "Nghỉ bão."}, by=None)
    house.city = snapshot.current()

    assert house.fact(report.id).accept_s == 8 * 3600
    assert house.total()["accept_median"] == 8 * 3600
    assert db.session.get_one(FigureState, 1).made_by != before


def test_a_new_year_adds_working_time_and_makes_nothing_anew(
    house: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = house.submits()
    house.follow()
    last = work_spans.last_opens()
    assert last
    monkeypatch.setattr(keeping, "now", lambda: now() + timedelta(days=366))

    turn = keeping.turn(paced=False)

    state = db.session.get_one(FigureState, 1)
    assert (turn.more, state.rebuild_after) == (False, None)
    further = work_spans.last_opens()
    assert further and further.year == last.year + 1
    edges = last - timedelta(days=9), further + timedelta(hours=1)
    assert worked(*edges) == house.worked(*edges)
    monkeypatch.undo()  # a process whose clock is in the old year still
    assert keeping.turn(paced=False).more is False
    assert house.fact(report.id)
    assert (work_spans.last_opens(), state.rebuild_after) == (further, None)

"""The house of the reports' tests, with figures that follow when a test says so."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from app.database import db
from reports.city import snapshot
from reports.deadlines import working_seconds_between
from reports.figures import keeping
from reports.figures.models import ReportFact, ReportHeld, figure_group
from tests.conftest import inside_one_transaction
from tests.reports.conftest import MONDAY, House, app, house_app, house_database

__all__ = ["Counted", "app", "house_app", "house_database", "local"]


class Counted(House):
    """A house whose reports are counted."""

    def follow(self) -> None:
        """The figures take in what happened, to the end."""
        db.session.flush()
        while keeping.turn(paced=False).more:
            pass

    def fact(self, report_id: UUID) -> ReportFact:
        """What the figures hold of a report, up to now."""
        self.follow()
        query = select(ReportFact).where(ReportFact.report_id == report_id)
        return db.session.scalars(query.execution_options(populate_existing=True)).one()

    def held(self, report_id: UUID) -> dict[int, int]:
        """Working seconds by office, of what is over."""
        self.follow()
        query = select(ReportHeld.office_id, ReportHeld.seconds)
        return dict(db.session.execute(query.where(ReportHeld.report_id == report_id)).all())

    def total(self, span: str = "month", start: date = date(2026, 3, 1)) -> dict[str, int]:
        """The roll-up's row of everything."""
        self.follow()
        row = figure_group.c
        everything = (row.area_id == 0, row.category_id == 0, row.office_id == 0)
        query = select(figure_group).where(row.span == span, row.start == start, *everything)
        found = db.session.execute(query).mappings().one_or_none()
        return dict(found) if found else {}

    def worked(self, since: datetime, until: datetime) -> int:
        """Seconds of the city's working time, by the rule that deadlines go by."""
        return working_seconds_between(self.city.calendar, since, until)

    def later(self, **by: float) -> datetime:
        """So much later it is now."""
        self.at += timedelta(**by)
        return self.at


@pytest.fixture
def house(app: Flask) -> Counted:
    return Counted(snapshot.current(), MONDAY)


@pytest.fixture(scope="module")
def story(house_app: Flask) -> Iterator[Counted]:
    """A month that is lived once in each file: nothing there changes it."""
    from tests.figures.story import lived  # which is told with this house

    with inside_one_transaction(house_app):
        snapshot.forget()
        house = Counted(snapshot.current(), MONDAY)
        lived(house)
        yield house
        snapshot.forget()


def local(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of March 2026 in Huế."""
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC) - timedelta(hours=7)

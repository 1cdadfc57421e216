"""A city that received a few reports in March 2026, some of them answered, with figures kept up."""

from datetime import UTC, datetime, timedelta

import pytest

from reports.figures import periods
from reports.models import Report
from reports.statuses import Role
from tests.reports.conftest import House, app, house, house_app, house_database, keep_figures

__all__ = ["app", "house", "house_app", "house_database"]

MARCH = periods.month(2026, 3)
AFTER = datetime(2026, 4, 6, 1, tzinfo=UTC)  # the 6th, past the cut-off on the 5th


@pytest.fixture
def march(house: House) -> list[Report]:
    """Five reports: two resolved (one rated), one rejected, two open."""
    sent = [house.submits(f"person {number}") for number in range(5)]
    house.at += timedelta(hours=1)
    dispatcher = house.official(Role.DISPATCHER)
    for report in sent[:3]:
        house.takes(dispatcher, "accept", report)
    house.takes(dispatcher, "reject", sent[4], reason="unclear", note="Chưa rõ ở đâu.")
    for report in sent[:2]:
        resolve(house, report)
    keep_figures()
    return sent


def resolve(house: House, report: Report) -> None:
    """The office that leads starts, and three working hours later answers."""
    code = house.city.offices_by_id[report.office_id].code
    officer = house.official(Role.OFFICER, code)
    house.takes(officer, "start", report)
    house.at += timedelta(hours=3)
    house.takes(officer, "resolve", report, outcome="fixed", note="Đã thông cống.")

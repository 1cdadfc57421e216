"""When time itself concerns a report: the rungs of the reminder ladder, the hours and days after
which something happens by itself. Pure of any act: `clockwork` does what is due.

Each report carries `next_check_at`, the next of these moments, so that nothing has to be scanned.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from reports import deadlines
from reports.audiences import Audience, News
from reports.city.snapshot import City
from reports.deadlines import URGENT
from reports.models import Report
from reports.statuses import Status

TAKEN_WITHIN = timedelta(minutes=15)  # an urgent report, before the centre's head hears
ANSWER_WITHIN_DAYS = 5  # working days that a question waits
CONFIRM_WITHIN = timedelta(days=7)
HELD = frozenset({Status.ACCEPTED, Status.IN_PROGRESS})
WITH_THE_CENTRE = frozenset({Status.SUBMITTED, Status.RETURNED})


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung of the reminder ladder: told when `working_hours` from the deadline (before it
    when negative; urgent reports count `clock_hours` instead)."""

    number: int
    working_hours: int
    clock_hours: int
    news: tuple[News, ...]


LADDER = (
    Rung(1, -8, -1, (News("due_soon", Audience.OFFICERS),)),
    Rung(2, 0, 0, (News("due_now", Audience.HEADS), News("late", Audience.REPORTERS))),
    Rung(3, 8, 4, (News("overdue_leaders", Audience.LEADERS),)),
)


def first_check(submitted_at: datetime, centre_due_at: datetime, *, urgent: bool) -> datetime:
    """When time first concerns a report that was just sent."""
    return submitted_at + TAKEN_WITHIN if urgent else centre_due_at


def next_check(report: Report, city: City) -> datetime | None:
    """The next moment at which time may concern this report; None when it never will."""
    return min(_moments(report, city), default=None)


def _moments(report: Report, city: City) -> Iterator[datetime]:
    if untaken(report):
        yield report.submitted_at + TAKEN_WITHIN
    if report.status in WITH_THE_CENTRE and report.centre_due_at and not report.reminded:
        yield report.centre_due_at
    if report.status == Status.WAITING and report.waiting_since:
        yield deadlines.due_after_days(city.calendar, report.waiting_since, ANSWER_WITHIN_DAYS)
    if (rung := next_rung(report)) and report.due_at:
        yield rung_at(rung, report.due_at, city, urgent=report.due_term == URGENT)
    if report.status == Status.RESOLVED and report.resolved_at:
        yield report.resolved_at + CONFIRM_WITHIN


def untaken(report: Report) -> bool:
    """Urgent, and nobody has started on it, nor has the centre's head been told."""
    waits = report.status in {Status.SUBMITTED, Status.ACCEPTED}
    return report.urgent and waits and report.started_at is None and report.escalated_at is None


def next_rung(report: Report) -> Rung | None:
    """The rung that an office's report climbs next."""
    if report.status not in HELD or report.reminded >= len(LADDER):
        return None
    return LADDER[report.reminded]


def rung_at(rung: Rung, due_at: datetime, city: City, *, urgent: bool) -> datetime:
    if urgent:
        return due_at + timedelta(hours=rung.clock_hours)
    return deadlines.add_working_seconds(city.calendar, due_at, rung.working_hours * 3600)

"""What time does to reports: reminders, escalation, and the steps that nobody has to take.

`tick` looks only at reports whose `next_check_at` has come. Nothing is told twice: each reminder is
known by the deadline that it is about.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy import select

from app.database import db
from reports import announcements, clocks, deadlines, timetable, workflow
from reports.audiences import Audience, News
from reports.city import snapshot
from reports.city.snapshot import City
from reports.models import Report
from reports.statuses import OPEN, Status
from reports.timetable import ANSWER_WITHIN_DAYS, CONFIRM_WITHIN

BATCH = 100
TRY_AGAIN = timedelta(hours=1)
log = structlog.get_logger()


def tick(at: datetime, *, limit: int = BATCH) -> int:
    """Do what time asks of up to `limit` reports; how many were looked at. Flushes."""
    city = snapshot.current()
    due = db.session.scalars(
        select(Report)
        .where(Report.next_check_at <= at)
        .order_by(Report.next_check_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for report in due:
        _look_at_safely(report, city, at)
    return len(due)


def recompute_deadlines(at: datetime, *, reason: str) -> int:
    """Work out the deadlines of every open report anew, after the calendar was corrected.

    Those that moved get a row of history with the old and the new date; how many they were.
    """
    snapshot.forget()
    moved, after = recompute_some(at, reason=reason)
    while after:
        more, after = recompute_some(at, reason=reason, after=after)
        moved += more
    return moved


def recompute_some(
    at: datetime, *, reason: str, after: UUID | None = None
) -> tuple[int, UUID | None]:
    """The same for the next `BATCH` reports: how many moved, and behind which to go on. Whoever
    commits in between lets others at the reports that are done; again changes nothing."""
    city = snapshot.current()
    moved, reports = 0, _open_and_locked(after)
    for report in reports:
        before = report.due_at
        if clocks.recompute(report, city):
            moved += 1
            facts = {"due_at": [_iso(before), _iso(report.due_at)]}
            workflow.stamp(report, "recomputed", at=at, note=reason, facts=facts)
            if report.due_at and report.due_at != before:
                moved_news = News("calendar_moved", Audience.REPORTERS)
                announcements.remind(report, city, moved_news, at=at)
        report.next_check_at = timetable.next_check(report, city)
    db.session.flush()
    return moved, reports[-1].id if len(reports) == BATCH else None


def _open_and_locked(after: UUID | None) -> Sequence[Report]:
    """In the order of ids, as everybody does who takes several: no step runs meanwhile."""
    query = select(Report).where(Report.status.in_(OPEN)).order_by(Report.id).limit(BATCH)
    if after:
        query = query.where(Report.id > after)
    held = query.with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(held).all()


def _look_at_safely(report: Report, city: City, at: datetime) -> None:
    """One report that cannot be handled must not hold up the others: it is tried again later."""
    try:
        with db.session.begin_nested():
            look_at(report, city, at)
    except Exception:
        log.exception("time could not act on a report", report=str(report.id))
        report.next_check_at = at + TRY_AGAIN
    db.session.flush()


def look_at(report: Report, city: City, at: datetime) -> None:
    """Do what time asks of one report at a moment, and say when to look again."""
    if report.status == Status.WAITING and _past(report.next_check_at, at):
        workflow.by_itself(report, "resume", at=at, note=_NO_ANSWER)
    elif report.status == Status.RESOLVED and _past(report.next_check_at, at):
        workflow.by_itself(report, "confirm", at=at, note=_NO_OBJECTION)
    else:
        _remind(report, city, at)
    report.next_check_at = timetable.next_check(report, city)


_NO_ANSWER = f"Không có trả lời sau {ANSWER_WITHIN_DAYS} ngày làm việc."
_NO_OBJECTION = f"Không có ý kiến khác sau {CONFIRM_WITHIN.days} ngày."


def _remind(report: Report, city: City, at: datetime) -> None:
    if timetable.untaken(report) and at - report.submitted_at >= timetable.TAKEN_WITHIN:
        report.escalated_at = at
        announcements.remind(report, city, News("escalated", Audience.CENTRE_HEADS), at=at)
    if report.status in timetable.WITH_THE_CENTRE and _past(report.centre_due_at, at):
        report.reminded = 1
        announcements.remind(report, city, News("centre_late", Audience.CENTRE_HEADS), at=at)
    while (rung := timetable.next_rung(report)) and report.due_at:
        if (
            timetable.rung_at(rung, report.due_at, city, urgent=report.due_term == deadlines.URGENT)
            > at
        ):
            return
        report.reminded = rung.number
        for news in rung.news:
            announcements.remind(report, city, news, at=at)


def _past(moment: datetime | None, at: datetime) -> bool:
    return moment is not None and moment <= at


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None

"""The working calendar at a desk: days corrected, hours changed; told before, by how many open
reports would get another deadline. The deadlines themselves are worked out anew by a job, so that
nobody waits for thousands of them.

Every verb flushes and does not commit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, text

from app import audit
from app.clock import now
from app.database import db
from app.errors import Conflict, NotFound
from app.jobs import schedule
from reports import clocks
from reports.city import checks, importing, snapshot
from reports.city.editing import NOT_A_FILE, told_by_field
from reports.city.models import CalendarCorrection, WorkingHours
from reports.city.schemas import CorrectionRow, HoursRow
from reports.city.snapshot import City
from reports.models import Report
from reports.public_holidays import swapped_workdays
from reports.statuses import OPEN
from reports.work_calendar import Season, WorkCalendar

RECOMPUTE = "reports.recompute_deadlines"
BATCH = 500
EVERYBODY_KNOWS = timedelta(seconds=2 * snapshot.LOOK_EVERY_S)
_FACTS = ("valid_from", "months", "weekdays", "spans")


class HoursBegan(Conflict):
    code = "hours-began"
    vi = "Giờ làm việc này đã áp dụng rồi nên không bỏ được. Thêm giờ mới để thay thế."
    en = "These hours have begun and cannot be taken away. Add new ones in their place."


def corrections() -> Sequence[CalendarCorrection]:
    """By day, the latest first."""
    query = select(CalendarCorrection).order_by(CalendarCorrection.day.desc())
    return db.session.scalars(query).all()


def hours() -> Sequence[WorkingHours]:
    """By the day that they begin on, the latest first."""
    query = select(WorkingHours).order_by(WorkingHours.valid_from.desc(), WorkingHours.id)
    return db.session.scalars(query).all()


def checked_correction(given: Mapping[str, Any]) -> dict[str, Any]:
    """A correction as a file would hold it. Raises Unfit."""
    with told_by_field():
        return importing.loaded(CorrectionRow, NOT_A_FILE, [dict(given)])[0]


def checked_hours(given: Mapping[str, Any]) -> dict[str, Any]:
    """Hours as a file would hold them, beside those that there are. Raises Unfit."""
    with told_by_field():
        row = importing.loaded(HoursRow, NOT_A_FILE, [dict(given)])[0]
        kept = [{name: getattr(one, name) for name in _FACTS} for one in hours()]
        checks.calendar("", [*kept, row], [])
        return row


def correct(row: Mapping[str, Any], *, by: UUID | None) -> None:
    """A day off, or a day worked all the same; the same day again says it anew."""
    importing.locked_city()
    old = db.session.get(CalendarCorrection, row["day"])
    if old is None:
        db.session.add(CalendarCorrection(**row))
    else:
        old.working, old.note = row["working"], row["note"]
    _changed("calendar.correct", f"day:{row['day']}", by, _told(row["day"]))


def uncorrect(day: date, *, by: UUID | None) -> None:
    """The day is again what the country's calendar says. Raises NotFound."""
    importing.locked_city()
    old = db.session.get(CalendarCorrection, day)
    if old is None:
        raise NotFound
    db.session.delete(old)
    _changed("calendar.correct", f"day:{day}", by, _told(day))


def add_hours(row: Mapping[str, Any], *, by: UUID | None) -> None:
    importing.locked_city()
    db.session.add(WorkingHours(**row))
    _changed("calendar.hours", f"hours:{row['valid_from']}", by, "Giờ làm việc thay đổi.")


def remove_hours(hours_id: int, *, by: UUID | None) -> None:
    """Take away hours that have not begun. Raises NotFound, HoursBegan."""
    importing.locked_city()
    row = db.session.get(WorkingHours, hours_id)
    if row is None:
        raise NotFound
    if row.valid_from <= importing.today():
        raise HoursBegan
    db.session.delete(row)
    _changed("calendar.hours", f"hours:{row.valid_from}", by, "Giờ làm việc thay đổi.")


def corrected(city: City, day: date, *, working: bool | None) -> WorkCalendar:
    """The calendar as it would be; None: as the country's calendar has that day."""
    days = dict(city.calendar.corrections)
    days.pop(day, None)
    if working is not None:
        days[day] = working
    elif day in swapped_workdays(city.profile.holidays, [day.year]):
        days[day] = True
    return replace(city.calendar, corrections=days)


def with_hours(city: City, row: Mapping[str, Any]) -> WorkCalendar:
    season = Season.read(row["valid_from"], row["months"], row["weekdays"], row["spans"])
    return replace(city.calendar, seasons=(*city.calendar.seasons, season))


def would_move(calendar: WorkCalendar) -> int:
    """How many open reports would get another deadline by this calendar. Changes nothing."""
    city = replace(snapshot.current(), calendar=calendar)
    query = select(Report).where(Report.status.in_(OPEN))
    moved = 0
    for report in db.session.scalars(query.execution_options(yield_per=BATCH)):
        db.session.expunge(report)  # it is worked out on a copy of the row
        moved += clocks.recompute(report, city)
    return moved


def left_behind() -> bool:
    """Was a worker killed while it worked the deadlines out? Takes that job off the queue: whoever
    asks queues it anew, in this transaction."""
    gone = text(
        "delete from procrastinate_jobs where task_name = :task and status = 'doing'"
        " and worker_id is null returning id"  # the other workers have counted it out
    )
    return bool(db.session.execute(gone, {"task": RECOMPUTE}).all())


def recompute_soon(reason: str) -> None:
    """Have the deadlines worked out, once no process counts by the old calendar any more."""
    schedule("reports.recompute_deadlines", {"reason": reason}, at=now() + EVERYBODY_KNOWS)


def _told(day: date) -> str:
    return f"Lịch làm việc ngày {day.day}/{day.month}/{day.year} thay đổi."


def _changed(action: str, subject: str, by: UUID | None, reason: str) -> None:
    """Tell every process, and have the deadlines worked out, in the transaction of the change."""
    importing.locked_city().version += 1
    db.session.flush()
    snapshot.forget()
    recompute_soon(reason)
    audit.record(action, subject=subject, actor_id=by, fields=("calendar",))

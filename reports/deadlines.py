"""By when an office must have answered: days and hours of working time, and the urgent clock.

Pure: `docs/deadlines.md` states the rules in words, with worked examples. What moves a deadline in
a report's life (waiting, extension, reopening) is `reports.workflow`'s. UTC in and out.
"""

from bisect import bisect_right
from datetime import UTC, date, datetime, timedelta

from reports.city.values import Category
from reports.statuses import OPEN, Status
from reports.work_calendar import (
    NoWorkingTime,
    Season,
    Span,
    WorkCalendar,
    moment_of,
    whole_seconds,
)

__all__ = [
    "DEFAULT_DAYS",
    "URGENT",
    "URGENT_HOURS",
    "NoWorkingTime",
    "Season",
    "Span",
    "WorkCalendar",
    "add_working_seconds",
    "due_after_days",
    "due_after_hours",
    "due_at",
    "is_overdue",
    "is_working",
    "term_of",
    "urgent_due_at",
    "working_days_between",
    "working_seconds_between",
]

DEFAULT_DAYS = 7  # working days, where a category says nothing
URGENT_HOURS = 4  # by the clock, nights and holidays included


URGENT = "urgent"  # a term; the others are written `7d` or `16h`, in working time


def is_overdue(status: str, act_by: datetime, at: datetime) -> bool:
    """Whether whoever has a report should have acted by now. While a question waits for its answer
    the deadline rests; what has ended has none."""
    return status in OPEN and status != Status.WAITING and act_by < at


def term_of(category: Category, *, urgent: bool) -> str:
    """What a report's deadline is counted by, in a form that is kept beside it.

    `urgent` is what was decided for this report, whatever its category proposes. A category that
    gives both hours and days goes by its hours.
    """
    if urgent:
        return URGENT
    if category.deadline_hours is not None:
        return f"{category.deadline_hours}h"
    return f"{category.deadline_days or DEFAULT_DAYS}d"


def due_at(
    calendar: WorkCalendar, term: str, *, submitted_at: datetime, accepted_at: datetime
) -> datetime:
    """The deadline by a term. Urgent counts from sending, the rest from acceptance."""
    if term == URGENT:
        return urgent_due_at(submitted_at)
    if term.endswith("h"):
        return due_after_hours(calendar, accepted_at, int(term[:-1]))
    return due_after_days(calendar, accepted_at, int(term[:-1]))


def urgent_due_at(submitted_at: datetime) -> datetime:
    """Four hours by the clock, whatever the hour and the day."""
    return submitted_at.astimezone(UTC) + timedelta(hours=URGENT_HOURS)


def due_after_days(calendar: WorkCalendar, accepted_at: datetime, days: int) -> datetime:
    """The close of work on the n-th working day after the day of acceptance, which never counts."""
    if days < 1:
        raise ValueError("a deadline is one working day at least")
    second = whole_seconds(accepted_at)
    line = calendar.timeline(second, second)
    today = calendar.local_day(accepted_at).toordinal()
    following = bisect_right(line.days, today)
    while following + days > len(line.days):
        line = calendar.wider(line)
        following = bisect_right(line.days, today)
    return moment_of(line.days_close[following + days - 1])


def due_after_hours(calendar: WorkCalendar, at: datetime, hours: float) -> datetime:
    """The moment when so many hours were worked; it may be a closing, never the opening after."""
    return add_working_seconds(calendar, at, round(hours * 3600))


def add_working_seconds(calendar: WorkCalendar, at: datetime, seconds: int) -> datetime:
    """So much working time later; earlier when negative, and then an opening, never a closing.

    Undoes `working_seconds_between`: the working time between `at` and the answer is `seconds`.
    """
    if seconds == 0:
        return moment_of(whole_seconds(at))
    second = whole_seconds(at)
    line = calendar.timeline(second, second)
    while True:
        worked = line.worked(second) + seconds
        found = line.earliest(worked) if seconds > 0 else line.latest(worked)
        if found is not None:
            return moment_of(found)
        line = calendar.wider(line)


def working_seconds_between(calendar: WorkCalendar, start: datetime, end: datetime) -> int:
    """Working time from `start` to `end`, in seconds; negative when `end` comes first."""
    first, last = whole_seconds(start), whole_seconds(end)
    line = calendar.timeline(min(first, last), max(first, last))
    return line.worked(last) - line.worked(first)


def working_days_between(calendar: WorkCalendar, start: date, end: date) -> int:
    """Working days after `start` up to and with `end`; negative when `end` comes first."""
    noons = sorted(datetime(day.year, day.month, day.day, 12, tzinfo=UTC) for day in (start, end))
    line = calendar.timeline(whole_seconds(noons[0]), whole_seconds(noons[1]))
    return bisect_right(line.days, end.toordinal()) - bisect_right(line.days, start.toordinal())


def is_working(calendar: WorkCalendar, at: datetime) -> bool:
    """Is the city at work at this moment? A closing itself is no longer working time."""
    second = whole_seconds(at)
    line = calendar.timeline(second, second)
    span = bisect_right(line.opens, second) - 1
    return span >= 0 and second < line.closes[span]

"""The city's working time as a table, so that SQL counts it as `reports.deadlines` does."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import BigInteger, cast, delete, func, insert, select, text

from app.database import db
from reports.figures.models import WorkSpan
from reports.work_calendar import WorkCalendar, moment_of, whole_seconds

#: Reports are younger. The first span's place is fixed: what was worked before never moves by it.
FIRST_YEAR = 2000
AHEAD = 3  # years beyond this one, so that a process that goes on past New Year still counts


def worked(moment: str) -> str:
    """SQL: seconds worked before a moment, none of none. As `xom_worked`, which costs five times as
    much where many are asked for: a function is called, this is a look into an index."""
    seconds = f"floor(extract(epoch from least(closes, {moment}) - opens))::bigint"
    last = f"from work_span where opens <= {moment} order by opens desc limit 1"
    return f"(select worked_before + {seconds} {last})"


def when_worked(seconds: str, since: str) -> str:
    """SQL: the last moment by which no more was worked than this (as `worked` counts), which lies
    after `since`: at an opening, not the closing before."""
    after = f"worked_before + extract(epoch from closes - opens) > {seconds}"
    begun = f"opens > {since} - interval '1 day'"  # so that few spans are looked through
    moment = f"opens + make_interval(secs => ({seconds} - worked_before)::double precision)"
    return f"(select {moment} from work_span where {begun} and {after} order by opens limit 1)"


Spans = Sequence[tuple[int, int]]


def spans(calendar: WorkCalendar, at: datetime, *, last: datetime | None = None) -> Spans:
    """Opening and closing in Unix seconds, in order, to the end of the year AHEAD of this one, and
    no less far than to the year of `last`: the same for the same calendar and years."""
    year = at.astimezone(calendar.zone).year + AHEAD
    year = max(year, last.astimezone(calendar.zone).year) if last else year
    first, end = (
        whole_seconds(datetime(one, 1, 1, tzinfo=calendar.zone)) for one in (FIRST_YEAR, year + 1)
    )
    line = calendar.timeline(first, end)
    return [span for span in zip(line.opens, line.closes, strict=True) if first <= span[0] < end]


def last_opens() -> datetime | None:
    """When the last span of the table opens."""
    return db.session.scalar(select(func.max(WorkSpan.opens)))


def write(known: Spans) -> None:
    """Replace the table's rows. Flushes; facts that were counted by the old ones are stale then."""
    db.session.execute(delete(WorkSpan))
    append(known)


def append(more: Spans) -> None:
    """Put spans after those that are there: what was counted by these stays right. Flushes."""
    rows, worked = [], _worked_in_all()
    for opens, closes in more:
        rows.append(
            {"opens": moment_of(opens), "closes": moment_of(closes), "worked_before": worked}
        )
        worked += closes - opens
    if rows:
        db.session.execute(insert(WorkSpan), rows)
    db.session.execute(text("analyze work_span"))


def _worked_in_all() -> int:
    seconds = func.extract("epoch", WorkSpan.closes - WorkSpan.opens)
    query = select(WorkSpan.worked_before + cast(seconds, BigInteger))
    return db.session.scalar(query.order_by(WorkSpan.opens.desc()).limit(1)) or 0

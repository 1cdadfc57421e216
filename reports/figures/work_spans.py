"""The city's working time as a table, so that SQL counts it as `reports.deadlines` does."""

from datetime import datetime

from sqlalchemy import delete, insert, text

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


def spans(calendar: WorkCalendar, at: datetime) -> list[tuple[int, int]]:
    """Opening and closing in Unix seconds, in order; the same for the same calendar and year."""
    first, end = (
        whole_seconds(datetime(year, 1, 1, tzinfo=calendar.zone))
        for year in (FIRST_YEAR, at.astimezone(calendar.zone).year + AHEAD + 1)
    )
    line = calendar.timeline(first, end)
    return [span for span in zip(line.opens, line.closes, strict=True) if first <= span[0] < end]


def write(known: list[tuple[int, int]]) -> None:
    """Replace the table's rows. Flushes; facts that were counted by the old ones are stale then."""
    db.session.execute(delete(WorkSpan))
    rows, worked = [], 0
    for opens, closes in known:
        rows.append(
            {"opens": moment_of(opens), "closes": moment_of(closes), "worked_before": worked}
        )
        worked += closes - opens
    if rows:
        db.session.execute(insert(WorkSpan), rows)
    db.session.execute(text("analyze work_span"))

"""Figures for whoever runs the house, read at each scrape: what is open, what is overdue, how old
the oldest waiting work is.
"""

from collections.abc import Iterator

from sqlalchemy import Connection, text

from app import metrics

Row = tuple[tuple[str, ...], float]

_OPEN = """
    select status, count(*) from report
     where status in ('submitted','accepted','in_progress','waiting','returned') group by status
"""
_OVERDUE = """
    select office.code, count(*) from report join office on office.id = report.office_id
     where status in ('submitted','accepted','in_progress','waiting','returned')
       and act_by < now() and waiting_since is null
     group by office.code
"""
_OLDEST_JOB = """
    select coalesce(extract(epoch from now() - min(at)), 0) from (
        select coalesce(job.scheduled_at, max(event.at)) as at
          from procrastinate_jobs job join procrastinate_events event on event.job_id = job.id
         where job.status = 'todo' and coalesce(job.scheduled_at, now()) <= now()
         group by job.id
    ) waiting
"""
_LATE_TICKS = """
    select coalesce(extract(epoch from now() - min(next_check_at)), 0) from report
     where next_check_at < now()
"""


def register() -> None:
    metrics.register("xom_reports_open", "Open reports by status", ["status"], _read(_OPEN))
    metrics.register(
        "xom_reports_overdue", "Open reports past the time to act", ["office"], _read(_OVERDUE)
    )
    metrics.register("xom_queue_age_seconds", "Age of the oldest job due", [], _read(_OLDEST_JOB))
    metrics.register(
        "xom_clockwork_behind_seconds", "How late the clockwork looks", [], _read(_LATE_TICKS)
    )


def _read(sql: str) -> metrics.Read:
    statement = text(sql)

    def rows(connection: Connection) -> Iterator[Row]:
        for *labels, figure in connection.execute(statement):
            yield tuple(labels), float(figure)

    return rows

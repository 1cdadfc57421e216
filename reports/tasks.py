"""Jobs of the reports: what time does, and sweeping. Imported by the worker, never by the web."""

from app.clock import now
from app.database import db
from app.jobs import queue
from reports import clockwork, photos


@queue.periodic(cron="* * * * *", periodic_id="tick")
@queue.task(name="reports.tick", queueing_lock="reports.tick")
def tick(timestamp: int) -> None:
    """Every minute: reminders, escalations, and the steps that nobody has to take."""
    while True:
        seen = clockwork.tick(now())
        db.session.commit()
        if seen < clockwork.BATCH:
            return


@queue.periodic(cron="41 * * * *", periodic_id="sweep_orphans")
@queue.task(name="reports.sweep_orphans", queueing_lock="reports.sweep_orphans")
def sweep_orphans(timestamp: int) -> None:
    """Every hour, a part of the store: files that a crash before the commit left behind."""
    photos.sweep_orphans(now())


@queue.periodic(cron="17 20 * * *", periodic_id="sweep")
@queue.task(name="reports.sweep", queueing_lock="reports.sweep")
def sweep(timestamp: int) -> None:
    """Every day at 20:17 UTC (night in Indochina): photos that nothing came to own."""
    photos.sweep_loose(now())
    db.session.commit()

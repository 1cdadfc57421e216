"""Jobs of the reports: what time does, and sweeping. The worker imports this, the web never does."""

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


@queue.periodic(cron="17 3 * * *", periodic_id="sweep")
@queue.task(name="reports.sweep", queueing_lock="reports.sweep")
def sweep(timestamp: int) -> None:
    """Every night: photos that nothing came to own."""
    photos.sweep_loose(now())
    db.session.commit()

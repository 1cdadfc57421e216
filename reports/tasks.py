"""Jobs of the reports: what time does, and sweeping. Imported by the worker, never by the web."""

from uuid import UUID

from app.clock import now
from app.database import db
from app.jobs import queue, schedule
from reports import clockwork, photos, redaction, webhook_care
from reports.city import calendar, snapshot
from reports.desk import bulk, bulk_work, presence, read_files
from reports.figures import keeping


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
    """Every hour, a part of the store: files that a crash before the commit left behind; and files
    of city data that nobody confirmed."""
    photos.sweep_orphans(now())
    read_files.sweep(at=now())
    db.session.commit()


@queue.periodic(cron="17 20 * * *", periodic_id="sweep")
@queue.task(name="reports.sweep", queueing_lock="reports.sweep")
def sweep(timestamp: int) -> None:
    """Every day at 20:17 UTC (night in Indochina): photos that nothing came to own, the originals
    of redacted ones whose time is over, and who had which report before them."""
    photos.sweep_loose(now())
    presence.sweep(at=now())
    db.session.commit()
    while redaction.sweep_originals(now()):
        db.session.commit()
    db.session.commit()


@queue.periodic(cron="17 * * * *", periodic_id="look_after_webhooks")
@queue.task(name="reports.look_after_webhooks", queueing_lock="reports.look_after_webhooks")
def look_after_webhooks(timestamp: int) -> None:
    """Every hour: webhooks whose maker may have them no longer, or has left."""
    webhook_care.look_after(now())
    db.session.commit()


@queue.task(name="reports.bulk")
def bulk_run(run_id: str) -> None:
    """One step on many reports: each is committed by itself, and after a slice others may pass."""
    for _ in range(bulk_work.SLICE):
        more = bulk_work.take_next(UUID(run_id), at=now())
        db.session.commit()
        if not more:
            return
    schedule("reports.bulk", {"run_id": run_id}, priority=bulk.PRIORITY)
    db.session.commit()


@queue.periodic(cron="* * * * *", periodic_id="bulk_left_behind")
@queue.task(name="reports.bulk_left_behind", queueing_lock="reports.bulk_left_behind")
def bulk_left_behind(timestamp: int) -> None:
    """Every minute: runs whose worker was killed go on."""
    for run_id in bulk_work.left_behind(at=now()):
        schedule("reports.bulk", {"run_id": str(run_id)}, priority=bulk.PRIORITY)
    db.session.commit()


@queue.task(name=calendar.RECOMPUTE)
def recompute_deadlines(reason: str) -> None:
    """Once, after the working calendar changed. A slice at a time: steps go on in between."""
    snapshot.forget()
    at = now()
    _, after = clockwork.recompute_some(at, reason=reason)
    db.session.commit()
    while after:
        _, after = clockwork.recompute_some(at, reason=reason, after=after)
        db.session.commit()


@queue.periodic(cron="*/10 * * * *", periodic_id="deadlines_left_behind")
@queue.task(name="reports.deadlines_left_behind", queueing_lock="reports.deadlines_left_behind")
def deadlines_left_behind(timestamp: int) -> None:
    """Every ten minutes: the same once more, when the worker that did it was killed."""
    if calendar.left_behind():
        calendar.recompute_soon("Lịch làm việc thay đổi.")
    db.session.commit()


@queue.periodic(cron="* * * * *", periodic_id="keep_figures")
@queue.task(name="reports.keep_figures", queueing_lock="reports.keep_figures")
def keep_figures(timestamp: int) -> None:
    """Every minute: figures follow what changed. Each turn is committed, and says itself when it
    has worked enough."""
    more = True
    while more:
        more = keeping.turn().more
        db.session.commit()

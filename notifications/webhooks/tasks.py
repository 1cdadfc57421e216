"""The queue's tasks: what the worker does for other systems. Only the worker imports this."""

from procrastinate import JobContext

from app.clock import now
from app.database import db
from app.jobs import PATIENT, queue, schedule
from notifications.tasks import Patient
from notifications.webhooks import delivery, history, leftovers
from notifications.webhooks.claims import next_due

PORTIONS = 50  # cleared away in a minute


@queue.task(name=delivery.TASK, queue=PATIENT, pass_context=True, retry=Patient())
def deliver(context: JobContext) -> None:
    """Deferred with each event that somebody is told of, and for the moment at which one comes due
    again."""
    delivery.drain(stop=context.should_abort)


@queue.periodic(cron="* * * * *")
@queue.task(name="notifications.webhooks.sweep", queueing_lock="notifications.webhooks.sweep")
def sweep(timestamp: int) -> None:
    """Each minute: whatever came due meanwhile, the claims of killed workers among it."""
    if next_due(now()):
        schedule("notifications.webhooks", {}, line=PATIENT)
    db.session.commit()


@queue.periodic(cron="* * * * *")
@queue.task(
    name="notifications.webhooks.clear",
    queueing_lock="notifications.webhooks.clear",
    pass_context=True,
)
def clear(context: JobContext, timestamp: int) -> None:
    """Each minute: what was left by endpoints that were removed, or switched off with very much to
    tell them. Each portion is committed."""
    for _ in range(PORTIONS):
        if context.should_abort() or not leftovers.clear_some(now()):
            break
        db.session.commit()
    db.session.commit()


@queue.periodic(cron="43 2 * * *")
@queue.task(
    name="notifications.webhooks.forget",
    queueing_lock="notifications.webhooks.forget",
    pass_context=True,
)
def forget(context: JobContext, timestamp: int) -> None:
    """Each night: what is older than a month."""
    while not context.should_abort() and history.sweep(now()):
        db.session.commit()
    db.session.commit()

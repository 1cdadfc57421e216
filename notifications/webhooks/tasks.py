"""The queue's tasks: what the worker does for other systems. Only the worker imports this."""

from procrastinate import JobContext

from app.clock import now
from app.database import db
from app.jobs import queue
from notifications.tasks import Patient
from notifications.webhooks import delivery, history
from notifications.webhooks.outbox import TASK


@queue.task(name=TASK, pass_context=True, retry=Patient())
def deliver(context: JobContext) -> None:
    """Deferred with each event that somebody is told of, and for the moment at which one comes due
    again."""
    delivery.drain(stop=context.should_abort)


@queue.periodic(cron="* * * * *")
@queue.task(name=f"{TASK}.sweep", queueing_lock=f"{TASK}.sweep", pass_context=True)
def sweep(context: JobContext, timestamp: int) -> None:
    """Each minute: whatever came due meanwhile, the claims of killed workers among it."""
    delivery.drain(stop=context.should_abort)


@queue.periodic(cron="43 2 * * *")
@queue.task(name=f"{TASK}.forget", queueing_lock=f"{TASK}.forget", pass_context=True)
def forget(context: JobContext, timestamp: int) -> None:
    """Each night: what is older than a month."""
    while not context.should_abort() and history.sweep(now()):
        db.session.commit()
    db.session.commit()

"""The queue's tasks: what the worker does for messages. Only the worker imports this."""

from uuid import UUID

import structlog
from procrastinate import BaseRetryStrategy, JobContext, RetryDecision
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager

from app.clock import now
from app.jobs import queue
from notifications import delivery, digest

LONGEST_WAIT = 600  # seconds between tries of a job that fails
MOST_ATTEMPTS = 20  # of a job whose worker died each time; someone must look at it then

log = structlog.get_logger()


class Patient(BaseRetryStrategy):
    """Try for ever, more and more slowly: a job lost is a message lost."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision:
        return RetryDecision(
            retry_in={"seconds": min(5 * 2 ** min(job.attempts, 10), LONGEST_WAIT)}
        )


@queue.task(name="notifications.deliver", pass_context=True, retry=Patient())
def deliver(context: JobContext, change_id: str) -> None:
    """Deferred with each change that somebody is told of."""
    delivery.deliver(UUID(change_id), stop=context.should_abort)


@queue.task(name="notifications.drain", pass_context=True)
def drain(context: JobContext) -> None:
    """Deferred for the moment at which a retry or the end of quiet hours comes due."""
    delivery.drain(stop=context.should_abort)


@queue.periodic(cron="* * * * *")
@queue.task(name="notifications.sweep", queueing_lock="notifications.sweep", pass_context=True)
def sweep(context: JobContext, timestamp: int) -> None:
    """Each minute: whatever came due meanwhile, the claims of killed workers among it."""
    delivery.drain(stop=context.should_abort)


@queue.periodic(cron="*/5 * * * *")
@queue.task(name="notifications.digests", queueing_lock="notifications.digests")
def digests(timestamp: int) -> None:
    """Every five minutes: the daily letters whose hour has come."""
    digest.send_due(now())


@queue.periodic(cron="* * * * *")
@queue.task(
    name="notifications.retry_stalled",
    queueing_lock="notifications.retry_stalled",
    pass_context=True,
)
async def retry_stalled(context: JobContext, timestamp: int) -> None:
    """Each minute: jobs of any kind whose worker was killed go back into the queue."""
    jobs = context.app.job_manager
    for job in await jobs.get_stalled_jobs():
        try:
            await _once_more(jobs, job)
        except Exception:  # one job's trouble must not keep the others from another worker
            log.exception("a stalled job could not be put back", task=job.task_name, job=job.id)


async def _once_more(jobs: JobManager, job: Job) -> None:
    """Unless it kills its workers, or the next of its kind waits already and does its work."""
    if job.id is None:
        return
    if job.attempts >= MOST_ATTEMPTS:
        log.error("a job kills its workers", task=job.task_name, job=job.id)
        await jobs.finish_job_by_id_async(job.id, Status.FAILED, delete_job=False)
        return
    log.warning("a job's worker died", task=job.task_name, attempts=job.attempts)
    try:
        await jobs.retry_job(job)
    except UniqueViolation:  # its queueing lock is held by that next one
        await jobs.finish_job_by_id_async(job.id, Status.FAILED, delete_job=True)

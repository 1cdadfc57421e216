"""The queue: procrastinate, in the same PostgreSQL.

`defer` puts a job into the caller's own transaction: unseen before the commit, gone with a
rollback. The web process defers by name, so that it never imports what the job needs. Tasks are
registered by the packages' `tasks.py`, which only the worker imports.
"""

import asyncio
import signal
from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

import procrastinate
from flask import Flask
from procrastinate import PsycopgConnector, SyncPsycopgConnector
from sqlalchemy import text

from app.database import db

ORDINARY = "default"
#: For jobs that wait for other people's systems, for as long as those like. A worker has a place of
#: their own for them: whatever they wait for, nothing else waits behind them.
PATIENT = "patient"

_sync = SyncPsycopgConnector()  # never opened: it defers only on a connection it is given
queue = procrastinate.App(connector=_sync)


class WorkerConnector(PsycopgConnector):
    """The worker's connector, which can also defer on the session's connection."""

    def execute_query_all_with_connection(
        self, connection: Any, query: Any, **arguments: Any
    ) -> Any:
        return _sync.execute_query_all_with_connection(connection, query, **arguments)


_ABSORB = text("""
select procrastinate_cancel_job_v1(job.id, false, true) from (
    select id from procrastinate_jobs
    where task_name = :task and status = 'todo' and (scheduled_at is null or scheduled_at <= now())
    for update skip locked
) as job
""")


def defer(task: str, **arguments: Any) -> None:
    """Queue `task` (its full name, such as `notifications.deliver`) in this transaction."""
    schedule(task, arguments)


def schedule(
    task: str,
    arguments: dict[str, Any],
    *,
    at: datetime | None = None,
    priority: int = 0,
    once: str | None = None,
    line: str = ORDINARY,
) -> None:
    """Queue `task` in this transaction, not before `at`; a higher `priority` goes first. `line` is
    the queue that the task is registered with.

    `once` names what may wait in the queue only once: a second raises procrastinate's
    AlreadyEnqueued, and the transaction has to be rolled back.
    """
    raw = db.session.connection().connection.driver_connection
    queue.configure_task(
        task,
        allow_unknown=True,
        connection=raw,
        schedule_at=at,
        priority=priority,
        queueing_lock=once,
        queue=line,
    ).defer(**arguments)


def absorb(task: str) -> None:
    """Take the jobs of this kind that wait and are due out of the queue, in this transaction: of
    one that looks for its work itself, and does theirs from here on. Not for periodic ones."""
    db.session.execute(_ABSORB, {"task": task})


def run_worker(
    app: Flask, conninfo: str, *, concurrency: int = 2, until_empty: bool = False
) -> None:
    """Work the queue until told to stop, or `until_empty`. Each job has its own app context; so
    many at a time, and one more of those that are PATIENT. `until_empty`, all share the places: a
    spare one would find nothing while a job still puts others back, and that ends the work."""

    def in_app_context(run: Callable[[], Any], context: Any, worker: Any) -> Any:
        with app.app_context():
            return run()

    how: dict[str, Any] = {
        "delete_jobs": "successful",
        "shutdown_graceful_timeout": 10,
        "task_middleware": [in_app_context],
    }
    with queue.replace_connector(WorkerConnector(conninfo=conninfo)) as working:
        if until_empty:
            working.run_worker(concurrency=concurrency, wait=False, **how)
        else:
            asyncio.run(_side_by_side(working, {ORDINARY: concurrency, PATIENT: 1}, how))


async def _side_by_side(
    working: procrastinate.App, places: dict[str, int], how: dict[str, Any]
) -> None:
    """A worker for each queue. Where one ends, all do: the database went away."""
    told = _told_to_stop()
    async with working.open_async():
        workers = [
            asyncio.create_task(
                working.run_worker_async(
                    queues=[line], concurrency=places[line], install_signal_handlers=False, **how
                )
            )
            for line in places
        ]
        await asyncio.wait([*workers, told], return_when=asyncio.FIRST_COMPLETED)
        told.cancel()
        for worker in workers:
            worker.cancel()  # once: it finishes what is under way
        _raise_first(await asyncio.gather(*workers, return_exceptions=True))


def _told_to_stop() -> "asyncio.Task[bool]":
    """Ends with the first SIGINT or SIGTERM; a second finds the process as it was before."""
    loop, stop = asyncio.get_running_loop(), asyncio.Event()

    def hear() -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, hear)
    return asyncio.create_task(stop.wait())


def _raise_first(results: Collection[BaseException | None]) -> None:
    for one in results:
        if isinstance(one, Exception):
            raise one

"""The queue: procrastinate, in the same PostgreSQL.

`defer` puts a job into the caller's own transaction: unseen before the commit, gone with a
rollback. The web process defers by name, so that it never imports what the job needs. Tasks are
registered by the packages' `tasks.py`, which only the worker imports.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import procrastinate
from flask import Flask
from procrastinate import PsycopgConnector, SyncPsycopgConnector

from app.database import db

_sync = SyncPsycopgConnector()  # never opened: it defers only on a connection it is given
queue = procrastinate.App(connector=_sync)


class WorkerConnector(PsycopgConnector):
    """The worker's connector, which can also defer on the session's connection."""

    def execute_query_all_with_connection(
        self, connection: Any, query: Any, **arguments: Any
    ) -> Any:
        return _sync.execute_query_all_with_connection(connection, query, **arguments)


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
) -> None:
    """Queue `task` in this transaction, not before `at`; a higher `priority` goes first.

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
    ).defer(**arguments)


def run_worker(
    app: Flask, conninfo: str, *, concurrency: int = 2, until_empty: bool = False
) -> None:
    """Work the queue until told to stop, or `until_empty`. Each job has its own app context."""

    def in_app_context(run: Callable[[], Any], context: Any, worker: Any) -> Any:
        with app.app_context():
            return run()

    with queue.replace_connector(WorkerConnector(conninfo=conninfo)) as working:
        working.run_worker(
            concurrency=concurrency,
            wait=not until_empty,
            delete_jobs="successful",
            shutdown_graceful_timeout=10,
            task_middleware=[in_app_context],
        )

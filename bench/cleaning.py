"""The database as it was loaded: what measuring wrote is taken out again."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

import psycopg

#: What submitting leaves besides; the figures' notes too: what was noted is gone again.
_EMPTIED = (
    "delivery", "message", "procrastinate_events", "procrastinate_jobs", "figure_change",
)  # fmt: skip


def forget(url: str, report_ids: Sequence[UUID]) -> None:
    """Remove these reports with all that hangs on them, and every message and job."""
    with psycopg.connect(url) as connection, _unguarded(connection):
        for table in _EMPTIED:
            connection.execute(f"delete from {table}")
        for table in ("assignment", "status_change"):
            connection.execute(f"delete from {table} where report_id = any(%s)", [report_ids])
        connection.execute("delete from report where id = any(%s)", [report_ids])


@contextmanager
def _unguarded(connection: psycopg.Connection[tuple[object, ...]]) -> Iterator[None]:
    """History refuses deletion, and some keys that point at reports have no index to be looked up
    by: neither is asked, where the server's user may say so; else history alone."""
    with connection.transaction():
        row = connection.execute("select usesuper from pg_user where usename = user").fetchone()
        if row and row[0]:
            connection.execute("set local session_replication_role = replica")
            yield
        else:
            connection.execute("alter table status_change disable trigger user")
            yield
            connection.execute("alter table status_change enable trigger user")


def tidy(url: str) -> None:
    """After the last round: dead rows swept, so that the next run starts level."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("delete from token")
        connection.execute("vacuum (analyze) report, status_change, assignment, message, token")

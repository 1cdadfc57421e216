"""The database as it was loaded: what measuring wrote is taken out again."""

from collections.abc import Sequence
from uuid import UUID

import psycopg


def forget(url: str, report_ids: Sequence[UUID]) -> None:
    """Remove these reports with all that hangs on them, and every message and job."""
    with psycopg.connect(url) as connection:
        # History refuses deletion; its owner may say otherwise, within this transaction.
        connection.execute("alter table status_change disable trigger user")
        for table in ("delivery", "message", "procrastinate_events", "procrastinate_jobs"):
            connection.execute(f"delete from {table}")
        for table in ("assignment", "status_change"):
            connection.execute(f"delete from {table} where report_id = any(%s)", [report_ids])
        connection.execute("delete from report where id = any(%s)", [report_ids])
        connection.execute("alter table status_change enable trigger user")


def tidy(url: str) -> None:
    """After the last round: dead rows swept, so that the next run starts level."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("delete from token")
        connection.execute("vacuum (analyze) report, status_change, assignment, message, token")

"""Roll-ups of single days; and what is open by the day it was received, with all that an overdue
count asks, in one index: a count over a year need not look at the facts themselves.

Expand: the code before this one writes no days and reads by span. The index it replaced is dropped
beside the requests, as in 0017; what is overdue is then counted through the new one.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

TABLES = ("figure_group", "figure_held", "figure_cell")
INDEX, BEFORE = "ix_report_fact_open", "ix_report_fact_late_from"


def upgrade() -> None:
    _allow("'day', 'month', 'quarter', 'year'")
    with _beside_requests():
        half = f"select not indisvalid from pg_index where indexrelid = to_regclass('{INDEX}')"
        if op.get_bind().scalar(sa.text(half)):
            op.execute(f"drop index concurrently {INDEX}")
        op.execute(
            f"create index concurrently if not exists {INDEX} on report_fact (day, late_from)"
            " include (reopened, area_id, category_id, office_id, report_id) where fate = 'open'"
        )
        op.execute(f"drop index concurrently if exists {BEFORE}")


def downgrade() -> None:
    for table in TABLES:
        op.execute(f"delete from {table} where span = 'day'")
    _allow("'month', 'quarter', 'year'")
    with _beside_requests():
        op.execute(
            f"create index concurrently if not exists {BEFORE} on report_fact (late_from)"
            " where fate = 'open'"
        )
        op.execute(f"drop index concurrently if exists {INDEX}")


def _allow(spans: str) -> None:
    for table in TABLES:
        op.execute(f"alter table {table} drop constraint if exists ck_{table}_span")
        op.execute(
            f"alter table {table} add constraint ck_{table}_span check (span in ({spans})) not valid"
        )
        op.execute(f"alter table {table} validate constraint ck_{table}_span")


@contextmanager
def _beside_requests() -> Iterator[None]:
    with op.get_context().autocommit_block():
        before = op.get_bind().scalar(sa.text("show lock_timeout"))
        op.execute("set lock_timeout = '10min'")
        yield
        op.execute(f"set lock_timeout = '{before}'")

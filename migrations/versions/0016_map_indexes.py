"""Indexes for the leaders' map: all that a cell tells is in one index, by cell and by area; and which
reports are about an office, so that its own people do not count them.

Expand. Built beside the requests, as in 0010: each goes on meanwhile, and none waits for this.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

TOLD = "fate, on_time, resolve_s, ratings, satisfied, reopened, late_from"
INDEXES = {
    "ix_report_fact_map": (
        f"report_fact (cell, day) include (area_id, category_id, office_id, {TOLD})"
    ),
    "ix_report_fact_area": (
        f"report_fact (area_id, day) include (cell, category_id, office_id, {TOLD})"
    ),
    "ix_report_accused": "report (accused_office_id) where accused_office_id is not null",
}


def upgrade() -> None:
    with op.get_context().autocommit_block():
        connection = op.get_bind()
        before = connection.scalar(sa.text("show lock_timeout"))
        op.execute("set lock_timeout = '10min'")
        for name, what in INDEXES.items():
            half = f"select not indisvalid from pg_index where indexrelid = to_regclass('{name}')"
            if connection.scalar(sa.text(half)):
                op.execute(f"drop index concurrently {name}")
            op.execute(f"create index concurrently if not exists {name} on {what}")
        op.execute("drop index concurrently if exists ix_report_fact_cell")
        op.execute(f"set lock_timeout = '{before}'")


def downgrade() -> None:
    op.create_index("ix_report_fact_cell", "report_fact", ["cell", "day"])
    for name in INDEXES:
        op.drop_index(name)

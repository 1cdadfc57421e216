"""The index of the old map of heat goes: the leaders' map counts from facts, and every report that is
sent or takes a step pays for it. Where the planner still took it, for the reports of one area,
`ix_report_shown_area` costs the same.

Contract: code before this one does not need it either. Dropped beside the requests, as in 0016: each
goes on meanwhile, and none waits for this.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

INDEX = "ix_report_shown_heat"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        before = op.get_bind().scalar(sa.text("show lock_timeout"))
        op.execute("set lock_timeout = '10min'")
        op.execute(f"drop index concurrently if exists {INDEX}")
        op.execute(f"set lock_timeout = '{before}'")


def downgrade() -> None:
    op.create_index(
        INDEX,
        "report",
        ["area_id", "cell", "reporter_id"],
        postgresql_include=["status"],
        postgresql_where=sa.text("shown"),
    )

"""An index for who led a report before: figures tell how long each office held it.

Expand. Of what is over alone, so that sending a report costs nothing more. Built beside the
requests, as in 0010: each goes on meanwhile, and none waits for this.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

INDEX = "ix_assignment_past"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        connection = op.get_bind()
        before = connection.scalar(sa.text("show lock_timeout"))
        op.execute("set lock_timeout = '10min'")
        half = f"select not indisvalid from pg_index where indexrelid = to_regclass('{INDEX}')"
        if connection.scalar(sa.text(half)):
            op.execute(f"drop index concurrently {INDEX}")
        op.execute(
            f"create index concurrently if not exists {INDEX}"
            " on assignment (report_id) where until is not null"
        )
        op.execute(f"set lock_timeout = '{before}'")


def downgrade() -> None:
    op.drop_index(INDEX)

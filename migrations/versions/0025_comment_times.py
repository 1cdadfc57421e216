"""Comments by their time: neighbours ask what offices have said lately, wherever.

Expand. Built beside the requests, as in 0016.
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"

INDEX = "ix_comment_at"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        connection = op.get_bind()
        before = connection.scalar(sa.text("show lock_timeout"))
        op.execute("set lock_timeout = '10min'")
        half = f"select not indisvalid from pg_index where indexrelid = to_regclass('{INDEX}')"
        if connection.scalar(sa.text(half)):
            op.execute(f"drop index concurrently {INDEX}")
        op.execute(f"create index concurrently if not exists {INDEX} on comment (at)")
        op.execute(f"set lock_timeout = '{before}'")


def downgrade() -> None:
    op.drop_index(INDEX)

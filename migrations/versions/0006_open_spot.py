"""Where open reports lie, for maps: an index of its own.

Expand. Built beside the requests: each goes on meanwhile, and none waits for this one. It waits
for transactions that are open, which holds nobody up; hence a lock_timeout of its own. What a
failed build left is taken away first, since it would count as there.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

INDEX = "ix_report_open_spot"
OPEN = "status in ('submitted','accepted','in_progress','waiting','returned')"
CREATE = f"""
create index concurrently if not exists {INDEX} on report using gist (spot)
  include (submitted_at) where shown and {OPEN}
"""
HALF_BUILT = f"select not indisvalid from pg_index where indexrelid = to_regclass('{INDEX}')"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        connection = op.get_bind()
        before = connection.scalar(sa.text("show lock_timeout"))
        op.execute("set lock_timeout = '10min'")
        if connection.scalar(sa.text(HALF_BUILT)):
            op.execute(f"drop index concurrently {INDEX}")
        op.execute(CREATE)
        op.execute(f"set lock_timeout = '{before}'")


def downgrade() -> None:
    op.drop_index(INDEX, "report")

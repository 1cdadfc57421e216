"""From when on a report lies with the centre for too long: what it has not let go of counts as well.

Expand: the code before this one leaves the column empty, and figures are made anew by the code that
fills it. The index is built beside the requests, as in 0016.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

INDEX = "ix_report_fact_centre_late"


def upgrade() -> None:
    column = sa.Column("centre_late_from", sa.DateTime(timezone=True))
    op.add_column("report_fact", column, if_not_exists=True)
    with op.get_context().autocommit_block():
        connection = op.get_bind()
        before = connection.scalar(sa.text("show lock_timeout"))
        op.execute("set lock_timeout = '10min'")
        half = f"select not indisvalid from pg_index where indexrelid = to_regclass('{INDEX}')"
        if connection.scalar(sa.text(half)):
            op.execute(f"drop index concurrently {INDEX}")
        op.execute(
            f"create index concurrently if not exists {INDEX}"
            " on report_fact (centre_late_from) where centre_late_from is not null"
        )
        op.execute(f"set lock_timeout = '{before}'")


def downgrade() -> None:
    op.drop_index(INDEX)
    op.drop_column("report_fact", "centre_late_from")

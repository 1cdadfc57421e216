"""When something was last taken out of what the public reads of a report, for feeds.

Expand. A column without a default: no row is written anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    column = sa.Column("retold_at", sa.DateTime(timezone=True))
    op.add_column("report", column, if_not_exists=True)


def downgrade() -> None:
    op.drop_column("report", "retold_at")

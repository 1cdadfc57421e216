"""Whether each public report was answered on time, as the page of its month counts it, so that
anybody can recount the page from the file.

Expand: the code before this one leaves the column empty, as it is in months published before.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.add_column("public_row", sa.Column("on_time", sa.Boolean()), if_not_exists=True)


def downgrade() -> None:
    op.drop_column("public_row", "on_time")

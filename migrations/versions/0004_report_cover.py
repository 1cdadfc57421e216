"""The first photo of a report in the report's own row, so that lists need not look for it.

Expand: the column may be null, and the code before it goes on. 0007 fills it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("report", sa.Column("cover", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("report", "cover")

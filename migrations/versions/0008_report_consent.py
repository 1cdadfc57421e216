"""Which words somebody agreed to when they sent a report: the version of the privacy notice.

Expand: the column may be null, and the code before it goes on.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("report", sa.Column("consent", sa.String(20), nullable=True))


def downgrade() -> None:
    op.drop_column("report", "consent")

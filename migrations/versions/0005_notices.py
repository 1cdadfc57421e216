"""Notices: what the centre tells everybody in some areas, for a time.

Expand: a table of its own, which the code before it never looks at.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0005"
down_revision = "0004"

KINDS = "kind in ('flood', 'power', 'water', 'road', 'other')"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("text_vi", sa.String(300), nullable=False),
        sa.Column("text_en", sa.String(300), nullable=False),
        sa.Column("areas", JSONB(), nullable=False),
        sa.Column("starts_at", moment, nullable=False),
        sa.Column("ends_at", moment, nullable=False),
        sa.Column("created_by", sa.Uuid()),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("withdrawn_at", moment),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name=op.f("fk_notice_created_by")),
        sa.CheckConstraint(KINDS, name=op.f("ck_notice_kind")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_notice_order")),
        sa.CheckConstraint(
            "ends_at <= starts_at + interval '30 days'", name=op.f("ck_notice_expiry")
        ),
        sa.CheckConstraint("text_vi <> '' or text_en <> ''", name=op.f("ck_notice_something")),
    )
    op.create_index("ix_notice_time", "notice", ["ends_at", "starts_at"])


def downgrade() -> None:
    op.drop_table("notice")

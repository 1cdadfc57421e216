"""Calendars that officials subscribe to, and what was published last, for feeds.

Expand: a table that the code before this one does not know. The index is built beside the requests,
as in 0016; only what is published is in it, so that sending a report costs what it did.
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"

MOMENT = sa.DateTime(timezone=True)
INDEX = "ix_report_shown_published"


def upgrade() -> None:
    op.create_table(
        "calendar_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("mine", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("read_at", MOMENT),
        sa.Column("revoked_at", MOMENT),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_calendar_link_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["office_id"], ["office.id"], name=op.f("fk_calendar_link_office_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_link")),
        sa.UniqueConstraint("sha256", name=op.f("uq_calendar_link_sha256")),
        if_not_exists=True,
    )
    op.create_index(
        "ix_calendar_link_account",
        "calendar_link",
        ["account_id"],
        postgresql_where=sa.text("revoked_at is null"),
        if_not_exists=True,
    )
    with op.get_context().autocommit_block():
        connection = op.get_bind()
        before = connection.scalar(sa.text("show lock_timeout"))
        op.execute("set lock_timeout = '10min'")
        half = f"select not indisvalid from pg_index where indexrelid = to_regclass('{INDEX}')"
        if connection.scalar(sa.text(half)):
            op.execute(f"drop index concurrently {INDEX}")
        op.execute(
            f"create index concurrently if not exists {INDEX}"
            " on report (published_at, id) where shown"
        )
        op.execute(f"set lock_timeout = '{before}'")


def downgrade() -> None:
    op.drop_index(INDEX, "report")
    op.drop_table("calendar_link")

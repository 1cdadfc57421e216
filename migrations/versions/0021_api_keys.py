"""API clients: accounts of a kind of their own, their keys, and how often each was used.

Expand: tables of their own, and one more kind of account, which the code before this one never
makes. The new CHECK is held against the rows that are there beside the requests, as in 0016; what
was done before a lock that is not got is done again harmlessly.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0021"
down_revision = "0020"

MOMENT = sa.DateTime(timezone=True)
BEFORE = "'guest', 'anonymous', 'resident', 'official', 'system'"
SINCE = "'guest', 'anonymous', 'resident', 'official', 'client', 'system'"


def upgrade() -> None:
    _allow_kinds(SINCE)
    with op.get_context().autocommit_block():
        op.execute("alter table account validate constraint ck_account_kind")
    op.create_table(
        "api_client",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("contact_email", sa.String(254), nullable=False),
        sa.Column("made_by", sa.Uuid()),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_api_client_account_id")
        ),
        sa.ForeignKeyConstraint(["made_by"], ["account.id"], name=op.f("fk_api_client_made_by")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_api_client")),
    )
    op.create_table(
        "api_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("shown", sa.String(16), nullable=False),
        sa.Column("label", sa.String(80), nullable=False),
        sa.Column("scopes", JSONB(), nullable=False),
        sa.Column("per_minute", sa.Integer(), nullable=False),
        sa.Column("per_day", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.Uuid()),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT),
        sa.Column("revoked_at", MOMENT),
        sa.CheckConstraint("per_minute between 1 and 6000", name=op.f("ck_api_key_per_minute")),
        sa.CheckConstraint("per_day between 1 and 1000000", name=op.f("ck_api_key_per_day")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["api_client.account_id"], name=op.f("fk_api_key_account_id")
        ),
        sa.ForeignKeyConstraint(["made_by"], ["account.id"], name=op.f("fk_api_key_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("sha256", name=op.f("uq_api_key_sha256")),
    )
    op.create_index(op.f("ix_api_key_account_id"), "api_key", ["account_id"])
    op.create_table(
        "api_key_use",
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("minute", MOMENT, nullable=False),
        sa.Column("in_minute", sa.Integer(), nullable=False),
        sa.Column("last_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["api_key.id"], name=op.f("fk_api_key_use_key_id")),
        sa.PrimaryKeyConstraint("key_id", "day", name=op.f("pk_api_key_use")),
    )


def _allow_kinds(kinds: str) -> None:
    """No row is looked at under this lock."""
    op.execute(
        "alter table account drop constraint if exists ck_account_kind,"
        f" add constraint ck_account_kind check (kind in ({kinds})) not valid"
    )


def downgrade() -> None:
    """Accounts of clients stay as rows, which what came before does not know: hence not valid."""
    op.drop_table("api_key_use")
    op.drop_table("api_key")
    op.drop_table("api_client")
    _allow_kinds(BEFORE)

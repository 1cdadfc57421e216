"""Webhooks: where other systems are told, what of, and what became of it.

Expand: tables of their own, which the code before this one does not know.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0023"
down_revision = "0022"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _endpoints()
    _events()
    _deliveries()


def _endpoints() -> None:
    op.create_table(
        "webhook_endpoint",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reader", sa.String(40), nullable=False),
        sa.Column("url", sa.String(2000), nullable=False),
        sa.Column("description", sa.String(120), nullable=False),
        sa.Column("events", ARRAY(sa.String(40)), nullable=False),
        sa.Column("locale", sa.String(5), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("old_secret", sa.LargeBinary()),
        sa.Column("old_secret_until", MOMENT),
        sa.Column("off_at", MOMENT),
        sa.Column("off_because", sa.String(8)),
        sa.Column("failing_since", MOMENT),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failed_days", sa.SmallInteger(), nullable=False),
        sa.Column("failed_at", MOMENT),
        sa.Column("rests_until", MOMENT),
        sa.Column("lent_until", MOMENT),
        sa.Column("last_ok_at", MOMENT),
        sa.Column("removed_at", MOMENT),
        sa.CheckConstraint(
            "off_because in ('hand', 'failing', 'gone', 'revoked')",
            name=op.f("ck_webhook_endpoint_off_because"),
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["account.id"], name=op.f("fk_webhook_endpoint_made_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_endpoint")),
    )
    op.create_index(op.f("ix_webhook_endpoint_reader"), "webhook_endpoint", ["reader"])


def _events() -> None:
    op.create_table(
        "webhook_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("type", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(60), nullable=False),
        sa.Column("readers", ARRAY(sa.String(40)), nullable=False),
        sa.Column("facts", JSONB(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_event")),
        sa.UniqueConstraint("sequence", name=op.f("uq_webhook_event_sequence")),
    )
    op.create_index("ix_webhook_event_at", "webhook_event", ["at"])


def _deliveries() -> None:
    op.create_table(
        "webhook_delivery",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("endpoint_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(6), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("tries", sa.SmallInteger(), nullable=False),
        sa.Column("done_at", MOMENT),
        sa.Column("tried_at", MOMENT),
        sa.Column("took_ms", sa.Integer()),
        sa.Column("status", sa.SmallInteger()),
        sa.Column("error", sa.String(200)),
        sa.CheckConstraint(
            "state in ('due', 'sent', 'stale', 'dead')", name=op.f("ck_webhook_delivery_state")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["webhook_event.id"],
            name=op.f("fk_webhook_delivery_event_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["endpoint_id"],
            ["webhook_endpoint.id"],
            name=op.f("fk_webhook_delivery_endpoint_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_delivery")),
    )
    op.create_index(
        "uq_webhook_delivery_event", "webhook_delivery", ["event_id", "endpoint_id"], unique=True
    )
    op.create_index(
        "ix_webhook_delivery_due",
        "webhook_delivery",
        ["endpoint_id", "due_at", "id"],
        postgresql_where=sa.text("state = 'due'"),
    )
    op.create_index("ix_webhook_delivery_page", "webhook_delivery", ["endpoint_id", "id"])
    op.create_index(
        "ix_webhook_delivery_dead",
        "webhook_delivery",
        ["endpoint_id"],
        postgresql_where=sa.text("state = 'dead'"),
    )


def downgrade() -> None:
    op.drop_table("webhook_delivery")
    op.drop_table("webhook_event")
    op.drop_table("webhook_endpoint")

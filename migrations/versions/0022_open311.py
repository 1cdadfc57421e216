"""Open311: what each client sent, when the city's data last changed, and steps by their time, which
neighbours ask for.

Expand: the code before this one leaves the column to its default and knows nothing of the table. The
indexes over steps are built beside the requests, as in 0016.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"

MOMENT = sa.DateTime(timezone=True)
INDEXES = {
    "ix_status_change_at": "(at)",
    "ix_status_change_publish": "(at) where step = 'publish'",
}


def upgrade() -> None:
    op.add_column(
        "city",
        sa.Column("changed_at", MOMENT, server_default=sa.func.now(), nullable=False),
        if_not_exists=True,
    )
    op.create_table(
        "open311_request",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("client_request_id", sa.String(100)),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_open311_request_report_id")
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["account.id"], name=op.f("fk_open311_request_client_id")
        ),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_open311_request")),
        if_not_exists=True,
    )
    op.create_index(
        "uq_open311_request_client",
        "open311_request",
        ["client_id", "client_request_id"],
        unique=True,
        if_not_exists=True,
    )
    op.create_index(
        "ix_open311_request_client_request_id",
        "open311_request",
        ["client_request_id"],
        if_not_exists=True,
    )
    with op.get_context().autocommit_block():
        connection = op.get_bind()
        before = connection.scalar(sa.text("show lock_timeout"))
        op.execute("set lock_timeout = '10min'")
        for index, what in INDEXES.items():
            half = f"select not indisvalid from pg_index where indexrelid = to_regclass('{index}')"
            if connection.scalar(sa.text(half)):
                op.execute(f"drop index concurrently {index}")
            op.execute(f"create index concurrently if not exists {index} on status_change {what}")
        op.execute(f"set lock_timeout = '{before}'")


def downgrade() -> None:
    for index in INDEXES:
        op.drop_index(index)
    op.drop_table("open311_request")
    op.drop_column("city", "changed_at")

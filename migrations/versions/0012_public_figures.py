"""What is published of a month: its atoms, its rows, its totals, and notes on it.

Expand: tables of their own. What was published stays: a trigger refuses to change it.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"

MOMENT = sa.DateTime(timezone=True)
#: The demo alone takes its months out again, and erasing rows of a report that is no more.
FROZEN = """
create function xom_published_stays() returns trigger language plpgsql as $$
begin
    if current_setting('xom.erasing', true) = 'on' and tg_op = 'DELETE' then
        return old;
    end if;
    raise exception 'what was published stays: %', tg_table_name;
end $$
"""
TABLES = ("public_note", "public_row", "public_atom", "public_month")


def upgrade() -> None:
    op.create_table(
        "public_month",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("published_at", MOMENT, nullable=False),
        sa.Column("as_of", MOMENT, nullable=False),
        sa.Column("told", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_public_month")),
    )
    op.create_table(
        "public_atom",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.Column("area_id", sa.Integer()),
        sa.Column("cell", sa.BigInteger()),
        sa.Column("category_id", sa.Integer()),
        sa.Column("reports", sa.Integer(), nullable=False),
        of_month("public_atom"),
        sa.PrimaryKeyConstraint("month", "number", name=op.f("pk_public_atom")),
    )
    op.create_table(
        "public_row",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(10), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("outcome", sa.String(12)),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("lng", sa.Float(), nullable=False),
        sa.Column("submitted_at", MOMENT, nullable=False),
        *(
            sa.Column(name, MOMENT)
            for name in ("accepted_at", "published_at", "first_due_at", "resolved_at", "closed_at")
        ),
        of_month("public_row"),
        sa.PrimaryKeyConstraint("month", "position", name=op.f("pk_public_row")),
    )
    op.create_index("ix_public_row_report_id", "public_row", ["report_id"])
    op.create_table(
        "public_note",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        of_month("public_note"),
        sa.PrimaryKeyConstraint("month", "at", name=op.f("pk_public_note")),
    )
    op.execute(FROZEN)
    for table in TABLES:
        op.execute(
            f"create trigger stays before update or delete on {table} "
            "for each row execute function xom_published_stays()"
        )


def of_month(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["month"], ["public_month.month"], name=op.f(f"fk_{table}_month")
    )


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    op.execute("drop function xom_published_stays()")

"""Reports on the figures as they were published, who gets them by mail, and those letters.

Expand: tables of their own, which the code before never looks at. What was published stays: the
trigger of what is append-only refuses to change it.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0013"
down_revision = "0012"

MOMENT = sa.DateTime(timezone=True)
OPEN = sa.text("state in ('due', 'sending')")
STANDS = sa.text("ended_at is null")


def upgrade() -> None:
    op.create_table(
        "figure_report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("period", sa.String(7), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("as_of", MOMENT, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by", sa.Uuid()),
        sa.Column("definitions_version", sa.Integer(), nullable=False),
        sa.Column("contents", JSONB(), nullable=False),
        sa.Column("files", JSONB(), nullable=False),
        sa.CheckConstraint("kind in ('month', 'quarter')", name=op.f("ck_figure_report_kind")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_figure_report_number")),
        sa.ForeignKeyConstraint(["made_by"], ["account.id"], name=op.f("fk_figure_report_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_report")),
    )
    op.create_index(
        "uq_figure_report_period_number", "figure_report", ["period", "number"], unique=True
    )
    op.create_index("ix_figure_report_since", "figure_report", ["since"])
    op.execute(
        "create trigger keep_history before update or delete on figure_report "
        "for each row execute function xom_append_only()"
    )
    op.execute(
        "create trigger keep_all_history before truncate on figure_report "
        "for each statement execute function xom_append_only()"
    )
    op.create_table(
        "figure_reader",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid()),
        sa.Column("email", sa.String(254)),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("locale", sa.String(2), nullable=False),
        sa.Column("months", sa.Boolean(), nullable=False),
        sa.Column("quarters", sa.Boolean(), nullable=False),
        sa.Column("added_by", sa.Uuid()),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.CheckConstraint(
            "(account_id is null) <> (email is null)", name=op.f("ck_figure_reader_somebody")
        ),
        sa.CheckConstraint("months or quarters", name=op.f("ck_figure_reader_something")),
        sa.CheckConstraint("locale in ('vi', 'en')", name=op.f("ck_figure_reader_locale")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_figure_reader_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["added_by"], ["account.id"], name=op.f("fk_figure_reader_added_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_reader")),
    )
    for column in ("account_id", "email"):
        op.create_index(
            f"uq_figure_reader_{column.removesuffix('_id')}",
            "figure_reader",
            [column],
            unique=True,
            postgresql_where=STANDS,
        )
    op.create_table(
        "figure_letter",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("reader_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("tries", sa.SmallInteger(), nullable=False),
        sa.Column("email", sa.String(254)),
        sa.Column("note", sa.String(100), nullable=False),
        sa.Column("sent_at", MOMENT),
        sa.CheckConstraint(
            "state in ('due', 'sending', 'sent', 'refused', 'unsure')",
            name=op.f("ck_figure_letter_state"),
        ),
        sa.ForeignKeyConstraint(
            ["reader_id"], ["figure_reader.id"], name=op.f("fk_figure_letter_reader_id")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["figure_report.id"], name=op.f("fk_figure_letter_report_id")
        ),
        sa.PrimaryKeyConstraint("report_id", "reader_id", name=op.f("pk_figure_letter")),
    )
    op.create_index("ix_figure_letter_reader_id", "figure_letter", ["reader_id"])
    op.create_index("ix_figure_letter_open", "figure_letter", ["due_at"], postgresql_where=OPEN)


def downgrade() -> None:
    for table in ("figure_letter", "figure_reader", "figure_report"):
        op.drop_table(table)

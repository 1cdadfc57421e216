"""Permanent links to figures: answers that stay as they were.

Expand: a table of its own. The trigger of what is append-only refuses to change it.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0014"
down_revision = "0013"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "figure_link",
        sa.Column("token", sa.String(24), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("office_id", sa.Integer()),
        sa.Column("asked", JSONB(), nullable=False),
        sa.Column("definitions_version", sa.SmallInteger(), nullable=False),
        sa.Column("as_of", MOMENT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_figure_link_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["office_id"], ["office.id"], name=op.f("fk_figure_link_office_id")
        ),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_figure_link")),
    )
    op.execute(
        "create trigger keep_history before update or delete on figure_link "
        "for each row execute function xom_append_only()"
    )
    op.execute(
        "create trigger keep_all_history before truncate on figure_link "
        "for each statement execute function xom_append_only()"
    )


def downgrade() -> None:
    op.drop_table("figure_link")

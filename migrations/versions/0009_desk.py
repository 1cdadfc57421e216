"""The officials' desk: who does it, who looks at it, templates, saved filters, bulk runs, limits,
complaints, invitations, links for offices without accounts; second factors; photos with boxes.

Expand: tables of their own, and columns that the code before never looks at. The key of
`report.assignee_id` is not held against the rows that are there (all NULL) until 0010: no scan
under a lock.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0009"
down_revision = "0008"

MOMENT = sa.DateTime(timezone=True)
NEW_TABLES = (
    "mention", "complaint", "bulk_item", "presence", "office_link", "saved_filter",
    "reporter_limit", "recovery_code", "password_letter", "invitation", "bulk_run",
    "answer_template", "mail_digest", "redacted_reply", "read_file",
)  # fmt: skip
NEW_COLUMNS = {
    "account": ("totp_key", "totp_since", "totp_step"),
    "photo": ("redacted_at", "original_key", "original_until", "taken_at", "from_pin_m"),
    "report": ("assignee_id", "checked_at"),
    "role_grant": ("deputy_of",),
}


def upgrade() -> None:
    op.create_table(
        "answer_template",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("office_id", sa.Integer()),
        sa.Column("category_id", sa.Integer()),
        sa.Column("step", sa.String(20), nullable=False),
        sa.Column("outcome", sa.String(12)),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("text_vi", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Uuid()),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("retired_at", MOMENT),
        sa.CheckConstraint(
            "outcome in ('fixed', 'planned', 'explained', 'not_found')",
            name=op.f("ck_answer_template_outcome"),
        ),
        sa.CheckConstraint(
            "text_vi <> '' or text_en <> ''", name=op.f("ck_answer_template_something")
        ),
        sa.ForeignKeyConstraint(
            ["category_id"], ["category.id"], name=op.f("fk_answer_template_category_id")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["account.id"], name=op.f("fk_answer_template_created_by")
        ),
        sa.ForeignKeyConstraint(
            ["office_id"], ["office.id"], name=op.f("fk_answer_template_office_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_template")),
    )
    op.create_index("ix_answer_template_step", "answer_template", ["step", "office_id"])
    op.create_table(
        "bulk_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.String(20), nullable=False),
        sa.Column("fields", JSONB(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("undoes", sa.Uuid()),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT),
        sa.CheckConstraint(
            "state in ('waiting', 'running', 'finished', 'stopped')", name=op.f("ck_bulk_run_state")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_bulk_run_account_id")
        ),
        sa.ForeignKeyConstraint(["undoes"], ["bulk_run.id"], name=op.f("fk_bulk_run_undoes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_run")),
    )
    op.create_index("ix_bulk_run_account", "bulk_run", ["account_id", "created_at"])
    op.create_table(
        "invitation",
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("role", sa.String(12), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("invited_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("accepted_at", MOMENT),
        sa.Column("account_id", sa.Uuid()),
        sa.Column("withdrawn_at", MOMENT),
        sa.CheckConstraint(
            "role in ('reporter', 'dispatcher', 'officer', 'head', 'leader', 'admin', 'system')",
            name=op.f("ck_invitation_role"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_invitation_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["invited_by"], ["account.id"], name=op.f("fk_invitation_invited_by")
        ),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_invitation_office_id")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_invitation")),
    )
    op.create_index("ix_invitation_office", "invitation", ["office_id"])
    op.create_table(
        "recovery_code",
        sa.Column("code_hmac", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_recovery_code_account_id")
        ),
        sa.PrimaryKeyConstraint("code_hmac", name=op.f("pk_recovery_code")),
    )
    op.create_index(op.f("ix_recovery_code_account_id"), "recovery_code", ["account_id"])
    op.create_table(
        "password_letter",
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_password_letter_account_id")
        ),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_password_letter")),
    )
    op.create_index(op.f("ix_password_letter_account_id"), "password_letter", ["account_id"])
    op.create_table(
        "reporter_limit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("lifted_at", MOMENT),
        sa.Column("lifted_by", sa.Uuid()),
        sa.CheckConstraint(
            "until <= since + interval '1 year'", name=op.f("ck_reporter_limit_expiry")
        ),
        sa.CheckConstraint(
            "kind in ('false', 'abusive', 'flood', 'other')", name=op.f("ck_reporter_limit_kind")
        ),
        sa.CheckConstraint("until > since", name=op.f("ck_reporter_limit_order")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_reporter_limit_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["account.id"], name=op.f("fk_reporter_limit_created_by")
        ),
        sa.ForeignKeyConstraint(
            ["lifted_by"], ["account.id"], name=op.f("fk_reporter_limit_lifted_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reporter_limit")),
    )
    op.create_index("ix_reporter_limit_account", "reporter_limit", ["account_id", "until"])
    op.create_table(
        "saved_filter",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("office_id", sa.Integer()),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("query", sa.String(600), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_saved_filter_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["office_id"], ["office.id"], name=op.f("fk_saved_filter_office_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_filter")),
    )
    op.create_index("ix_saved_filter_account", "saved_filter", ["account_id"])
    op.create_index(
        "ix_saved_filter_office",
        "saved_filter",
        ["office_id"],
        postgresql_where=sa.text("office_id is not null"),
    )
    op.create_table(
        "office_link",
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT),
        sa.Column("opened", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["office_id"], ["office.id"], name=op.f("fk_office_link_office_id")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_office_link_report_id")
        ),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_office_link")),
    )
    op.create_index("ix_office_link_report", "office_link", ["report_id", "office_id"])
    op.create_table(
        "presence",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("doing", sa.String(20), nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_presence_account_id")
        ),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_presence_report_id")),
        sa.PrimaryKeyConstraint("report_id", "account_id", name=op.f("pk_presence")),
        prefixes=["UNLOGGED"],
    )
    op.create_index("ix_presence_seen_at", "presence", ["seen_at"])
    op.create_table(
        "bulk_item",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("change_id", sa.Uuid()),
        sa.Column("problem_vi", sa.String(500)),
        sa.Column("problem_en", sa.String(500)),
        sa.Column("finished_at", MOMENT),
        sa.ForeignKeyConstraint(
            ["change_id"], ["status_change.id"], name=op.f("fk_bulk_item_change_id")
        ),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_bulk_item_report_id")),
        sa.ForeignKeyConstraint(["run_id"], ["bulk_run.id"], name=op.f("fk_bulk_item_run_id")),
        sa.PrimaryKeyConstraint("run_id", "report_id", name=op.f("pk_bulk_item")),
    )
    op.create_index(
        "ix_bulk_item_left",
        "bulk_item",
        ["run_id", "position"],
        postgresql_where=sa.text("finished_at is null"),
    )
    op.create_table(
        "complaint",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("comment_id", sa.Uuid()),
        sa.Column("photo_id", sa.Uuid()),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(1000), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("decision", sa.String(12)),
        sa.Column("answer", sa.String(1000), nullable=False),
        sa.Column("begun_at", MOMENT),
        sa.Column("begun_by", sa.Uuid()),
        sa.Column("draft", sa.String(1000), nullable=False),
        sa.Column("decided_at", MOMENT),
        sa.Column("decided_by", sa.Uuid()),
        sa.CheckConstraint("decision in ('upheld', 'refused')", name=op.f("ck_complaint_decision")),
        sa.CheckConstraint(
            "(decision is null) = (decided_at is null)", name=op.f("ck_complaint_decided")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_complaint_account_id")
        ),
        sa.ForeignKeyConstraint(["begun_by"], ["account.id"], name=op.f("fk_complaint_begun_by")),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comment.id"], name=op.f("fk_complaint_comment_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["account.id"], name=op.f("fk_complaint_decided_by")
        ),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_complaint_report_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint")),
    )
    op.create_index(
        "ix_complaint_open", "complaint", ["at"], postgresql_where=sa.text("decided_at is null")
    )
    op.create_index("ix_complaint_report", "complaint", ["report_id"])
    op.create_table(
        "redacted_reply",
        sa.Column("change_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["change_id"],
            ["status_change.id"],
            name=op.f("fk_redacted_reply_change_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("change_id", name=op.f("pk_redacted_reply")),
    )
    op.create_table(
        "mention",
        sa.Column("note_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_mention_account_id")),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name=op.f("fk_mention_note_id")),
        sa.PrimaryKeyConstraint("note_id", "account_id", name=op.f("pk_mention")),
    )
    op.create_table(
        "read_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("replaces", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("read_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_read_file_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_read_file")),
    )
    op.create_index("ix_read_file_read_at", "read_file", ["read_at"])
    op.create_table(
        "mail_digest",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.Time(), nullable=False),
        sa.Column("told_until", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_mail_digest_account_id")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_mail_digest")),
    )
    op.add_column("account", sa.Column("totp_key", sa.LargeBinary()))
    op.add_column("account", sa.Column("totp_since", MOMENT))
    op.add_column("account", sa.Column("totp_step", sa.BigInteger()))
    op.add_column("role_grant", sa.Column("deputy_of", sa.Uuid()))
    op.create_foreign_key(
        op.f("fk_role_grant_deputy_of"), "role_grant", "account", ["deputy_of"], ["id"]
    )
    op.add_column("photo", sa.Column("redacted_at", MOMENT))
    op.add_column("photo", sa.Column("original_key", sa.String(100)))
    op.add_column("photo", sa.Column("original_until", MOMENT))
    op.add_column("photo", sa.Column("taken_at", MOMENT))
    op.add_column("photo", sa.Column("from_pin_m", sa.Integer()))
    op.add_column("report", sa.Column("assignee_id", sa.Uuid()))
    op.add_column("report", sa.Column("checked_at", MOMENT))
    op.create_foreign_key(
        op.f("fk_report_assignee_id"),
        "report",
        "account",
        ["assignee_id"],
        ["id"],
        postgresql_not_valid=True,
    )


def downgrade() -> None:
    for table, columns in NEW_COLUMNS.items():
        for column in columns:
            op.drop_column(table, column)
    for table in NEW_TABLES:
        op.drop_table(table)

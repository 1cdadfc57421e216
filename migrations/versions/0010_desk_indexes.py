"""Indexes for whose work a report is and for photos (kept apart, used before); `report.assignee_id` held to.

Expand. Built beside the requests, as in 0006: each goes on meanwhile, and none waits for this.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

OPEN = "status in ('submitted','accepted','in_progress','waiting','returned')"
UNSEEN = (
    "(status = 'submitted' or accepted_at is not null and published_at is null"
    " and checked_at is null and not held_back and not hidden)"
)
INDEXES = {
    "ix_report_assignee": (
        f"report (assignee_id, act_by, id) where assignee_id is not null and {OPEN}"
    ),
    "ix_report_urgent": f"report (act_by, id) where urgent and {OPEN}",
    "ix_report_new": "report (submitted_at, id)",
    "ix_report_status": f"report (status, act_by, id) where {OPEN}",
    "ix_report_unseen": f"report (act_by, id) where {UNSEEN} and {OPEN}",
    "ix_report_office_new": "report (office_id, submitted_at, id)",
    "ix_report_source": "report (source, submitted_at, id) where source <> 'app'",
    "ix_report_source_open": f"report (source, act_by, id) where source <> 'app' and {OPEN}",
    "ix_report_unchecked": "report (act_by, id) where status = 'resolved'",
    "ix_comment_waiting": "comment (at, id) where published_at is null and hidden_at is null",
    "ix_photo_sha256": "photo (sha256)",
    "ix_photo_evidence": "photo (owner_id) where change_id is not null",
    "ix_photo_original": "photo (original_until) where original_key is not null",
}


def upgrade() -> None:
    with op.get_context().autocommit_block():
        connection = op.get_bind()
        before = connection.scalar(sa.text("show lock_timeout"))
        op.execute("set lock_timeout = '10min'")
        for name, what in INDEXES.items():
            half = f"select not indisvalid from pg_index where indexrelid = to_regclass('{name}')"
            if connection.scalar(sa.text(half)):
                op.execute(f"drop index concurrently {name}")
            op.execute(f"create index concurrently if not exists {name} on {what}")
        op.execute("alter table report validate constraint fk_report_assignee_id")
        op.execute(f"set lock_timeout = '{before}'")


def downgrade() -> None:
    for name in INDEXES:
        op.drop_index(name)

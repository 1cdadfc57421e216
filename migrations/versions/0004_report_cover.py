"""The first photo of a report in the report's own row, so that lists need not look for it; where
open reports lie, for maps.

The code before it goes on: the column may be null. What that code stores meanwhile has no cover;
FILL, run again, gives it one.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

OPEN = "status in ('submitted','accepted','in_progress','waiting','returned')"

FILL = """
update report set cover = first.cover
  from (
    select distinct on (report_id) report_id,
           concat_ws(' ', id::text, width, height, encode(thumbhash, 'hex')) as cover
      from photo
     where report_id is not null
     order by report_id, position, id
  ) as first
 where report.id = first.report_id and report.cover is null
"""


def upgrade() -> None:
    op.add_column("report", sa.Column("cover", sa.Text(), nullable=True))
    op.execute(FILL)
    op.create_index(
        "ix_report_open_spot",
        "report",
        ["spot"],
        postgresql_using="gist",
        postgresql_include=["submitted_at"],
        postgresql_where=sa.text(f"shown and {OPEN}"),
    )


def downgrade() -> None:
    op.drop_index("ix_report_open_spot", "report")
    op.drop_column("report", "cover")

"""Reports that were there before 0004 get their cover, a thousand rows a transaction.

No request waits: a report or photo that somebody is changing just now is passed over. Those, and
what the code of before 0004 stores until it is stopped, get theirs by `flask covers fill`.
"""

from uuid import UUID

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

FILL = """
with part as (
    select id from report where id > :after order by id limit 1000
), missing as (
    select report.id, first.cover
      from part join report on report.id = part.id
     cross join lateral (
        select concat_ws(' ', photo.id::text, width, height, encode(thumbhash, 'hex')) as cover
          from photo
         where photo.report_id = report.id
         order by position
         limit 1
           for key share skip locked
     ) as first
     where report.cover is null
       for no key update of report skip locked
), filled as (
    update report set cover = missing.cover from missing where report.id = missing.id
)
select id from part order by id desc limit 1
"""


def upgrade() -> None:
    with op.get_context().autocommit_block():
        after: UUID | None = UUID(int=0)
        while after is not None:
            after = op.get_bind().scalar(sa.text(FILL), {"after": after})


def downgrade() -> None:
    pass

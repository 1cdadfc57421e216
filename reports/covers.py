"""A report's cover: its first photo, as lists show it. Lists are hot, so it is kept in the report's
own row, and no list looks at photos (docs/adr/0019). Who may see a report may see its photos.

Written by the submission's one statement, read by `cards`, put right by `photos` when photos go.
What the code of before the column stored beside us has none: `fill` gives it one.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, String, cast, func, select, text

from app.database import db
from reports.models import Photo

Plain = dict[str, Any]
FIRST = UUID(int=0)

# A report or photo that somebody is changing just now is passed over, so that nobody waits. A photo
# is held, lest it be deleted meanwhile and leave its thumbhash here.
_FILL = text("""
with part as (
    select id from report where id > :after order by id limit :rows
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
    returning report.id
)
select (select id from part order by id desc limit 1), (select count(*) from filled)
""")


def addresses(photo_id: UUID | str) -> dict[str, str]:
    """Where a photo's two sizes are served, to those who may see them."""
    path = f"/api/v1/photos/{photo_id}"
    return {"large": f"{path}.jpg", "small": f"{path}-400.jpg"}


def cover_of(chosen: ColumnElement[bool]) -> ScalarSelect[Any]:
    """The text kept for the first of these photos: id, width, height, thumbhash; NULL for none.

    Text, since a list reads a hundred of them: taken apart at a third of what JSON costs.
    """
    hexadecimal = func.encode(Photo.thumbhash, "hex")
    kept = func.concat_ws(" ", cast(Photo.id, String), Photo.width, Photo.height, hexadecimal)
    return select(kept).where(chosen).order_by(Photo.position).limit(1).scalar_subquery()


def cover_out(kept: str | None) -> Plain | None:
    """The same as a photo is answered."""
    if kept is None:
        return None
    photo_id, width, height, thumbhash = kept.split(" ")
    return {
        "id": photo_id,
        "width": int(width),
        "height": int(height),
        "thumbhash": thumbhash,
        **addresses(photo_id),
    }


def fill(after: UUID = FIRST, *, rows: int = 1000) -> tuple[UUID | None, int]:
    """Give reports without a cover theirs, of the next so many by id: the last one looked at (None
    when there is no more), and how many were given one. Flushes."""
    last, filled = db.session.execute(_FILL, {"after": after, "rows": rows}).one()
    return last, filled

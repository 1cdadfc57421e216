"""A report's cover: its first photo, as lists show it. Lists are hot, so it is kept in the report's
own row, and no list looks at photos (docs/adr/0019). Who may see a report may see its photos.

Written by the submission's one statement, read by `cards`, put right by `photos` when photos go.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, String, cast, func, select

from reports.models import Photo

Plain = dict[str, Any]


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

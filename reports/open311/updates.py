"""What has become of reports, as updates: GET servicerequestupdates, as FixMyStreet polls it.

An update is a step of a report's life or an office's reply, with GeoReport's word for the status
after it. Who reads which: `updates_found`; whose words: `timeline`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from app.database import reading
from reports import presenting, timeline
from reports.city.snapshot import City
from reports.open311 import updates_found
from reports.open311.status_words import status_word
from reports.permissions import Viewer

MOST = 1000  # updates of one answer, as of requests
UNCHANGED = "unchanged"  # what leaves the status as it is


@dataclass(frozen=True, slots=True)
class Update:
    """One update, in plain values."""

    id: UUID
    code: str  # of the report
    status: str  # in GeoReport's words
    detail: str  # the same in ours: `resolved/planned`
    at: datetime
    words: str
    photos: tuple[UUID, ...]


def read(
    since: datetime, until: datetime, *, viewer: Viewer, city: City, newest: bool = False
) -> list[Update]:
    """The updates of [since, until), oldest first; of more than MOST the oldest, or the newest."""
    query = updates_found.statement(viewer, centre_id=city.centre.id, newest=newest, most=MOST)
    with reading() as connection:
        rows = connection.execute(query, {"since": since, "until": until}).all()
    photos = presenting.photos_by_change([row.id for row in rows if row.step and _heard(row)])
    found = [_update(row, city, [one["id"] for one in photos.get(row.id, [])]) for row in rows]
    return found[::-1] if newest else found


def _update(row: Row[Any], city: City, photos: Sequence[UUID]) -> Update:
    detail = "/".join(filter(None, (row.after, row.outcome or row.rejection)))
    return Update(
        row.id, row.code, _status(row), detail, row.told_at, _words(row, city), tuple(photos)
    )


def _status(row: Row[Any]) -> str:
    if _moves_nothing(row):
        return UNCHANGED
    return status_word(row.after, row.outcome, row.rejection)


def _moves_nothing(row: Row[Any]) -> bool:
    """A reply, or a step of the house's own that leaves the report where it stands."""
    inner = row.step not in timeline.PUBLIC_STEPS
    return row.step is None or (inner and row.before == row.after)


def _heard(row: Row[Any]) -> bool:
    """Are the words and pictures of this row for the reader, and not its status alone?"""
    return row.step is None or timeline.tells_words_of(row.step, inside=row.inside, own=row.own)


def _words(row: Row[Any], city: City) -> str:
    if not _heard(row):
        return ""
    return timeline.words_told(row.note, row.left_over, city, inside=row.inside, own=row.own)

"""Which reports are likely the same thing as one that an official looks at, and why: close by, of
the same kind, sent about the same time, or with a picture that looks the same. And what else the
same reporter sent. Only what the official may see anyway.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, select

from app.database import reading
from app.sentences import Both, both
from reports import official_queue, spoken
from reports.filters import Filters
from reports.likeness import look_alike
from reports.models import Photo, Report
from reports.pages import Rows
from reports.permissions import Viewer
from reports.places import distances_from
from reports.statuses import OPEN, Identity, Status

SAME_KIND_M = 100  # metres within which two reports of one kind may be the same
AROUND_M = 300  # … and with a picture that looks the same, of any kind
RECENT = timedelta(days=60)
LOOKED_THROUGH = 60  # of the newest around
LIKENESS_BITS = 8  # of 64 that may differ between two pictures of one thing
MOST = 6


class Likely(NamedTuple):
    row: Row[Any]
    metres: float
    looks_same: bool
    same_kind: bool

    @property
    def why(self) -> Both:
        vi, en = (spoken.spoken_distance(self.metres, locale) for locale in ("vi", "en"))
        if self.looks_same:
            return both(f"ảnh giống, cách {vi}", f"looks the same, {en} away")
        return both(f"cùng lĩnh vực, cách {vi}", f"of the same kind, {en} away")


def likely_same(report: Report, viewer: Viewer, *, centre_id: int, at: datetime) -> list[Likely]:
    """Up to MOST reports, those that look the same first, then the nearest."""
    around = Filters(
        around=(report.lat, report.lng, AROUND_M),
        since=min(at, report.submitted_at) - RECENT,
        statuses=OPEN | {Status.RESOLVED},
    )
    rows = official_queue.page(
        viewer, around, centre_id=centre_id, limit=LOOKED_THROUGH, after=None, newest_first=True
    )
    rows = [row for row in rows if row.id != report.id]
    pictures = _likenesses([report.id, *(row.id for row in rows)])
    mine, metres_to = pictures.get(report.id, []), distances_from((report.lat, report.lng))
    found = [
        Likely(
            row,
            metres_to((row.lat, row.lng)),
            _any_alike(mine, pictures.get(row.id, [])),
            row.category_id == report.category_id,
        )
        for row in rows
    ]
    likely = [one for one in found if one.looks_same or _is_close(one)]
    return sorted(likely, key=lambda one: (not one.looks_same, one.metres))[:MOST]


def of_same_reporter(report: Report, viewer: Viewer, *, centre_id: int) -> Rows:
    """What else they sent, newest first. An anonymous account has sent nothing else."""
    if report.identity == Identity.ANONYMOUS:
        return []
    theirs = Filters(reporter_id=report.reporter_id)
    rows = official_queue.page(
        viewer, theirs, centre_id=centre_id, limit=MOST, after=None, newest_first=True
    )
    return [row for row in rows if row.id != report.id][:MOST]


def _is_close(one: Likely) -> bool:
    return one.same_kind and one.metres <= SAME_KIND_M


def _likenesses(report_ids: Iterable[UUID]) -> Mapping[UUID, list[int]]:
    query = select(Photo.report_id, Photo.likeness).where(Photo.report_id.in_(list(report_ids)))
    found: dict[UUID, list[int]] = {}
    with reading() as connection:
        for row in connection.execute(query):
            found.setdefault(row.report_id, []).append(row.likeness)
    return found


def _any_alike(mine: Iterable[int], theirs: Iterable[int]) -> bool:
    """Does one of these pictures look like one of those?"""
    return any(look_alike(a, b, within=LIKENESS_BITS) for a in mine for b in theirs)

"""The reads: lists of reports, each one statement over one index, paged by key.

Hot: Core, autocommit, no joins; names come from the city in memory (`presenting`). What a list
shows is bounded here too: the public sees what is shown, an office what it leads or joins.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import shapely
import shapely.geometry
from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select, text, tuple_

from app.database import db, reading
from reports import codes
from reports.city.models import Area
from reports.geometry import within_box, within_circle
from reports.models import Assignment, Report, Support
from reports.permissions import OFFICE_ROLES, Viewer
from reports.places import to_mercator
from reports.statuses import OPEN, Status

SIMILAR_M = 80  # metres within which reports of one kind may be the same
NEAR_MOST_M = 20_000

CARD = (
    Report.id,
    Report.code,
    Report.version,
    Report.status,
    Report.outcome,
    Report.category_id,
    Report.area_id,
    Report.office_id,
    Report.description,
    Report.public_description,
    Report.lat,
    Report.lng,
    Report.urgent,
    Report.submitted_at,
    Report.act_by,
    Report.due_at,
    Report.first_due_at,
    Report.resolved_at,
    Report.closed_at,
    Report.supporters,
)
Rows = Sequence[Row[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a list is narrowed to; None is no bound. Times are half open: [since, until)."""

    statuses: frozenset[Status] | None = None
    category_id: int | None = None
    area_id: int | None = None
    office_id: int | None = None
    urgent: bool | None = None
    since: datetime | None = None
    until: datetime | None = None
    due_before: datetime | None = None
    words: str | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        wanted = {
            Report.category_id: self.category_id,
            Report.area_id: self.area_id,
            Report.office_id: self.office_id,
            Report.urgent: self.urgent,
        }
        found = [column == value for column, value in wanted.items() if value is not None]
        if self.statuses is not None:
            found.append(_status_in(self.statuses))
        if self.since is not None:
            found.append(Report.submitted_at >= self.since)
        if self.until is not None:
            found.append(Report.submitted_at < self.until)
        if self.due_before is not None:
            found.append(Report.act_by < self.due_before)
        if self.words:
            found.append(_speaks_of(self.words))
        return found


def _status_in(statuses: frozenset[Status]) -> ColumnElement[bool]:
    if statuses == OPEN:  # spelled as the partial indexes spell it, so that they serve
        return text("status in ('submitted','accepted','in_progress','waiting','returned')")  # type: ignore[return-value]
    return Report.status.in_(sorted(statuses))


def _speaks_of(words: str) -> ColumnElement[bool]:
    """Words without regard to diacritics, or a report's code read aloud."""
    code = codes.read_code(words)
    if code is not None:
        return Report.code == code
    escaped = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return func.xom_fold(Report.public_description).like(func.xom_fold(f"%{escaped}%"))


_SHOWN: ColumnElement[bool] = text("shown")  # type: ignore[assignment]


# The public ------------------------------------------------------------------------------------


def newest(filters: Filters, *, limit: int, after: tuple[datetime, UUID] | None) -> Rows:
    """What is shown, newest first; one row more than `limit` when there is a next page."""
    query = select(*CARD).where(_SHOWN, *filters.conditions())
    if after:
        query = query.where(tuple_(Report.submitted_at, Report.id) < after)
    return _read(query.order_by(Report.submitted_at.desc(), Report.id.desc()).limit(limit + 1))


def in_box(
    box: tuple[float, float, float, float],
    filters: Filters,
    *,
    limit: int,
    after: tuple[datetime, UUID] | None,
) -> Rows:
    """What is shown within (west, south, east, north) in degrees, newest first."""
    query = select(*CARD).where(_SHOWN, within_box(*box), *filters.conditions())
    if after:
        query = query.where(tuple_(Report.submitted_at, Report.id) < after)
    return _read(query.order_by(Report.submitted_at.desc(), Report.id.desc()).limit(limit + 1))


def near(lat: float, lng: float, radius: float, filters: Filters, *, limit: int) -> Rows:
    """What is shown around a point, nearest first, as far as `radius` metres: the GiST index
    hands them out in that order."""
    x, y = to_mercator(lat, lng)
    query = (
        select(*CARD)
        .where(_SHOWN, within_circle(lat, lng, radius), *filters.conditions())
        .order_by(text("report.spot <-> point(:near_x, :near_y)").bindparams(near_x=x, near_y=y))
        .limit(limit)
    )
    return _read(query)


def similar(lat: float, lng: float, category_id: int, *, limit: int = 5) -> Rows:
    """Open reports of one kind so close by that they may be the same thing."""
    filters = Filters(statuses=OPEN, category_id=category_id)
    return near(lat, lng, SIMILAR_M, filters, limit=limit)


# Residents -------------------------------------------------------------------------------------


def of_reporter(account_id: UUID, *, limit: int, after: tuple[datetime, UUID] | None) -> Rows:
    """What somebody sent, newest first."""
    query = select(*CARD).where(Report.reporter_id == account_id, Report.erased_at.is_(None))
    if after:
        query = query.where(tuple_(Report.submitted_at, Report.id) < after)
    return _read(query.order_by(Report.submitted_at.desc(), Report.id.desc()).limit(limit + 1))


def supported_by(account_id: UUID) -> Rows:
    """What somebody follows, as far as it is still shown."""
    query = (
        select(*CARD)
        .join(Support, Support.report_id == Report.id)
        .where(Support.account_id == account_id, _SHOWN)
        .order_by(Support.at.desc())
        .limit(200)
    )
    return _read(query)


# Officials -------------------------------------------------------------------------------------


def queue(
    viewer: Viewer,
    filters: Filters,
    *,
    centre_id: int,
    limit: int,
    after: tuple[datetime, UUID] | None,
    newest_first: bool = False,
) -> Rows:
    """What is mine to see, whoever must act soonest first; one row more when there is a page."""
    query = select(*CARD).where(*filters.conditions(), *_scope(viewer, centre_id))
    key = (
        tuple_(Report.submitted_at, Report.id) if newest_first else tuple_(Report.act_by, Report.id)
    )
    if after:
        query = query.where(key < after if newest_first else key > after)
    if newest_first:
        query = query.order_by(Report.submitted_at.desc(), Report.id.desc())
    else:
        query = query.order_by(Report.act_by, Report.id)
    return _read(query.limit(limit + 1))


def _scope(viewer: Viewer, centre_id: int) -> list[ColumnElement[bool]]:
    """The rows that an official may see at all. The one accused never sees the accusation."""
    mine = sorted(viewer.offices(*OFFICE_ROLES))
    leads = and_(Report.office_id.in_(mine), Report.assigned_at.is_not(None))
    if viewer.sees_all:
        beyond = Report.accused_office_id.is_distinct_from(centre_id)
        return [not_accused(viewer), or_(beyond, Report.office_id.in_(mine))]
    joined = select(Assignment.report_id).where(
        Assignment.office_id.in_(mine), Assignment.until.is_(None), Assignment.part == "join"
    )
    return [not_accused(viewer), or_(leads, Report.id.in_(joined))]


def not_accused(viewer: Viewer) -> ColumnElement[bool]:
    """Not a report against an office of the viewer's own."""
    held = sorted({office for _, office in viewer.held})
    return or_(Report.accused_office_id.is_(None), Report.accused_office_id.not_in(held))


# Areas -----------------------------------------------------------------------------------------


def boundary(area_id: int) -> dict[str, Any] | None:
    """An area's boundary as a GeoJSON geometry."""
    with reading() as connection:
        wkb = connection.scalar(select(Area.boundary).where(Area.id == area_id))
    return dict(shapely.geometry.mapping(shapely.from_wkb(wkb))) if wkb else None


# One report ------------------------------------------------------------------------------------


def find(named: str) -> Report | None:
    """A report by its id or by its code, however the code was typed."""
    code = codes.read_code(named)
    if code is not None:
        return db.session.scalars(select(Report).where(Report.code == code)).one_or_none()
    try:
        return db.session.get(Report, UUID(named))
    except ValueError:
        return None


def _read(query: Select[*tuple[Any, ...]]) -> Rows:
    with reading() as connection:
        return connection.execute(query).all()

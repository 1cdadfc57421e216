"""The reads: lists of reports, each one statement over one index, paged by key.

Hot: Core, autocommit, no joins; names come from the city in memory (`presenting`). What a list
shows is bounded here too: the public sees what is shown. Officials': `official_queue`.

Statements are made once for each set of bounds (`filters`) and kept; what varies is parameters.
"""

from functools import lru_cache
from typing import Any
from uuid import UUID

import shapely
import shapely.geometry
from sqlalchemy import (
    FromClause,
    Select,
    bindparam,
    select,
    tuple_,
)

from app.database import db, reading
from reports import codes, pages
from reports.city.models import Area
from reports.filters import Bounds, Filters, narrowed
from reports.geometry import (
    NEAREST_FIRST,
    WITHIN_CIRCLE,
    Box,
    box_values,
    circle_values,
    spot_in_box,
)
from reports.models import Report, Support
from reports.pages import CARD, NEWEST, SHOWN, Key, Rows, after_values, count, newest_first, read
from reports.statuses import OPEN

SIMILAR_M = 80  # metres within which reports of one kind may be the same
RECENT = 10_000  # how far back a crowded box is looked through, newest first

kept = lru_cache(maxsize=1000)  # statements, by their shape

_report = Report.__table__.c


# The public ------------------------------------------------------------------------------------


def newest(filters: Filters, *, limit: int, after: Key | None) -> Rows:
    """What is shown, newest first; one row more than `limit` when there is a next page."""
    values = filters.values()
    query = _newest(frozenset(values), paged=bool(after), rows=limit + 1)
    return read(query, values | after_values(after))


@kept
def _newest(bounds: Bounds, *, paged: bool, rows: int) -> Select[Any]:
    return newest_first(select(*CARD).where(SHOWN, *narrowed(bounds)), paged=paged, rows=rows)


def in_box(
    box: Box, filters: Filters, *, limit: int, after: Key | None, crowded: bool = False
) -> Rows:
    """What is shown within (west, south, east, north) in degrees, newest first.

    `crowded`: so much lies within that looking through the newest everywhere finds a page sooner
    than sorting what lies within. When it does not, nothing but time is lost.
    """
    given = filters.values()
    bounds, shape = frozenset(given), {"paged": bool(after), "rows": limit + 1}
    values = given | box_values(*box) | after_values(after)
    if crowded:
        rows = read(_recent_in_box(bounds, **shape), values)
        if len(rows) > limit:
            return rows
    return read(_in_box(bounds, **shape), values)


@kept
def _in_box(bounds: Bounds, *, paged: bool, rows: int) -> Select[Any]:
    """By the spatial index alone; the cards are fetched for one page of it."""
    within = select(*NEWEST).where(SHOWN, spot_in_box("report"), *narrowed(bounds))
    return _cards(newest_first(within, paged=paged, rows=rows).subquery())


@kept
def _recent_in_box(bounds: Bounds, *, paged: bool, rows: int) -> Select[Any]:
    """By the index of the newest alone, as far back as RECENT."""
    recent = newest_first(select(*NEWEST, _report.spot).where(SHOWN), paged=paged, rows=RECENT)
    found = recent.subquery("recent")
    within = select(found.c.submitted_at, found.c.id).where(spot_in_box("recent"))
    if bounds:
        within = within.join(Report.__table__, _report.id == found.c.id).where(*narrowed(bounds))
    order = (found.c.submitted_at.desc(), found.c.id.desc())
    return _cards(within.order_by(*order).limit(count(rows)).subquery())


def _cards(picked: FromClause) -> Select[Any]:
    joined = select(*CARD).join(picked, picked.c.id == _report.id)
    return joined.order_by(picked.c.submitted_at.desc(), picked.c.id.desc())


def onwards(filters: Filters, box: Box | None, *, limit: int, after: Key) -> Rows:
    """The next page of a list that is read to its end, of what lies in a wide box or circle.

    Looked for in the list's order, so that all pages cost one reading of it; an index of places
    would give all that lies there, to be sorted anew for each page.
    """
    values = filters.values()
    if circle := values.pop("circle", None):
        values["wide_circle"] = circle
    if box:
        values["wide_box"] = box_values(*box)["box"]
    query = _newest(frozenset(values), paged=True, rows=limit + 1)
    return read(query, values | after_values(after))


def near(lat: float, lng: float, radius: float, filters: Filters, *, limit: int) -> Rows:
    """What is shown around a point, nearest first, as far as `radius` metres."""
    values = filters.values()
    query = _near(frozenset(values), rows=limit)
    return read(query, values | circle_values(lat, lng, radius))


@kept
def _near(bounds: Bounds, *, rows: int) -> Select[Any]:
    query = select(*CARD).where(SHOWN, WITHIN_CIRCLE, *narrowed(bounds))
    return query.order_by(NEAREST_FIRST).limit(count(rows))


def similar(lat: float, lng: float, category_id: int, *, limit: int = 5) -> Rows:
    """Open reports of one kind so close by that they may be the same thing."""
    filters = Filters(statuses=OPEN, category_id=category_id)
    return near(lat, lng, SIMILAR_M, filters, limit=limit)


# Residents -------------------------------------------------------------------------------------


def of_reporter(account_id: UUID, *, limit: int, after: Key | None) -> Rows:
    """What somebody sent, newest first."""
    query = _sent(paged=bool(after), rows=limit + 1)
    return read(query, {"account_id": account_id} | after_values(after))


@kept
def _sent(*, paged: bool, rows: int) -> Select[Any]:
    mine = _report.reporter_id == bindparam("account_id")
    query = select(*CARD).where(mine, _report.erased_at.is_(None))
    return newest_first(query, paged=paged, rows=rows)


def supported_by(account_id: UUID, *, limit: int, after: Key | None) -> Rows:
    """What somebody follows, as far as it is still shown: cards, and since when (`followed_at`)."""
    query = _supported(paged=bool(after), rows=limit + 1)
    return read(query, {"account_id": account_id} | after_values(after))


@kept
def _supported(*, paged: bool, rows: int) -> Select[Any]:
    mine = Support.account_id == bindparam("account_id")
    query = (
        select(*CARD, Support.at.label("followed_at"))
        .join(Support, Support.report_id == _report.id)
        .where(mine, SHOWN)
        .order_by(Support.at.desc(), Support.report_id.desc())
    )
    if paged:
        query = query.where(tuple_(Support.at, Support.report_id) < pages.AFTER)
    return query.limit(count(rows))


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

"""The features of a collection, a page at a time, and one by itself.

Reports come the newest first, by the same reads as the residents' list; pages follow by key, so
that none is left out or told twice while others are sent.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
import shapely
from flask import current_app
from sqlalchemy import select, text

from app import pagination
from app.database import reading
from app.errors import NotFound
from app.text import uuid_in
from reports import queries
from reports.cards import Plain
from reports.city.snapshot import City
from reports.city.values import Area
from reports.feeds.features import features
from reports.feeds.ogc.asked import MOST_AREAS, Wanted
from reports.geometry import Box
from reports.models import Report
from reports.pages import CARD, Rows

_DECIMALS = 6  # a tenth of a metre
KEPT_MOST = 400  # areas in memory
_KEPT = "xom.ogc_areas"


class NoSuchFeature(NotFound):
    code = "no-such-feature"
    vi = "Không có đối tượng này, hoặc không công khai."
    en = "There is no such feature, or it is not public."


@dataclass(frozen=True, slots=True)
class Page:
    """Features, each a value or JSON that is ready, and the cursor of the page that follows."""

    features: list[Any]
    following: str | None


def page_of(name: str, wanted: Wanted, city: City, locale: str, base_url: str) -> Page:
    """A page of a collection that there is."""
    if name == "areas":
        return _areas(wanted, city, locale)
    return _reports(wanted, city, locale, base_url)


def one_of(name: str, feature_id: str, city: City, locale: str, base_url: str) -> Plain:
    """One feature by its id. Raises NoSuchFeature."""
    if name == "areas":
        if feature_id not in city.area_by_code or feature_id not in city.facts.boundaries:
            raise NoSuchFeature
        found: Plain = orjson.loads(_ready(feature_id, city, locale))
        return found
    rows = _report(uuid_in(feature_id))
    if not rows:
        raise NoSuchFeature
    return features(rows, city, locale, base_url)[0]


# Reports ----------------------------------------------------------------------------------------


def _reports(wanted: Wanted, city: City, locale: str, base_url: str) -> Page:
    after = pagination.decode_cursor(wanted.after, datetime, UUID) if wanted.after else None
    filters = replace(wanted.filters, since=wanted.since, until=wanted.until)
    limit = wanted.limit
    if wanted.box is None:
        rows = queries.newest(filters, limit=limit, after=after)
    else:
        crowded = city.areas.is_crowded(*wanted.box)
        rows = queries.in_box(wanted.box, filters, limit=limit, after=after, crowded=crowded)
    following = None
    if len(rows) > limit:
        last = rows[limit - 1]
        following = pagination.encode_cursor(last.submitted_at, last.id)
    return Page(list(features(rows[:limit], city, locale, base_url)), following)


def _report(report_id: UUID | None) -> Rows:
    if report_id is None:
        return []
    columns = Report.__table__.c
    with reading() as connection:
        return connection.execute(select(*CARD).where(columns.id == report_id, text("shown"))).all()


# Areas ------------------------------------------------------------------------------------------


def _areas(wanted: Wanted, city: City, locale: str) -> Page:
    """By code. They have no time of their own, so that no time leaves any out."""
    after = pagination.decode_cursor(wanted.after, str)[0] if wanted.after else ""
    codes = sorted(city.facts.boundaries.keys() & city.area_by_code.keys())
    there = [code for code in codes if code > after and _touches(code, wanted.box, city)]
    limit = min(wanted.limit, MOST_AREAS)
    shown = there[:limit]
    following = pagination.encode_cursor(shown[-1]) if len(there) > limit else None
    return Page([orjson.Fragment(_ready(code, city, locale)) for code in shown], following)


def _touches(code: str, box: Box | None, city: City) -> bool:
    if box is None:
        return True
    west, south, east, north = city.facts.boundaries[code].bounds
    apart = west > box[2] or east < box[0] or south > box[3] or north < box[1]
    return not apart and bool(city.facts.boundaries[code].intersects(shapely.box(*box)))


@dataclass
class _Kept:
    """One app's areas as JSON, by language and code, of the city as it was built last."""

    of: City | None = None
    bodies: dict[tuple[str, str], bytes] = field(default_factory=dict)


def _ready(code: str, city: City, locale: str) -> bytes:
    """An area that there is, as JSON: kept, since a true boundary has thousands of points; a
    country's are too many to keep."""
    kept: _Kept = current_app.extensions.setdefault(_KEPT, _Kept())
    if kept.of is not city or len(kept.bodies) >= KEPT_MOST:
        kept.bodies, kept.of = {}, city
    bodies = kept.bodies  # another thread may begin anew meanwhile
    if (locale, code) not in bodies:
        area = city.area_by_code[code]
        bodies[locale, code] = orjson.dumps(_area(area, city, locale))
    return bodies[locale, code]


def _area(area: Area, city: City, locale: str) -> Plain:
    shape = city.facts.boundaries[area.code]
    rounded = shapely.transform(shape, lambda points: points.round(_DECIMALS))
    kinds = city.profile.area_kinds.get(area.kind, {})
    return {
        "type": "Feature",
        "id": area.code,
        "geometry": shapely.geometry.mapping(rounded),
        "properties": {
            "code": area.code,
            "name": area.name_vi if locale == "vi" else area.name_en,
            "kind": area.kind,
            "kind_name": kinds.get(locale, area.kind),
            "population": area.population,
            "area_km2": area.area_km2,
            "approximate": area.approximate,
        },
    }

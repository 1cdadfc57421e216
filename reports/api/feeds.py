"""Feeds and files of what anyone may see, and officials' calendars: read by programs that were
given an address once.
"""

from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from flask import Response, request, stream_with_context
from marshmallow import fields, validate

from app.auth.guards import anyone
from app.clock import now
from app.database import db
from app.http import compressed, conditional, etag_for, for_any_site
from app.limits import by_address, limit
from app.locale import LOCALES, ask_for, current_locale
from app.openapi import Blueprint, Schema, Text
from reports import asking
from reports.city import snapshot
from reports.city.snapshot import City
from reports.feeds import atom, calendar, calendar_links, entries, features, streams, tables, turns
from reports.feeds.addresses import base_url
from reports.feeds.atom import Channel
from reports.filters import Filters
from reports.pages import Rows
from reports.step_in import CODE

PATH = "/feeds"
CACHE = "public, max-age=60"
CALENDAR = "feeds.read_calendar"

blueprint = Blueprint("feeds", __name__, url_prefix=PATH, description="Feeds, files, calendars")
Write = Callable[[Iterable[Rows], City, str, str], Iterator[bytes]]


@blueprint.after_request
def _open(response: Response) -> Response:
    """What went wrong too; but a calendar is its owner's."""
    return response if request.endpoint == CALENDAR else for_any_site(response)


class FeedIn(Schema):
    """Narrowing what a feed or a file holds."""

    area = fields.String(load_default=None, validate=CODE)
    category = fields.String(load_default=None, validate=CODE)
    status = fields.String(
        load_default=None,
        validate=validate.Length(max=120),
        metadata={"description": "One or more statuses with commas between, or `open`"},
    )
    near = fields.String(
        load_default=None, validate=validate.Length(max=60), metadata={"description": "lat,lng"}
    )
    radius = fields.Integer(
        load_default=1000,
        validate=validate.Range(1, 20_000),
        metadata={"description": "Metres, with `near`"},
    )
    lang = fields.String(
        load_default=None,
        validate=validate.OneOf(LOCALES),
        metadata={"description": "Of names and sentences; left out: as Accept-Language says"},
    )


class FileIn(FeedIn):
    bbox = fields.String(
        load_default=None,
        validate=validate.Length(max=100),
        metadata={"description": "west,south,east,north in degrees"},
    )
    q = Text(load_default=None, most=100, lines=False)
    since = fields.Date(
        load_default=None,
        data_key="from",
        metadata={"description": "First day, in the city's zone"},
    )
    until = fields.Date(
        load_default=None, data_key="to", metadata={"description": "First day no longer meant"}
    )


@blueprint.get("/reports.atom")
@anyone
@limit("120 per minute", by=by_address)
@blueprint.arguments(FeedIn, location="query")
@blueprint.response(200, content_type=atom.MIMETYPE)
def read_atom(query: dict[str, Any]) -> Response:
    """What was published last, as an Atom feed with GeoRSS: of the city, a ward, a category, or
    around a point. The last 50 reports of 90 days."""
    locale, city = _language(query), snapshot.current()
    since = entries.days_back(city, now())
    shown = entries.last_published(_filters(query, city), since=since)
    channel = Channel(
        address=f"{base_url()}{PATH}/reports.atom?{urlencode(_told(query, locale))}",
        title=atom.title_of(
            city,
            locale,
            area=query["area"],
            category=query["category"],
            around=query["radius"] if query["near"] else None,
        ),
        began=since,
    )
    body = atom.atom(channel, shown, city, locale, base_url())
    response = Response(body, content_type=f"{atom.MIMETYPE}; charset=utf-8")
    response.last_modified = max(shown.updated, default=since)
    return _told_in(locale, compressed(conditional(response, etag_for(1, body), cache=CACHE)))


@blueprint.get("/reports.csv")
@anyone
@limit("60 per hour", by=by_address)
@blueprint.arguments(FileIn, location="query")
@blueprint.response(200, content_type="text/csv")
def read_csv(query: dict[str, Any]) -> Response:
    """Every public report that fits, the newest first, as CSV in UTF-8: however many, in pieces."""
    return _file(query, tables.public_csv, "text/csv; charset=utf-8", "csv")


@blueprint.get("/reports.geojson")
@anyone
@limit("60 per hour", by=by_address)
@blueprint.arguments(FileIn, location="query")
@blueprint.response(200, content_type=features.MIMETYPE)
def read_geojson(query: dict[str, Any]) -> Response:
    """The same as a GeoJSON FeatureCollection (RFC 7946)."""
    return _file(query, features.public_geojson, features.MIMETYPE, "geojson")


def by_calendar() -> str:
    """The address of the calendar itself: one service reads those of many people."""
    token = str((request.view_args or {}).get("token", ""))
    return f"calendar:{sha256(token.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}"


@blueprint.get("/calendar/<string:token>.ics")
@anyone
@limit("120 per hour", by=by_calendar)
@blueprint.response(200, content_type=calendar.MIMETYPE)
@blueprint.problems(404)
def read_calendar(token: str) -> Response:
    """The open deadlines of an office, for the calendar of one of its people. The address is
    secret; it is made and withdrawn in the console."""
    city, at = snapshot.current(), now()
    subscribed = calendar_links.find(token, city, at=at)
    body = calendar.deadlines(subscribed, city, base_url=base_url(), at=at)
    calendar_links.count_reading(token, at=at)
    db.session.commit()
    response = Response(body, content_type=f"{calendar.MIMETYPE}; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="xom.ics"'
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return conditional(response, etag_for(1, body), cache="private, no-cache")


def _file(query: dict[str, Any], write: Write, kind: str, ending: str) -> Response:
    locale, city = _language(query), snapshot.current()
    box, filters = asking.box_from(query["bbox"]), _filters(query, city)

    def answer() -> Response:
        pages = streams.public(filters, box, crowded=bool(box and city.areas.is_crowded(*box)))
        pieces = write(pages, city, locale, base_url())
        response = Response(stream_with_context(pieces), content_type=kind)
        response.headers["Content-Disposition"] = f'attachment; filename="xom-reports.{ending}"'
        response.headers["Cache-Control"] = CACHE
        response.vary.add("Accept-Language")
        return _told_in(locale, response)

    return turns.for_anyone(answer)


def _filters(query: dict[str, Any], city: City) -> Filters:
    """As the residents' list takes them; a circle is narrowed to, and not sorted by."""
    return asking.within(asking.filters_from(query, city), query["near"], query["radius"])


def _told(query: dict[str, Any], locale: str) -> dict[str, Any]:
    """The feed's own address: what narrows it, and its language."""
    names = ["area", "category", "status", *(["near", "radius"] if query["near"] else [])]
    return {name: query[name] for name in names if query[name]} | {"lang": locale}


def _language(query: dict[str, Any]) -> str:
    """Feed readers ask for no language: the address may."""
    if query["lang"]:
        ask_for(query["lang"])
    return current_locale()


def _told_in(locale: str, response: Response) -> Response:
    response.headers["Content-Language"] = locale
    response.vary.add("Cookie")  # the language's
    return response

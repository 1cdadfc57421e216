"""Submitting, finding and reading reports."""

from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from flask import Response

from app import pagination
from app.auth.guards import Caller, anyone, caller, current, signed_in
from app.clock import now
from app.crash import crash_point
from app.database import db
from app.http import compressed, conditional, etag_for, json_answer
from app.limits import by_account, by_address, by_device, limit
from app.locale import current_locale
from app.openapi import Blueprint
from reports import asking, intake, looking, presenting, queries, timeline
from reports.api import schemas
from reports.cards import Plain, cards, residents_cards
from reports.city import snapshot
from reports.errors import UnknownCategory
from reports.intake import Submitted
from reports.models import Report
from reports.pages import Rows
from reports.permissions import viewer_of
from reports.pins import pins
from reports.places import distances_from
from reports.presenting import View
from reports.submissions import Submission

blueprint = Blueprint(
    "reports", __name__, url_prefix="/api/v1", description="What residents report"
)


@blueprint.post("/reports")
@signed_in
@limit("20 per hour; 60 per day", by=by_account)
@limit("1000 per hour", by=by_address)  # a mobile network's phones, all in one flood
@limit("30 per hour", by=by_device)
@blueprint.arguments(schemas.SubmissionIn)
@blueprint.response(201, schemas.ReportOut)
@blueprint.alt_response(200, schema=schemas.ReportOut, description="It was here already")
@blueprint.problems(409)
def submit(submission: Submission) -> Response:
    """Submit a report. The id is the phone's own: sending again is harmless and answers 200."""
    me, at = current(), now()
    submitted = intake.submit_report(submission, by=me, at=at)
    # Told before the commit: after it the report would be read anew.
    answer = json_answer(_own(submitted, submission, me, at), 201 if submitted.created else 200)
    crash_point("before_commit")
    db.session.commit()
    crash_point("after_commit")
    return answer


def _own(submitted: Submitted, submission: Submission, me: Caller, at: datetime) -> Plain:
    """The report as its reporter sees it."""
    view = View(viewer_of(me, at), inside=False, own=True, locale=current_locale())
    no_photos: list[Plain] | None = None if submission.photos or not submitted.created else []
    said = presenting.NOTHING_SAID if submitted.created else None
    return presenting.whole(
        submitted.report, view, snapshot.current(), at, photos=no_photos, said=said
    )


@blueprint.get("/reports")
@anyone
@blueprint.arguments(schemas.ListIn, location="query")
@blueprint.response(200, schemas.CardsOut)
def list_reports(query: dict[str, Any]) -> Response:
    """Public reports: newest first, within a box, or nearest first around a point."""
    city = snapshot.current()
    filters = asking.filters_from(query, city)
    limit_ = query["limit"]
    if query["near"]:
        asking.refuse_beside_near(query)
        point = asking.point_from(query["near"])
        rows = queries.near(*point, query["radius"], filters, limit=limit_)
        return _listed(_cards_from(point, rows), None, query["format"])
    after = pagination.decode_cursor(query["after"], *_KEY) if query["after"] else None
    box = asking.box_from(query["bbox"])
    if box:
        crowded = city.areas.is_crowded(*box)
        rows = queries.in_box(box, filters, limit=limit_, after=after, crowded=crowded)
    else:
        rows = queries.newest(filters, limit=limit_, after=after)
    following = _cursor(rows[limit_ - 1]) if len(rows) > limit_ else None
    return _listed(_cards(rows[:limit_]), following, query["format"])


@blueprint.get("/reports/points")
@anyone
@limit("240 per minute", by=by_address)
@blueprint.arguments(schemas.PinsIn, location="query")
@blueprint.response(200, schemas.PinsOut)
def read_points(query: dict[str, Any]) -> Response:
    """Public reports of a box for a map: a short row each, or clusters where there are more than
    `limit`. Points are as of now, so that what was hidden is gone at once."""
    city = snapshot.current()
    box, filters = asking.box_of(query["bbox"]), asking.filters_from(query, city)
    found = pins(box, filters, city.categories_by_id, most=query["limit"])
    told = {"points": found.points, "clusters": found.clusters, "total": found.total,
            "stale": found.stale}  # fmt: skip
    body = orjson.dumps(told)
    return compressed(conditional(json_answer(body), etag_for(city.version, body)))


@blueprint.get("/reports/similar")
@anyone
@blueprint.arguments(schemas.SimilarIn, location="query")
@blueprint.response(200, schemas.CardsOut)
def similar(query: dict[str, Any]) -> Response:
    """Open reports of the same kind close by: support one of them instead of sending another."""
    category = snapshot.current().category(query["category"])
    if category is None:
        raise UnknownCategory
    point = (query["lat"], query["lng"])
    rows = queries.similar(*point, category.id)
    return json_answer({"items": _cards_from(point, rows), "next": None})


@blueprint.get("/reports/<string:named>")
@anyone
@blueprint.response(200, schemas.ReportOut)
@blueprint.problems(404)
def read(named: str) -> Response:
    """One report, by its id or by its code as read aloud."""
    report, view = visible(named)
    city = snapshot.current()
    body = orjson.dumps(presenting.whole(report, view, city, now()))
    return conditional(json_answer(body), etag_for(report.version, body))


@blueprint.get("/reports/<string:named>/timeline")
@anyone
@blueprint.response(200, schemas.TimelineOut)
@blueprint.problems(404)
def read_timeline(named: str) -> Response:
    """What happened to a report, oldest first, as far as the caller may read it."""
    report, view = visible(named)
    entries = timeline.timeline(report, view, snapshot.current())
    body = orjson.dumps({"items": entries, "next": None})
    return conditional(json_answer(body), etag_for(report.version, body))


@blueprint.get("/me/reports")
@signed_in
@blueprint.arguments(pagination.PageIn, location="query")
@blueprint.response(200, schemas.MyCardsOut)
def mine(query: dict[str, Any]) -> Response:
    """What I sent, newest first."""
    after = pagination.decode_cursor(query["after"], *_KEY) if query["after"] else None
    limit_ = query["limit"]
    rows = queries.of_reporter(current().account_id, limit=limit_, after=after)
    following = _cursor(rows[limit_ - 1]) if len(rows) > limit_ else None
    items = residents_cards(rows[:limit_], snapshot.current(), current_locale(), own=True)
    return _listed(items, following)


@blueprint.get("/me/supported")
@signed_in
@blueprint.arguments(pagination.PageIn, location="query")
@blueprint.response(200, schemas.MyCardsOut)
def supported(query: dict[str, Any]) -> Response:
    """What I follow, what I followed last first."""
    after = pagination.decode_cursor(query["after"], *_KEY) if query["after"] else None
    limit_ = query["limit"]
    found = queries.supported_by(current().account_id, limit=limit_, after=after)
    last = found[limit_ - 1] if len(found) > limit_ else None
    following = pagination.encode_cursor(last.followed_at, last.id) if last else None
    rows = [row[:-1] for row in found[:limit_]]
    return _listed(
        residents_cards(rows, snapshot.current(), current_locale(), own=False), following
    )


def visible(named: str) -> tuple[Report, View]:
    """The report and how the caller sees it."""
    return looking.visible(named, viewer_of(caller(), now()), current_locale())


_KEY = (datetime, UUID)


def _cards(rows: Rows) -> list[Plain]:
    return cards(rows, snapshot.current(), current_locale())


def _cards_from(point: tuple[float, float], rows: Rows) -> list[Plain]:
    """Cards with the way to them."""
    found, metres_to = _cards(rows), distances_from(point)
    for card in found:
        card["metres"] = round(metres_to((card["lat"], card["lng"])))
    return found


def _cursor(row: Any) -> str:
    return pagination.encode_cursor(row.submitted_at, row.id)


def _listed(cards: list[Plain], following: str | None, form: str = "json") -> Response:
    headers = pagination.page_links(following)
    if form == "json":
        return compressed(json_answer(pagination.page(cards, following), headers=headers))
    response = json_answer(_geojson(cards, following), headers=headers)
    response.mimetype = "application/geo+json"
    return compressed(response)


def _geojson(cards: list[Plain], following: str | None) -> Plain:
    """RFC 7946: one Point a report, its card as properties."""
    features = [
        {
            "type": "Feature",
            "id": card["id"],
            "geometry": {"type": "Point", "coordinates": [card["lng"], card["lat"]]},
            "properties": {k: v for k, v in card.items() if k not in {"id", "lat", "lng"}},
        }
        for card in cards
    ]
    return {"type": "FeatureCollection", "features": features, "next": following}

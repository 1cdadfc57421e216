"""The map of heat, for those who answer for the city and (with its safeguards) for anyone."""

from typing import Any

import orjson
from flask import Response

from app.auth.guards import anyone, caller, current, requires
from app.clock import now
from app.http import compressed, conditional, etag_for, json_answer
from app.limits import limit
from app.locale import current_locale
from app.openapi import Blueprint, file_schema
from reports.api import public_answers
from reports.api.heat_shapes import HeatIn, HeatOut, HotspotsIn, HotspotsOut
from reports.city import snapshot
from reports.figures import heat_answers, heatmap, hotspot_words, hotspots
from reports.figures.public import telling
from reports.permissions import Permission, viewer_of

GEOJSON = "application/geo+json"
#: … beside JSON, with `format=geojson`.
AS_GEOJSON = {200: {"content": {GEOJSON: {"schema": file_schema(GEOJSON)}}}}
blueprint = Blueprint("figures", __name__, url_prefix="/api/v1", description="Figures of many")


@blueprint.get("/heatmap")
@anyone
@limit(public_answers.LIMIT, by=public_answers.by_stranger)
@blueprint.arguments(HeatIn, location="query")
@blueprint.doc(responses=AS_GEOJSON)
@blueprint.response(200, HeatOut)
@blueprint.problems(403)
def read_heatmap(query: dict[str, Any]) -> Response:
    """Reports by hexagon. Leaders see all of them, an office's head those of the office, anybody
    else what is public. One answer holds what every way to colour the map needs."""
    at = now()
    viewer = viewer_of(caller(), at)
    if not heatmap.sees_figures(viewer):
        return _public(query)
    told = heat_answers.body(query, viewer, at=at)
    response = _geojson(told) if query["format"] == "geojson" else json_answer(told)
    return compressed(conditional(response, etag_for(1, told)))


@blueprint.get("/hotspots")
@requires(Permission.FIGURES)
@blueprint.arguments(HotspotsIn, location="query")
@blueprint.response(200, HotspotsOut)
@blueprint.problems(403)
def read_hotspots(query: dict[str, Any]) -> Response:
    """Where reports lie together in more than people and chance explain, each with a sentence; and
    the cells that are merely crowded."""
    at, city = now(), snapshot.current()
    wanted = heat_answers.wanted_from(query, city)
    found = hotspots.hotspots(wanted, viewer_of(current(), at), at=at)
    told = hotspot_words.plain(found, city, current_locale(), wanted.resolution)
    response = json_answer(told)
    return compressed(conditional(response, etag_for(1, response.get_data())))


def _public(query: dict[str, Any]) -> Response:
    def made() -> bytes:
        return orjson.dumps(telling.heat_told(query, snapshot.current()))

    mimetype = GEOJSON if query["format"] == "geojson" else "application/json"
    return public_answers.answer("heat", query, made, mimetype)


def _geojson(told: bytes) -> Response:
    response = json_answer(told)
    response.mimetype = GEOJSON
    return response

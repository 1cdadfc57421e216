"""The map of heat, for those who answer for the city and (with its safeguards) for anyone."""

from typing import Any

from flask import Response

from app.auth.guards import anyone, caller, current, requires
from app.clock import now
from app.http import compressed, conditional, etag_for, json_answer
from app.locale import current_locale
from app.openapi import Blueprint
from reports.api.heat_shapes import HeatIn, HeatOut, HotspotsIn, HotspotsOut
from reports.cards import Plain
from reports.city import snapshot
from reports.figures import heat_answers, heatmap, hotspot_words, hotspots
from reports.figures.public import telling
from reports.permissions import Permission, viewer_of

blueprint = Blueprint("figures", __name__, url_prefix="/api/v1", description="Figures of many")


@blueprint.get("/heatmap")
@anyone
@blueprint.arguments(HeatIn, location="query")
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
    told = telling.heat_told(query, snapshot.current())
    return _geojson(told) if query["format"] == "geojson" else compressed(json_answer(told))


def _geojson(told: Plain | bytes) -> Response:
    response = json_answer(told)
    response.mimetype = "application/geo+json"
    return response

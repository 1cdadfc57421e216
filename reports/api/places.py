"""Places for a phone: the outlines of the areas, a place by its name, a name for a place."""

from flask import Response

from app.auth.guards import anyone
from app.http import conditional, etag_for, json_answer
from app.locale import current_locale
from app.openapi import Blueprint
from reports.api.catalogue import PUBLIC
from reports.city import snapshot
from reports.outlines import outlines

blueprint = Blueprint("places", __name__, url_prefix="/api/v1", description="Where things are")


@blueprint.get("/areas/outlines")
@anyone
@blueprint.response(200, content_type="application/geo+json")
def read_outlines() -> Response:
    """All areas as GeoJSON, few points each: a map without any other. `/areas/{code}` has one
    area's true boundary."""
    city = snapshot.current()
    body = outlines(city, current_locale())
    response = conditional(json_answer(body), etag_for(city.version, body), cache=PUBLIC)
    if response.status_code == 200:
        response.mimetype = "application/geo+json"
    return response

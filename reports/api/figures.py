"""The heatmap, for leaders and (with its safeguards) for anyone."""

from typing import Any

from flask import Response

from app.auth.guards import anyone, caller
from app.clock import now
from app.http import json_answer
from app.openapi import Blueprint
from reports import asking
from reports.api import schemas
from reports.cards import Plain
from reports.city import snapshot
from reports.figures.heatmap import Heat, heatmap, outline
from reports.permissions import Permission, permits, viewer_of

blueprint = Blueprint("figures", __name__, url_prefix="/api/v1", description="Figures of many")


@blueprint.get("/heatmap")
@anyone
@blueprint.arguments(schemas.HeatIn, location="query")
@blueprint.response(200)
def read_heatmap(query: dict[str, Any]) -> Response:
    """Counts by hexagon. Leaders see all reports, the public published ones, five people a cell.
    An office's head sees what the public does: other offices' reports are not theirs to count."""
    viewer = viewer_of(caller(), now())
    counts_all = viewer.sees_all and permits(viewer, Permission.FIGURES)
    official = viewer if counts_all else None
    cells = heatmap(
        asking.filters_from(query, snapshot.current()),
        box=asking.box_from(query["bbox"]),
        resolution=query["resolution"],
        official=official,
    )
    if query["format"] == "geojson":
        response = json_answer({"type": "FeatureCollection", "features": [*map(_feature, cells)]})
        response.mimetype = "application/geo+json"
        return response
    items = [{"cell": f"{heat.cell:x}", "count": heat.count, "open": heat.open} for heat in cells]
    return json_answer({"items": items, "resolution": query["resolution"], "public": not official})


def _feature(heat: Heat) -> Plain:
    return {
        "type": "Feature",
        "id": f"{heat.cell:x}",
        "geometry": {"type": "Polygon", "coordinates": [outline(heat.cell)]},
        "properties": {"count": heat.count, "open": heat.open},
    }

"""What the map's script asks for: cells with their outlines, by the function that the API answers
with. The page's cookie is good for this address, as it is for no address of the API.
"""

from typing import Any

from flask import Response, request
from marshmallow import fields, validate

from app.auth.guards import current, requires
from app.clock import now
from app.http import compressed, conditional, etag_for, json_answer
from app.schemas import Schema
from reports.city import snapshot
from reports.figures import cells
from reports.figures.frames import Frame
from reports.figures.heat_answers import wanted_from
from reports.figures.heatmap import Cell, HeatMap
from reports.figures.heatmap import heat as read_heat
from reports.permissions import Permission, viewer_of
from web.dashboard.blueprint import blueprint
from web.dashboard.spots import STATUSES

_CODE = validate.Length(max=60)


class HeatIn(Schema):
    bbox = fields.String(load_default=None, validate=validate.Length(max=100))
    resolution = fields.Integer(load_default=8, validate=validate.Range(6, 10))
    since = fields.Date(load_default=None, data_key="from")
    until = fields.Date(load_default=None, data_key="to")
    compare_from = fields.Date(load_default=None)
    compare_to = fields.Date(load_default=None)
    category = fields.String(load_default=None, validate=_CODE)
    office = fields.String(load_default=None, validate=_CODE)
    area = fields.String(load_default=None, validate=_CODE)
    status = fields.String(load_default=None, validate=validate.Length(max=120))
    frames = fields.Enum(Frame, by_value=True, load_default=None)


@blueprint.get("/heat")
@requires(Permission.FIGURES)
def heat() -> Response:
    """The cells in sight."""
    query = HeatIn().load(request.args)
    query["status"] = STATUSES.get(query["status"], query["status"])
    wanted = wanted_from(query, snapshot.current())
    found = read_heat(wanted, viewer_of(current(), now()), at=now())
    response = json_answer(_told(found, wanted.resolution))
    response = conditional(response, etag_for(1, response.get_data()), cache="private, no-cache")
    return compressed(response)


def _told(found: HeatMap, resolution: int) -> dict[str, Any]:
    """Its shape on the other side: `heat.ts`."""
    return {
        "as_of": found.as_of,
        "resolution": resolution,
        "medians": found.medians,
        "frames": [
            {"since": one.since.isoformat(), "until": one.until.isoformat()}
            for one in found.frames or []
        ],
        "cells": [_cell(one) for one in found.cells],
    }


def _cell(one: Cell) -> dict[str, Any]:
    told: dict[str, Any] = {
        "cell": f"{one.cell:x}",
        "ring": [(round(lng, 5), round(lat, 5)) for lng, lat in cells.outline(one.cell)],
        "count": one.count,
        "open": one.open,
        "overdue": one.overdue,
        "late": one.overdue_first,
        "timed": one.timed,
        "on_time": one.on_time,
        "resolve_n": one.resolve_n,
        "resolve_median_s": one.resolve_median_s,
        "ratings": one.ratings,
        "satisfied": one.satisfied,
        "people": one.people,
        "per_1000": one.per_1000,
    }
    if one.before is not None:
        told["before"] = one.before
    if one.counts is not None:
        told["frames"] = one.counts
    return told

"""What the map's script asks for: cells with their outlines, by the function that the API answers
with. The page's cookie is good for this address, as it is for no address of the API.
"""

from flask import Response, request
from marshmallow import fields, validate

from app.auth.guards import current, requires
from app.clock import now
from app.http import compressed, conditional, etag_for, json_answer
from app.schemas import Schema
from reports.cards import Plain
from reports.city import snapshot
from reports.figures import cells, heat_answers
from reports.figures.frames import Frame
from reports.figures.heatmap import Cell, HeatMap
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
    wanted, at = heat_answers.wanted_from(query, snapshot.current()), now()
    told = heat_answers.kept(
        wanted,
        viewer_of(current(), at),
        lambda found: _told(found, wanted.resolution),
        form="page",
        at=at,
    )
    response = conditional(json_answer(told), etag_for(1, told), cache="private, no-cache")
    return compressed(response)


def _told(found: HeatMap, resolution: int) -> Plain:
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


def _cell(one: Cell) -> Plain:
    ring = [(round(lng, 5), round(lat, 5)) for lng, lat in cells.outline(one.cell)]
    return {"cell": f"{one.cell:x}", "ring": ring, **heat_answers.figures_of(one)}

"""Shapes of the map of heat: what may be asked for, and what is answered."""

from typing import Any

from marshmallow import fields, validate

from app.openapi import Schema
from reports.api.public_shapes import published_months
from reports.figures.frames import Frame
from reports.step_in import CODE

_HOURS = "working seconds, from sending to the first result, less what was waited"


def said(words: str) -> dict[str, Any]:
    return {"description": words}


class HotspotsIn(Schema):
    since = fields.Date(load_default=None, data_key="from")
    until = fields.Date(load_default=None, data_key="to")
    category = fields.String(load_default=None, validate=CODE)
    status = fields.String(
        load_default=None,
        validate=validate.Length(max=120),
        metadata=said("open, all, or statuses with commas; resolved means answered, closed or not"),
    )
    office = fields.String(load_default=None, validate=CODE)
    area = fields.String(load_default=None, validate=CODE)
    resolution = fields.Integer(load_default=8, validate=validate.Range(7, 8))


class HeatIn(HotspotsIn):
    bbox = fields.String(
        load_default=None,
        validate=validate.Length(max=100),
        metadata=said("west,south,east,north: which cells are told, each of them whole"),
    )
    resolution = fields.Integer(load_default=8, validate=validate.Range(6, 10))
    frames = fields.Enum(
        Frame,
        by_value=True,
        load_default=None,
        metadata=said("with counts by day, week or month, at most 62 of them"),
    )
    compare_from = fields.Date(load_default=None)
    compare_to = fields.Date(load_default=None)
    format = fields.String(load_default="json", validate=validate.OneOf(["json", "geojson"]))


class DaysOut(Schema):
    since = fields.Date(data_key="from")
    until = fields.Date(data_key="to", metadata=said("the first day after it"))


class CellOut(Schema):
    cell = fields.String(metadata={"description": "H3", "example": "884160a091fffff"})
    count = fields.Integer()
    published = fields.Integer(metadata=said("in the public map: those that anyone may read"))
    open = fields.Integer()
    overdue = fields.Integer()
    overdue_first = fields.Integer(metadata=said("… past the first deadline, not reopened"))
    timed = fields.Integer(metadata=said("answered, with a first deadline"))
    on_time = fields.Integer(metadata=said("of these; the share is of timed + overdue_first"))
    resolve_n = fields.Integer()
    resolve_median_s = fields.Integer(allow_none=True, metadata=said(_HOURS))
    ratings = fields.Integer()
    satisfied = fields.Integer(metadata=said("ratings of four stars and more"))
    people = fields.Integer(allow_none=True, metadata=said("residents, estimated: see `note`"))
    per_1000 = fields.Float(allow_none=True)
    before = fields.Integer(metadata=said("with compare_from and compare_to"))
    counts = fields.List(fields.Integer(), metadata=said("by frame"))


class HeatOut(Schema):
    """For the public (`public`) fewer fields, but `published`, `elsewhere` and `mixed`."""

    items = fields.List(fields.Nested(CellOut))
    resolution = fields.Integer()
    public = fields.Boolean()
    as_of = fields.AwareDateTime(allow_none=True)
    medians = fields.Boolean(metadata=said("false: too many reports over several periods"))
    frames = fields.List(fields.Nested(DaysOut))
    compared = fields.Nested(DaysOut)
    note = fields.String()
    published = published_months()
    elsewhere = fields.Integer(
        metadata=said("reports whose place is told less exactly, perhaps in these cells")
    )
    mixed = fields.Integer(metadata=said("reports whose category is not told"))


class SpotOut(Schema):
    cells = fields.List(fields.String())
    count = fields.Integer()
    expected = fields.Float(metadata=said("if everybody in the city reported alike"))
    p = fields.Float(metadata=said("of its strongest cell"))
    z = fields.Float(metadata=said("its Gi*"))
    new = fields.Boolean(allow_none=True, metadata=said("not so in the period before"))
    category = fields.String(allow_none=True, metadata=said("the most frequent one"))
    category_count = fields.Integer()
    areas = fields.List(fields.String())
    title = fields.String()
    sentence = fields.String()


class CrowdOut(Schema):
    cell = fields.String()
    count = fields.Integer()
    expected = fields.Float()
    areas = fields.List(fields.String())
    sentence = fields.String()


class HotspotsOut(Schema):
    spots = fields.List(fields.Nested(SpotOut), metadata=said("the strongest first"))
    crowds = fields.List(
        fields.Nested(CrowdOut), metadata=said("many reports, but no more than people explain")
    )
    resolution = fields.Integer()
    as_of = fields.AwareDateTime()
    before = fields.Nested(DaysOut, allow_none=True)
    note = fields.String(metadata=said("what a hot spot is"))

"""Shapes of what a phone learns of the city: itself, categories, areas, offices."""

from marshmallow import fields, validate

from app.openapi import Schema
from notifications.models import Way


class HotlineOut(Schema):
    name = fields.String()
    number = fields.String()
    words = fields.List(
        fields.String(), metadata={"description": "Whoever writes one is offered the number"}
    )


class LandmarkOut(Schema):
    name = fields.String()
    lat = fields.Float()
    lng = fields.Float()
    other_names = fields.List(fields.String())


class OwnLineOut(Schema):
    name = fields.String()
    number = fields.String()


class OfficeOut(Schema):
    id = fields.String(metadata={"description": "Its code"})
    name = fields.String()
    kind = fields.String(validate=validate.OneOf(["centre", "department", "utility", "committee"]))
    parent = fields.String(allow_none=True, metadata={"description": "Code of the office above"})
    area = fields.String(allow_none=True, metadata={"description": "Of a committee: its area"})
    phone = fields.String(allow_none=True)
    email = fields.String(allow_none=True)
    address = fields.String(allow_none=True)


class PrivacyOut(Schema):
    controller = fields.String(metadata={"description": "Who answers for people's data"})
    address = fields.String(allow_none=True)
    phone = fields.String(allow_none=True)
    email = fields.String(allow_none=True)
    retention = fields.String()
    recipients = fields.String(allow_none=True)


class LegalChannelOut(Schema):
    category = fields.String()
    name = fields.String()
    channel = fields.String()
    phone = fields.String(allow_none=True)
    url = fields.String(allow_none=True)


class CityOut(Schema):
    name = fields.String()
    timezone = fields.String()
    bounds = fields.List(
        fields.Float(),
        validate=validate.Length(equal=4),
        metadata={"description": "West, south, east, north in degrees"},
    )
    hotlines = fields.List(fields.Nested(HotlineOut))
    hotline = fields.Nested(
        OwnLineOut, allow_none=True, metadata={"description": "The city's own line"}
    )
    centre = fields.Nested(OfficeOut)
    privacy = fields.Nested(PrivacyOut)
    groups = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        metadata={"description": "What groups of categories are called, by code"},
    )
    legal_channels = fields.List(fields.Nested(LegalChannelOut))
    ways = fields.List(
        fields.String(validate=validate.OneOf([str(way) for way in Way])),
        metadata={"description": "By which ways this city sends news at all"},
    )
    webpush_key = fields.String(allow_none=True)
    streets = fields.Boolean(metadata={"description": "Are streets and addresses found by name?"})
    landmarks = fields.List(fields.Nested(LandmarkOut))


class OptionOut(Schema):
    code = fields.String()
    name = fields.String()
    urgent = fields.Boolean()


class QuestionOut(Schema):
    code = fields.String()
    text = fields.String()
    kind = fields.String()
    urgent = fields.Boolean()
    required = fields.Boolean()
    options = fields.List(fields.Nested(OptionOut))


class CategoryOut(Schema):
    code = fields.String()
    name = fields.String()
    help = fields.String()
    group = fields.String()
    icon = fields.String()
    keywords = fields.List(fields.String())
    questions = fields.List(fields.Nested(QuestionOut))
    deadline_days = fields.Integer(allow_none=True)
    deadline_hours = fields.Integer(allow_none=True)
    urgent = fields.Boolean()
    private = fields.Boolean(metadata={"description": "Never published; counted in figures only"})
    evidence = fields.Boolean(metadata={"description": "Its result needs a photo"})
    position = fields.Integer()
    legal_channel = fields.Dict(
        allow_none=True,
        metadata={"description": "Where such a report belongs; it is not taken here"},
    )


class CategoriesOut(Schema):
    items = fields.List(fields.Nested(CategoryOut))
    next = fields.String(allow_none=True)


class SuggestedOut(Schema):
    items = fields.List(
        fields.Nested(CategoryOut), metadata={"description": "The likeliest first, three at most"}
    )
    hotlines = fields.List(
        fields.Nested(HotlineOut), metadata={"description": "To call now: the words tell of danger"}
    )


class AreaOut(Schema):
    code = fields.String()
    name = fields.String()
    other_names = fields.List(fields.String())
    kind = fields.String()
    lat = fields.Float()
    lng = fields.Float()
    population = fields.Integer(allow_none=True)
    seat = fields.String(allow_none=True)
    approximate = fields.Boolean(metadata={"description": "Its boundary is not the official one"})


class FoundAreaOut(AreaOut):
    outside_m = fields.Integer(
        metadata={"description": "Of a point: metres outside the area, 0 within"}
    )


class AreasOut(Schema):
    items = fields.List(fields.Nested(FoundAreaOut))
    next = fields.String(allow_none=True)


class GeometryOut(Schema):
    type = fields.String(validate=validate.OneOf(["Polygon", "MultiPolygon"]))
    coordinates = fields.List(fields.Raw(), metadata={"description": "Longitude, latitude"})


class AreaFeatureOut(Schema):
    type = fields.String(validate=validate.Equal("Feature"))
    id = fields.String()
    geometry = fields.Nested(GeometryOut, allow_none=True)
    properties = fields.Nested(AreaOut)


class OutlinedOut(Schema):
    code = fields.String()
    name = fields.String()
    approximate = fields.Boolean()


class OutlineOut(Schema):
    type = fields.String(validate=validate.Equal("Feature"))
    id = fields.String()
    geometry = fields.Nested(GeometryOut)
    properties = fields.Nested(OutlinedOut)


class OutlinesOut(Schema):
    type = fields.String(validate=validate.Equal("FeatureCollection"))
    features = fields.List(fields.Nested(OutlineOut))

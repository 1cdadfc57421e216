"""Names of categories, areas and offices as answers carry them."""

from marshmallow import fields

from app.openapi import Schema


class NamedOut(Schema):
    code = fields.String()
    name = fields.String()
    icon = fields.String()


class OfficeNameOut(Schema):
    id = fields.String()
    name = fields.String()

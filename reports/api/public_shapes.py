"""Shapes of what is public of many reports: published months, open data."""

from typing import Any

from marshmallow import fields

from app.openapi import Schema

NOT_TOLD = {"description": "null: not told, since it is too few people's, or none"}


class MonthOut(Schema):
    month = fields.String(metadata={"example": "2026-10"})
    published_at = fields.AwareDateTime()
    changed_since = fields.Integer(
        metadata={"description": "About how many of its public reports took a step since; in fives"}
    )


def published_months() -> Any:
    """The months that a public answer adds up."""
    return fields.List(fields.Nested(MonthOut))


class ColumnOut(Schema):
    name = fields.String()
    about = fields.String()


class ColumnsOut(Schema):
    rows = fields.List(fields.Nested(ColumnOut))
    groups = fields.List(fields.Nested(ColumnOut))


class LicenceOut(Schema):
    name = fields.String()
    url = fields.String()


class FileOut(Schema):
    name = fields.String(metadata={"example": "2026-10.csv"})
    url = fields.String()
    media_type = fields.String()
    title = fields.String()


class OpenMonthOut(MonthOut):
    as_of = fields.AwareDateTime()
    received = fields.Integer(allow_none=True, metadata=NOT_TOLD)
    published = fields.Integer(allow_none=True, metadata=NOT_TOLD)
    not_public = fields.Integer(allow_none=True, metadata=NOT_TOLD)
    rows = fields.Integer(metadata={"description": "Reports in the files of single ones, today"})
    note = fields.String()
    files = fields.List(fields.Nested(FileOut))


class CatalogueOut(Schema):
    licence = fields.Nested(LicenceOut)
    publisher = fields.String()
    columns = fields.Nested(ColumnsOut)
    georeport_bulk = fields.String()
    items = fields.List(fields.Nested(OpenMonthOut))

"""Words that somebody adds to a report, as they are written down: an API body, or a form."""

from marshmallow import fields

from app.openapi import Schema, Text


class SaidIn(Schema):
    id = fields.UUID(required=True, metadata={"description": "Made by the caller"})
    text = Text(most=2000, required=True)

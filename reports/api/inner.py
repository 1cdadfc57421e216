"""The officials' side of a report: clocks, counts, and why it is where it is."""

from marshmallow import fields

from app.openapi import Schema
from reports.api.named import NamedOut, OfficeNameOut


class AssignmentOut(Schema):
    office = fields.Nested(OfficeNameOut)
    part = fields.String(metadata={"description": "proposed, lead or join"})
    rule = fields.String(allow_none=True, metadata={"description": "The routing rule's code"})
    area = fields.Nested(NamedOut, allow_none=True)
    reason = fields.String(metadata={"description": "Why this office, in words"})
    since = fields.AwareDateTime()


class PersonOut(Schema):
    """An official, by name."""

    id = fields.UUID()
    name = fields.String()


class InnerOut(Schema):
    """What a report answers besides to whoever works on it or steers it."""

    centre_due_at = fields.AwareDateTime(allow_none=True)
    waiting_since = fields.AwareDateTime(allow_none=True)
    extension_until = fields.AwareDateTime(allow_none=True)
    asked = fields.Integer()
    returned = fields.Integer()
    held_back = fields.Boolean()
    hidden = fields.Boolean()
    outside_m = fields.Integer(metadata={"description": "Metres outside the area it was given to"})
    assignee = fields.Nested(PersonOut, allow_none=True, metadata={"description": "Who does it"})
    reporter = fields.String(metadata={"description": "A pseudonym, the same for each person"})
    assignments = fields.List(fields.Nested(AssignmentOut))
    recurs_from = fields.UUID(allow_none=True)
    public_description = fields.String(metadata={"description": "As the public reads it"})

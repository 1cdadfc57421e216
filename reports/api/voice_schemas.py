"""Shapes of what is answered when somebody supports, rates, comments, notes or complains."""

from marshmallow import fields, validate

from app.openapi import Schema


class SupportersOut(Schema):
    supporters = fields.Integer()


class RatingOut(Schema):
    stars = fields.Integer(validate=validate.Range(1, 5))
    comment = fields.String()


class SaidOut(Schema):
    id = fields.UUID()
    at = fields.AwareDateTime()


class CommentOut(SaidOut):
    published = fields.Boolean(metadata={"description": "False: it waits for a person"})


class ModeratedOut(Schema):
    id = fields.UUID()
    state = fields.String(validate=validate.OneOf(["shown", "hidden"]))


class ComplaintOut(Schema):
    id = fields.UUID()
    report = fields.UUID()
    text = fields.String()
    at = fields.AwareDateTime()
    decision = fields.String(allow_none=True, metadata={"description": "Null: nobody decided yet"})
    answer = fields.String(allow_none=True)
    decided_at = fields.AwareDateTime(allow_none=True)

"""A step as it is written down by whoever asks for it, field by field: the API's body, and what a
page's form becomes.
"""

from typing import Any

from marshmallow import fields, post_load, validate

from app.openapi import Moment, Schema, Text, latitude, longitude
from app.schemas import YesNo
from reports.orders import StepOrder
from reports.statuses import STEPS, Outcome, Rejection

MOST_PHOTOS = 12
MOST_WORDS = 5000
CODE = validate.Length(max=60)


def photo_ids() -> fields.List[Any]:
    return fields.List(
        fields.UUID(),
        load_default=list,
        validate=validate.Length(max=MOST_PHOTOS),
        metadata={"description": "Ids of photos already put, in the order to show"},
    )


class StepIn(Schema):
    id = fields.UUID(required=True, metadata={"description": "Made by the caller"})
    step = fields.String(required=True, validate=validate.OneOf(list(STEPS)))
    note = Text(most=MOST_WORDS, load_default="")
    office = fields.String(load_default=None, validate=CODE)
    person = fields.UUID(
        load_default=None, metadata={"description": "Who in the office does it; none: nobody yet"}
    )
    reason = fields.String(load_default=None, validate=validate.OneOf(list(Rejection)))
    outcome = fields.String(load_default=None, validate=validate.OneOf(list(Outcome)))
    photos = photo_ids()
    planned_for = Moment(load_default=None)
    until = Moment(load_default=None)
    category = fields.String(load_default=None, validate=CODE)
    area = fields.String(load_default=None, validate=CODE)
    lat = latitude(load_default=None)
    lng = longitude(load_default=None)
    urgent = YesNo(load_default=None)
    hold_back = YesNo(load_default=None)
    show_numbers = YesNo(load_default=None)
    target = fields.UUID(load_default=None, metadata={"description": "The report to merge into"})

    @post_load
    def _made(self, loaded: dict[str, Any], **_: Any) -> StepOrder:
        return StepOrder(**{**loaded, "photos": once(loaded["photos"])})


def once(ids: list[Any]) -> tuple[Any, ...]:
    """Each id once, in the order given."""
    return tuple(dict.fromkeys(ids))

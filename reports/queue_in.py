"""What the officials' queue may be asked for, field by field: by the API's query and the page's."""

from marshmallow import fields, validate

from app.openapi import Text
from app.pagination import PageIn
from reports.step_in import CODE


class QueueIn(PageIn):
    status = fields.String(load_default="open", validate=validate.Length(max=120))
    office = fields.String(load_default=None, validate=CODE)
    category = fields.String(load_default=None, validate=CODE)
    area = fields.String(load_default=None, validate=CODE)
    due = fields.String(
        load_default=None,
        validate=validate.OneOf(["overdue", "today", "week"]),
        metadata={"description": "Only what must be done by then"},
    )
    urgent = fields.Boolean(load_default=None)
    person = fields.String(
        load_default=None,
        validate=validate.Length(max=40),
        metadata={"description": "me or whom I stand in for, nobody, or the account of who has it"},
    )
    source = fields.String(load_default=None, validate=validate.Length(max=12))
    photo = fields.Boolean(load_default=None)
    checked = fields.Boolean(
        load_default=None,
        metadata={"description": "false: resolved, and nobody at the centre has read how"},
    )
    since = fields.Date(load_default=None)
    until = fields.Date(load_default=None)
    near = fields.String(
        load_default=None, validate=validate.Length(max=60), metadata={"description": "lat,lng"}
    )
    radius = fields.Integer(
        load_default=500,
        validate=validate.Range(1, 20_000),
        metadata={"description": "Metres, with `near`"},
    )
    cell = fields.String(
        load_default=None,
        validate=validate.Length(max=20),
        metadata={"description": "A hexagon of the map of heat: H3, resolution 6 to 10"},
    )
    q = Text(load_default=None, most=100, lines=False)
    sort = fields.String(load_default="due", validate=validate.OneOf(["due", "newest"]))

"""What is taken and answered, field by field: the API's description is made from these."""

from typing import Any

from marshmallow import fields, post_load, validate

from app.openapi import Moment, Schema, Text, latitude, longitude
from app.pagination import PageIn
from app.schemas import Whole
from reports.api.inner import InnerOut
from reports.api.named import NamedOut, OfficeNameOut
from reports.pins import MOST_POINTS
from reports.statuses import Identity, Outcome, Status
from reports.step_in import CODE, MOST_WORDS, once, photo_ids
from reports.submissions import Submission


class SubmissionIn(Schema):
    id = fields.UUID(required=True, metadata={"description": "Made on the phone"})
    category = fields.String(required=True, validate=CODE)
    description = Text(most=MOST_WORDS, load_default="")
    lat = latitude(required=True)
    lng = longitude(required=True)
    place_note = Text(most=200, lines=False, load_default="")
    photos = photo_ids()
    answers = fields.Dict(
        keys=fields.String(validate=CODE), load_default=dict, validate=validate.Length(max=30)
    )
    identity = fields.Enum(Identity, by_value=True, load_default=Identity.CONFIDENTIAL)
    captured_at = Moment(load_default=None, allow_none=True)
    consent = Text(
        most=20,
        lines=False,
        load_default=None,
        allow_none=True,
        metadata={
            "description": "Version of the words that the person agreed to",
            "example": "2026-11",
        },
    )

    @post_load
    def _made(self, loaded: dict[str, Any], **_: Any) -> Submission:
        return Submission(**{**loaded, "photos": once(loaded["photos"])})


class WordsIn(Schema):
    text = Text(most=MOST_WORDS, required=True)


class RatingIn(Schema):
    stars = Whole(required=True, validate=validate.Range(1, 5))
    comment = Text(most=1000, load_default="")


class RevealIn(Schema):
    reason = Text(most=500, least=5, required=True)


class ListIn(PageIn):
    """Narrowing a list of public reports."""

    bbox = fields.String(
        load_default=None,
        validate=validate.Length(max=100),
        metadata={"description": "west,south,east,north in degrees"},
    )
    near = fields.String(
        load_default=None, validate=validate.Length(max=60), metadata={"description": "lat,lng"}
    )
    radius = fields.Integer(
        load_default=1000,
        validate=validate.Range(1, 20_000),
        metadata={"description": "Metres, with `near`"},
    )
    category = fields.String(load_default=None, validate=CODE)
    status = fields.String(
        load_default=None,
        validate=validate.Length(max=120),
        metadata={"description": "One or more statuses with commas between, or `open`"},
    )
    area = fields.String(load_default=None, validate=CODE)
    q = Text(load_default=None, most=100, lines=False)
    since = fields.Date(
        load_default=None,
        data_key="from",
        metadata={"description": "First day, in the city's zone"},
    )
    until = fields.Date(
        load_default=None, data_key="to", metadata={"description": "First day no longer meant"}
    )
    format = fields.String(load_default="json", validate=validate.OneOf(["json", "geojson"]))


class PinsIn(Schema):
    """Narrowing the map."""

    bbox = fields.String(
        required=True,
        validate=validate.Length(max=100),
        metadata={"description": "west,south,east,north in degrees"},
    )
    category = fields.String(load_default=None, validate=CODE)
    status = fields.String(
        load_default=None,
        validate=validate.Length(max=120),
        metadata={"description": "One or more statuses with commas between, or `open`"},
    )
    area = fields.String(load_default=None, validate=CODE)
    since = fields.Date(load_default=None, data_key="from")
    until = fields.Date(load_default=None, data_key="to")
    limit = fields.Integer(
        load_default=MOST_POINTS,
        validate=validate.Range(1, MOST_POINTS),
        metadata={"description": "So many points at most; above, clusters"},
    )


class SimilarIn(Schema):
    lat = latitude(required=True, in_address=True)
    lng = longitude(required=True, in_address=True)
    category = fields.String(required=True, validate=CODE)


class PointIn(Schema):
    lat = latitude(load_default=None, in_address=True)
    lng = longitude(load_default=None, in_address=True)


class SpotIn(Schema):
    lat = latitude(required=True)
    lng = longitude(required=True)


class PlaceSearchIn(Schema):
    text = Text(required=True, least=1, most=200, lines=False)
    lat = latitude(load_default=None, allow_none=True)
    lng = longitude(load_default=None, allow_none=True)


# What is answered -------------------------------------------------------------------------------


class PhotoOut(Schema):
    id = fields.UUID()
    width = fields.Integer()
    height = fields.Integer()
    thumbhash = fields.String(metadata={"description": "Hexadecimal"})
    large = fields.String(metadata={"description": "Address of the picture, 1600 px at most"})
    small = fields.String(metadata={"description": "… and 400 px"})


class CardOut(Schema):
    """A report in a list."""

    id = fields.UUID()
    code = fields.String(metadata={"example": "482-173-906-K"})
    version = fields.Integer()
    status = fields.Enum(Status, by_value=True)
    outcome = fields.Enum(Outcome, by_value=True, allow_none=True)
    category = fields.Nested(NamedOut)
    area = fields.Nested(NamedOut)
    office = fields.Nested(OfficeNameOut)
    description = fields.String()
    lat = fields.Float()
    lng = fields.Float()
    urgent = fields.Boolean()
    submitted_at = fields.AwareDateTime()
    due_at = fields.AwareDateTime(allow_none=True)
    first_due_at = fields.AwareDateTime(allow_none=True)
    resolved_at = fields.AwareDateTime(allow_none=True)
    closed_at = fields.AwareDateTime(allow_none=True)
    supporters = fields.Integer()
    photo = fields.Nested(PhotoOut, allow_none=True, metadata={"description": "The first of it"})
    metres = fields.Integer(metadata={"description": "From the point asked for, with `near`"})


class StepOut(Schema):
    step = fields.String()
    name = fields.String()
    needs = fields.List(fields.String())
    takes = fields.List(fields.String())
    needs_by_outcome = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.String()),
        metadata={"description": "Of `resolve`: what an outcome needs besides"},
    )


class LeadOut(Schema):
    id = fields.UUID()
    code = fields.String()
    status = fields.Enum(Status, by_value=True)
    due_at = fields.AwareDateTime(allow_none=True)
    office = fields.Nested(OfficeNameOut)


class RatedOut(Schema):
    stars = fields.Integer()
    comment = fields.String()


class ReportOut(CardOut, InnerOut):
    """A report by itself. Officials and the reporter see more of it than the public."""

    class Meta(Schema.Meta):
        exclude = ("photo", "metres")

    photos = fields.List(fields.Nested(PhotoOut))
    status_name = fields.String(metadata={"description": "In the words of whoever reads it"})
    accepted_at = fields.AwareDateTime(allow_none=True)
    published_at = fields.AwareDateTime(allow_none=True)
    planned_for = fields.AwareDateTime(allow_none=True)
    rejection = fields.String(allow_none=True)
    reopened = fields.Integer()
    recurrence = fields.Integer(metadata={"description": "The how-manieth time at this spot"})
    lead = fields.Nested(LeadOut, allow_none=True)
    steps = fields.List(fields.Nested(StepOut), metadata={"description": "What I may do now"})
    place_note = fields.String(metadata={"description": "To the reporter and officials"})
    answers = fields.Dict(metadata={"description": "To the reporter and officials"})
    identity = fields.Enum(Identity, by_value=True)
    captured_at = fields.AwareDateTime(allow_none=True)
    consent = fields.String(
        allow_none=True,
        metadata={"description": "Version of the words that the reporter agreed to"},
    )
    published = fields.Boolean()
    mine = fields.Boolean()
    my_rating = fields.Nested(
        RatedOut, allow_none=True, metadata={"description": "My own, when signed in"}
    )
    supported = fields.Boolean(metadata={"description": "Do I follow it? When signed in"})


class CardsOut(Schema):
    items = fields.List(fields.Nested(CardOut))
    next = fields.String(allow_none=True)


class MyCardOut(CardOut):
    """A report that I sent or follow."""

    status_name = fields.String(metadata={"description": "In words to residents"})
    asks_me = fields.Boolean(
        metadata={"description": "It waits for my answer, or for me to confirm what was done"}
    )


class MyCardsOut(CardsOut):
    items = fields.List(fields.Nested(MyCardOut))


class PinsOut(Schema):
    """Either points or clusters; rows instead of objects, since there are thousands."""

    points = fields.List(
        fields.List(fields.Raw()),
        metadata={"description": "lng, lat, id, status, category, urgent (0 or 1), sent (seconds"
                                 " since 1970)"},
    )  # fmt: skip
    clusters = fields.List(
        fields.List(fields.Float()),
        metadata={"description": "lng, lat, how many, west, south, east, north"},
    )
    total = fields.Integer()
    stale = fields.Boolean(
        metadata={"description": "Clusters of some minutes ago: too busy to count them now"}
    )


class PlaceOut(Schema):
    name = fields.String()
    detail = fields.String(metadata={"description": "Where it lies, or why it was found"})
    lat = fields.Float()
    lng = fields.Float()
    kind = fields.String(validate=validate.OneOf(["area", "street", "address", "place"]))


class PlacesOut(Schema):
    items = fields.List(fields.Nested(PlaceOut))
    streets = fields.Boolean(metadata={"description": "false: streets cannot be told now"})


class PlaceNameOut(Schema):
    name = fields.String(allow_none=True)
    area = fields.Nested(NamedOut)


class QueueCardOut(CardOut):
    act_by = fields.AwareDateTime(metadata={"description": "By when whoever has it must act"})
    overdue = fields.Boolean()


class QueueOut(CardsOut):
    items = fields.List(fields.Nested(QueueCardOut))


class ChangeOut(Schema):
    id = fields.UUID()
    step = fields.String()
    name = fields.String()
    before = fields.String(allow_none=True)
    after = fields.String()
    at = fields.AwareDateTime()
    version = fields.Integer()


class StepTakenOut(Schema):
    change = fields.Nested(ChangeOut)
    report = fields.Nested(
        ReportOut,
        allow_none=True,
        metadata={"description": "null: mine to see no longer"},
    )


class EntryOut(Schema):
    """One entry of a timeline: a step, a comment, or (to officials) a note."""

    id = fields.UUID()
    kind = fields.String(validate=validate.OneOf(["step", "comment", "note"]))
    step = fields.String()
    name = fields.String()
    status = fields.String()
    at = fields.AwareDateTime()
    by = fields.String()
    office = fields.Nested(OfficeNameOut, allow_none=True)
    note = fields.String()
    public_note = fields.String(
        metadata={"description": "To officials: what others read, where words were left out"}
    )
    mine = fields.Boolean()
    published = fields.Boolean()
    hidden = fields.Boolean(metadata={"description": "Of a comment: the centre took it out"})
    photos = fields.List(fields.Nested(PhotoOut))
    facts = fields.Dict(metadata={"description": "To officials: what else the step changed"})


class TimelineOut(Schema):
    items = fields.List(fields.Nested(EntryOut))
    next = fields.String(allow_none=True)


class RevealedOut(Schema):
    name = fields.String(allow_none=True)
    phone = fields.String(allow_none=True)
    email = fields.String(allow_none=True)


class PutPhotoOut(PhotoOut):
    taken_at = fields.AwareDateTime(
        allow_none=True, metadata={"description": "From the picture, told once and not kept"}
    )
    lat = fields.Float(allow_none=True)
    lng = fields.Float(allow_none=True)

"""Shapes of webhooks, of what was sent to them, and of what is sent."""

from datetime import timedelta
from typing import Any

from marshmallow import fields, post_load, validate

from app.locale import LOCALES
from app.openapi import Moment, Schema, Text
from app.pagination import PageIn
from app.schemas import Whole, YesNo
from notifications.webhooks.addresses import LONGEST
from notifications.webhooks.endpoints import OVERLAP, Wish
from notifications.webhooks.history import MOST_COUNTED
from notifications.webhooks.models import OffBecause, TellingState
from reports.webhook_events import EVENTS

_states = validate.OneOf([str(state) for state in TellingState])
_HOUR = timedelta(hours=1)
MOST_OVERLAP = 7 * 24  # hours
MORE = f"{MOST_COUNTED + 1}: more than {MOST_COUNTED}"


def _events(**kwargs: Any) -> fields.List[str]:
    about = {"description": "Kinds of events; none: all, those of later versions too"}
    return fields.List(
        fields.String(validate=validate.Length(1, 40)),
        validate=validate.Length(max=len(EVENTS)),
        metadata=about,
        **kwargs,
    )


class WishIn(Schema):
    url = fields.String(
        required=True,
        validate=validate.Length(1, LONGEST),
        metadata={
            "description": "https, by the host's name, outside the server's own network",
            "example": "https://hooks.example/xom",
        },
    )
    events = _events(load_default=list)
    description = Text(most=120, lines=False, load_default="")
    locale = fields.String(
        validate=validate.OneOf(LOCALES),
        load_default="vi",
        metadata={"description": "Of names in what is sent"},
    )

    @post_load
    def _made(self, loaded: dict[str, Any], **_: Any) -> dict[str, Any]:
        names = ("url", "description", "locale")
        wish = Wish(
            **{name: loaded.pop(name) for name in names},
            events=tuple(sorted(set(loaded.pop("events")))),
        )
        return loaded | {"wish": wish}


_AS_WHOM = (
    "As whom it reads, an office's code. Left out: as the public; a client that works for one "
    "office reads as that office"
)


class WebhookIn(WishIn):
    id = fields.UUID(required=True, metadata={"description": "Made by the caller"})
    office = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(1, 40),
        metadata={"description": _AS_WHOM, "example": "so-y-te"},
    )


class ChangeIn(WishIn):
    on = YesNo(load_default=None, metadata={"description": "false: it is told nothing"})


class OfficeNameOut(Schema):
    id = fields.String()
    name = fields.String()


class WebhookOut(Schema):
    id = fields.UUID()
    url = fields.String()
    office = fields.Nested(
        OfficeNameOut, allow_none=True, metadata={"description": "null: it reads as the public"}
    )
    events = _events()
    description = fields.String()
    locale = fields.String()
    made_at = fields.AwareDateTime()
    on = fields.Boolean()
    off_at = fields.AwareDateTime(allow_none=True)
    off_because = fields.String(
        allow_none=True, validate=validate.OneOf([str(one) for one in OffBecause])
    )
    failing_since = fields.AwareDateTime(
        allow_none=True, metadata={"description": "The first failure since the last success"}
    )
    last_ok_at = fields.AwareDateTime(allow_none=True)
    old_secret_until = fields.AwareDateTime(
        allow_none=True, metadata={"description": "Until then the secret before signs too"}
    )
    waiting = fields.Integer(metadata={"description": f"Events that wait to be sent; {MORE}"})
    given_up = fields.Integer(metadata={"description": f"Events given up; {MORE}"})


class WebhooksOut(Schema):
    items = fields.List(fields.Nested(WebhookOut))
    next = fields.String(allow_none=True)


class WebhookMadeOut(WebhookOut):
    secret = fields.String(
        allow_none=True,
        metadata={
            "description": "Told this once; null where the same was asked before",
            "example": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        },
    )


class SecretIn(Schema):
    overlap_hours = Whole(
        load_default=int(OVERLAP / _HOUR),
        validate=validate.Range(0, MOST_OVERLAP),
        metadata={"description": "How long the secret before signs too; 0 after a leak"},
    )


class SecretOut(Schema):
    secret = fields.String(metadata={"description": "Told this once"})
    old_secret_until = fields.AwareDateTime(allow_none=True)


class EventKindOut(Schema):
    event = fields.String(metadata={"example": "report.resolved"})
    name = fields.String()
    told_to = fields.List(
        fields.String(validate=validate.OneOf(("public", "office"))),
        metadata={"description": "Whose webhooks hear of it", "example": ["public", "office"]},
    )


class EventKindsOut(Schema):
    items = fields.List(fields.Nested(EventKindOut))


class DeliveriesIn(PageIn):
    state = fields.String(validate=_states)


class TellingOut(Schema):
    id = fields.Integer()
    event_id = fields.String(metadata={"description": "As in the header webhook-id"})
    sequence = fields.Integer()
    type = fields.String()
    report = fields.UUID(allow_none=True)
    at = fields.AwareDateTime()
    state = fields.String(validate=_states)
    tries = fields.Integer()
    due_at = fields.AwareDateTime(
        allow_none=True, metadata={"description": "When it is tried next"}
    )
    tried_at = fields.AwareDateTime(allow_none=True)
    took_ms = fields.Integer(allow_none=True)
    status = fields.Integer(
        allow_none=True, metadata={"description": "Of the last answer; null: there was none"}
    )
    error = fields.String(allow_none=True)


class TellingsOut(Schema):
    items = fields.List(fields.Nested(TellingOut))
    next = fields.String(allow_none=True)


_WHAT_ELSE = "Also what arrived; else what was given up, waits for its next try, or was never tried"


class ReplayIn(Schema):
    since = Moment(required=True)
    until = Moment(load_default=None, metadata={"description": "Left out: now"})
    all = YesNo(
        load_default=False,
        metadata={"description": _WHAT_ELSE},
    )


class QueuedOut(Schema):
    queued = fields.Integer(metadata={"description": "The oldest, 5,000 at most"})
    next_since = fields.AwareDateTime(
        allow_none=True,
        metadata={"description": "There are more: ask again since then; null: these were all"},
    )


class DeliveryQueuedOut(Schema):
    delivery = fields.Integer(metadata={"description": "To be found among the deliveries"})

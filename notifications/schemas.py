"""Shapes of devices, messages and choices."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from app.locale import LOCALES
from app.openapi import Schema
from app.sentences import both
from notifications.kinds import Group
from notifications.models import Choice, DeviceKind, Way

_locale = validate.OneOf(LOCALES)


class Address(fields.Field[Any]):
    """A token or fid as text; a Web Push subscription as `toJSON()` gives it, or as its text."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, str | dict):
            raise ValidationError(
                both(
                    "Cần mã của thiết bị, hoặc đăng ký thông báo của trình duyệt.",
                    "Send the device's token, or the browser's push subscription.",
                )
            )
        return value


#: What a browser's PushSubscription.toJSON() gives.
SUBSCRIPTION = {
    "type": "object",
    "required": ["endpoint", "keys"],
    "properties": {
        "endpoint": {"type": "string", "format": "uri"},
        "keys": {
            "type": "object",
            "required": ["p256dh", "auth"],
            "properties": {"p256dh": {"type": "string"}, "auth": {"type": "string"}},
        },
    },
}


class DeviceIn(Schema):
    kind = fields.Enum(DeviceKind, by_value=True, required=True)
    address = Address(
        required=True,
        metadata={
            "description": "FCM token or fid as text, or the browser's PushSubscription as JSON",
            "oneOf": [{"type": "string", "maxLength": 4096}, SUBSCRIPTION],
        },
    )
    locale = fields.String(validate=_locale, load_default="vi")


class DeviceOut(Schema):
    installation_id = fields.UUID()
    kind = fields.String(validate=validate.OneOf([str(kind) for kind in DeviceKind]))
    locale = fields.String()


class MessageOut(Schema):
    id = fields.UUID()
    kind = fields.String()
    subject = fields.String(metadata={"description": "What it is about", "example": "report:…"})
    title = fields.String()
    body = fields.String()
    path = fields.String(metadata={"description": "Where a tap leads, within the site"})
    urgent = fields.Boolean()
    at = fields.AwareDateTime()
    read_at = fields.AwareDateTime(allow_none=True)


class MessagesOut(Schema):
    items = fields.List(fields.Nested(MessageOut))
    next = fields.String(allow_none=True)
    unread = fields.Integer(metadata={"description": "Counted up to 100"})


class ReadIn(Schema):
    ids = fields.List(fields.UUID(), validate=validate.Length(1, 100))
    up_to = fields.UUID(metadata={"description": "This message and all older ones"})

    @validates_schema
    def _something(self, data: dict[str, Any], **_: Any) -> None:
        if not data:
            raise ValidationError(
                both("Cần ids hoặc up_to.", "Send `ids` or `up_to`."), field_name="ids"
            )


class UnreadOut(Schema):
    unread = fields.Integer()


def _hour(example: str) -> fields.Time:
    about = {"example": example, "pattern": r"^([01][0-9]|2[0-3]):[0-5][0-9]$"}
    return fields.Time(required=True, format="%H:%M", metadata=about)


class HoursInOut(Schema):
    since = _hour("22:00")
    until = _hour("06:30")


class WaysInOut(Schema):
    """`otherwise`: only when none of my devices takes a push."""

    push = fields.String(validate=validate.OneOf([str(Choice.ALWAYS), str(Choice.NEVER)]))
    email = fields.Enum(Choice, by_value=True)
    sms = fields.Enum(Choice, by_value=True)


def _groups() -> dict[str, fields.Field[Any]]:
    return {str(group): fields.Nested(WaysInOut) for group in Group}


GroupsInOut = Schema.from_dict(_groups(), name="Groups")


class PreferencesIn(Schema):
    choices = fields.Nested(GroupsInOut, load_default=dict)
    quiet_hours = fields.Nested(
        HoursInOut,
        allow_none=True,
        metadata={"description": "null: none at all. Left out: as it was"},
    )


class GroupOut(Schema):
    group = fields.String()
    name = fields.String()


class PreferencesOut(Schema):
    choices = fields.Nested(GroupsInOut)
    quiet_hours = fields.Nested(HoursInOut, allow_none=True)
    groups = fields.List(fields.Nested(GroupOut), metadata={"description": "Names, to be shown"})
    ways = fields.List(
        fields.String(),
        metadata={"description": "What this city can send by", "example": [Way.PUSH]},
    )


class WebPushKeyOut(Schema):
    key = fields.String(metadata={"description": "For `applicationServerKey`"})


class DeadLetterOut(Schema):
    id = fields.Integer()
    message_id = fields.UUID()
    kind = fields.String()
    subject = fields.String()
    channel = fields.String()
    tries = fields.Integer()
    error = fields.String(allow_none=True)
    at = fields.AwareDateTime()
    done_at = fields.AwareDateTime()


class DeadLettersOut(Schema):
    items = fields.List(fields.Nested(DeadLetterOut))
    next = fields.String(allow_none=True)

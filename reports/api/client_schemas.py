"""Shapes of API clients, their keys and their use."""

from typing import Any

from marshmallow import fields, post_load, validate

from app.auth import issuing
from app.auth.client_models import MOST_A_DAY, MOST_A_MINUTE
from app.auth.issuing import KeyTerms
from app.auth.scopes import Scope
from app.openapi import Moment, Schema, Text
from app.schemas import Whole, YesNo
from reports.api.named import OfficeNameOut

_MADE_BY_CALLER = {"description": "Made by the caller"}
_OFFICE = {"description": "Code of the office that its keys work for; null: none"}


class ClientIn(Schema):
    id = fields.UUID(required=True, metadata=_MADE_BY_CALLER)
    name = Text(most=120, least=1, lines=False, required=True)
    contact_email = Text(most=254, least=3, lines=False, required=True)
    office = fields.String(
        load_default=None, allow_none=True, validate=validate.Length(1, 40), metadata=_OFFICE
    )


class ClientChangeIn(Schema):
    name = Text(most=120, least=1, lines=False)
    contact_email = Text(most=254, least=3, lines=False)
    office = fields.String(allow_none=True, validate=validate.Length(1, 40), metadata=_OFFICE)
    closed = YesNo(metadata={"description": "While it is closed none of its keys works"})


def _scopes(**kwargs: Any) -> "fields.List[Any]":
    return fields.List(
        fields.Enum(Scope, by_value=True), validate=validate.Length(1, len(Scope)), **kwargs
    )


class KeyChangeIn(Schema):
    label = Text(most=80, lines=False)
    scopes = _scopes()
    per_minute = Whole(validate=validate.Range(1, MOST_A_MINUTE))
    per_day = Whole(validate=validate.Range(1, MOST_A_DAY))
    expires_at = Moment(allow_none=True, metadata={"description": "null: until it is revoked"})


class KeyIn(Schema):
    id = fields.UUID(required=True, metadata=_MADE_BY_CALLER)
    label = Text(most=80, lines=False, load_default="")
    scopes = _scopes(required=True)
    per_minute = Whole(load_default=issuing.PER_MINUTE, validate=validate.Range(1, MOST_A_MINUTE))
    per_day = Whole(load_default=issuing.PER_DAY, validate=validate.Range(1, MOST_A_DAY))
    expires_at = Moment(
        load_default=None, allow_none=True, metadata={"description": "null: until it is revoked"}
    )

    @post_load
    def _made(self, loaded: dict[str, Any], **_: Any) -> dict[str, Any]:
        key_id, scopes = loaded.pop("id"), frozenset(loaded.pop("scopes"))
        return {"id": key_id, "terms": KeyTerms(scopes=scopes, **loaded)}


class ReplacementIn(Schema):
    id = fields.UUID(required=True, metadata={"description": "Of the new key, made by the caller"})
    overlap_days = Whole(
        load_default=issuing.OVERLAP.days,
        validate=validate.Range(0, 90),
        metadata={"description": "For so long the old key goes on beside the new one"},
    )


class KeyOut(Schema):
    id = fields.UUID()
    shown = fields.String(metadata={"description": "How the key begins"})
    label = fields.String()
    scopes = fields.List(fields.String(validate=validate.OneOf([str(one) for one in Scope])))
    per_minute = fields.Integer()
    per_day = fields.Integer()
    live = fields.Boolean(metadata={"description": "Neither revoked nor expired"})
    created_at = fields.AwareDateTime()
    expires_at = fields.AwareDateTime(allow_none=True)
    revoked_at = fields.AwareDateTime(allow_none=True)
    last_used_at = fields.AwareDateTime(allow_none=True)


class IssuedKeyOut(KeyOut):
    key = fields.String(
        allow_none=True,
        metadata={"description": "The key itself, this once; null when the request is repeated"},
    )


class ClientOut(Schema):
    id = fields.UUID()
    name = fields.String()
    contact_email = fields.String()
    office = fields.Nested(OfficeNameOut, allow_none=True)
    created_at = fields.AwareDateTime()
    closed_at = fields.AwareDateTime(allow_none=True)
    keys = fields.List(fields.Nested(KeyOut), metadata={"description": "The newest first"})


class ClientsOut(Schema):
    items = fields.List(fields.Nested(ClientOut))


class UsageIn(Schema):
    days = fields.Integer(load_default=30, validate=validate.Range(1, 366))


class DayOfUseOut(Schema):
    day = fields.Date(metadata={"description": "In the city's zone"})
    key = fields.UUID(metadata={"description": "The key's id"})
    requests = fields.Integer(metadata={"description": "Let in"})
    refused = fields.Integer(metadata={"description": "Beyond a limit"})


class UsageOut(Schema):
    items = fields.List(fields.Nested(DayOfUseOut), metadata={"description": "Oldest first"})

"""`/me`: what the house knows of the person asking, and their right to have it forgotten."""

from typing import Any

from flask import Response
from marshmallow import fields, validate

from app.auth import phones
from app.auth.guards import current, signed_in
from app.auth.models import Account
from app.clock import now
from app.database import db
from app.http import json_answer
from app.limits import by_account, limit
from app.locale import LOCALES
from app.openapi import Blueprint, Schema, Text
from app.schemas import YesNo
from reports import identity, own_contacts, roles
from reports.erasure import erase
from reports.own_data import export_person

blueprint = Blueprint("person", __name__, url_prefix="/api/v1/me", description="My own account")
blueprints = [blueprint]


class RoleOut(Schema):
    role = fields.String()
    office = fields.Integer(metadata={"description": "The office's id"})
    office_code = fields.String()


class MeOut(Schema):
    id = fields.UUID()
    kind = fields.String()
    locale = fields.String()
    created_at = fields.AwareDateTime()
    name = fields.String(allow_none=True)
    phone = fields.String(allow_none=True, metadata={"description": "Masked: +84 ••• ••• 456"})
    email = fields.String(allow_none=True)
    sms = fields.Boolean(metadata={"description": "News also as text messages"})
    roles = fields.List(fields.Nested(RoleOut))


class MeIn(Schema):
    name = Text(most=120, lines=False)
    locale = fields.String(validate=validate.OneOf(LOCALES))
    sms = YesNo()


@blueprint.get("")
@signed_in
@blueprint.response(200, MeOut)
def me() -> dict[str, Any]:
    """Who I am here; an official's roles too."""
    return told(db.session.get_one(Account, current().account_id))


@blueprint.patch("")
@signed_in
@blueprint.arguments(MeIn, required=False)
@blueprint.response(200, MeOut)
@blueprint.problems(403)
def change(wish: dict[str, Any]) -> dict[str, Any]:
    """Set my name, language, or whether news may come as text messages. An empty name is none."""
    account = db.session.get_one(Account, current().account_id)
    if "locale" in wish:
        account.locale = wish["locale"]
    if "name" in wish:
        identity.rename(account, wish["name"])
    if "sms" in wish:
        own_contacts.want_texts(account, wanted=wish["sms"], at=now())
    db.session.commit()
    return told(account)


@blueprint.get("/export")
@signed_in
@limit("10 per hour", by=by_account)
@blueprint.response(200, {"type": "object"}, description="Everything that is kept of me")
def export() -> Response:
    """Download my data: account, reports, comments, ratings, messages, devices."""
    data = export_person(current().account_id, at=now())
    db.session.commit()
    return json_answer(data, headers={"Content-Disposition": 'attachment; filename="xom.json"'})


@blueprint.delete("")
@signed_in
@blueprint.problems(403)
@blueprint.response(204)
def forget_me() -> None:
    """Erase me: my name, words, photos and devices. What was repaired stays repaired."""
    caller = current()
    erase(caller.account_id, by=caller.account_id, at=now())
    db.session.commit()


def told(account: Account) -> dict[str, Any]:
    """The caller, as MeOut shows them."""
    person = identity.own(account.id)
    held = roles.held_by(account.id, now())
    return {
        "id": account.id,
        "kind": account.kind,
        "locale": account.locale,
        "created_at": account.created_at,
        "name": account.name or person.name,
        "phone": phones.masked(person.phone) if person.phone else None,
        "email": account.email or person.email,
        "sms": identity.wants_sms(account.id),
        "roles": [
            {"role": role, "office": office.id, "office_code": office.code} for role, office in held
        ],
    }

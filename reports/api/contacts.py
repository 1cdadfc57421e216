"""`/me/phone` and `/me/email`: how I sign in, and where my news may go besides. Codes for a new
number come from `POST /auth/otp` with the purpose `number`."""

from typing import Any

from flask import current_app, request

from app.auth import otp, phones
from app.auth.guards import current, signed_in
from app.auth.models import Account
from app.auth.ports import ports
from app.auth.schemas import CodeIn, CodeSentOut
from app.clock import now
from app.config import Config
from app.database import db
from app.limits import by_account, limit, named_device
from app.openapi import Blueprint, Schema, Text
from reports import own_contacts
from reports.api.person import MeOut, told
from reports.city import snapshot

blueprint = Blueprint("contacts", __name__, url_prefix="/api/v1/me", description="Reaching me")


class EmailIn(Schema):
    email = Text(most=254, lines=False, required=True, metadata={"example": "lan@example.vn"})


class EmailCodeIn(EmailIn):
    code = Text(most=20, lines=False, required=True, metadata={"example": "123456"})


@blueprint.put("/phone")
@signed_in
@limit("60 per hour", by=by_account)  # the tries of a code are counted in PostgreSQL, see `otp`
@blueprint.arguments(CodeIn)
@blueprint.response(200, MeOut)
@blueprint.problems(403, 409)
def change_phone(given: dict[str, str]) -> dict[str, Any]:
    """Move to another number, with the code that was sent there. My other sessions end, and the
    old number is told."""
    me, city = current(), snapshot.current()
    letter = own_contacts.change_phone(
        me, _phone(given["phone"]), given["code"], city=city, device=named_device(), at=now()
    )
    db.session.commit()
    own_contacts.tell_old_number(letter)
    return told(_account())


@blueprint.post("/email")
@signed_in
@limit("20 per hour", by=by_account)
@blueprint.arguments(EmailIn)
@blueprint.response(200, CodeSentOut)
@blueprint.problems(403)
def send_email_code(asked: dict[str, str]) -> dict[str, int]:
    """Send a six-digit code to an address at which I want to hear when no push reaches me."""
    letter = own_contacts.write_email_code(
        _account(), asked["email"], request.remote_addr, at=now()
    )
    db.session.commit()
    sender = ports().mail_code
    assert sender is not None  # noqa: S101 (else the code would not have been written)
    sender.send(letter.recipient, letter.text)
    return {"expires_in": int(otp.LIFETIME.total_seconds())}


@blueprint.put("/email")
@signed_in
@limit("60 per hour", by=by_account)
@blueprint.arguments(EmailCodeIn)
@blueprint.response(200, MeOut)
@blueprint.problems(403)
def keep_email(given: dict[str, str]) -> dict[str, Any]:
    """Keep the address, with the code that was sent there; the one before is told. Guests may have
    one too."""
    account = _account()
    letter = own_contacts.keep_email(
        account, given["email"], given["code"], city=snapshot.current(), at=now()
    )
    db.session.commit()
    own_contacts.tell_old_address(letter)
    return told(account)


@blueprint.delete("/email")
@signed_in
@blueprint.response(204)
@blueprint.problems(403)
def forget_email() -> None:
    """No news by e-mail any more; again is the same."""
    own_contacts.forget_email(_account(), at=now())
    db.session.commit()


def _account() -> Account:
    return db.session.get_one(Account, current().account_id)


def _phone(text: str) -> str:
    config: Config = current_app.extensions["xom.config"]
    return phones.normalised(text, region=config.phone_region, countries=config.phone_countries)

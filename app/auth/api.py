"""Signing in and out over HTTP. What proves somebody is in `otp`, `firebase` and `accounts`."""

from importlib import import_module
from typing import Any

from flask import Response, current_app, request

from app.auth import accounts, otp, phones, signin, tokens, totp
from app.auth.errors import SecondFactorDemanded
from app.auth.guards import anyone, caller, current, signed_in
from app.auth.models import Account
from app.auth.ports import ports
from app.auth.schemas import (
    CodeIn,
    CodeSentOut,
    CodeWishIn,
    FirebaseIn,
    GuestIn,
    PasswordIn,
    SignedInOut,
)
from app.clock import now
from app.config import Config
from app.database import db
from app.limits import by_device, limit, named_device
from app.locale import current_locale
from app.openapi import Blueprint

SignedIn = dict[str, Any]

blueprint = Blueprint("auth", __name__, url_prefix="/api/v1/auth", description="Signing in and out")
blueprints = [blueprint]


@blueprint.post("/guest")
@anyone
@limit("1000 per hour")  # an address may be a mobile network's, with hundreds of phones behind it
@limit("60 per hour", by=by_device)
@blueprint.arguments(GuestIn, required=False)
@blueprint.response(200, SignedInOut)
def be_guest(wish: dict[str, Any]) -> SignedIn:
    """A token without signing in: what is sent with it can be followed, and joined later."""
    locale = wish.get("locale", current_locale())
    account = accounts.create_guest(locale, anonymous=wish["anonymous"])
    return _welcomed(account, tokens.issue(account))


@blueprint.post("/otp")
@anyone
@limit("300 per hour")  # the limits that matter are counted in PostgreSQL, see `otp`
@blueprint.arguments(CodeWishIn)
@blueprint.response(200, CodeSentOut)
def send_code(asked: dict[str, str]) -> dict[str, int]:
    """Send a six-digit code to a phone, good for one purpose. The answer is the same for every
    number."""
    phone, purpose = _phone(asked["phone"]), otp.Purpose(asked["purpose"])
    letter = otp.write_code(
        phone, request.remote_addr, purpose=purpose, locale=current_locale(), at=now()
    )
    db.session.commit()
    ports().send_code.send(letter.recipient, letter.text)
    return {"expires_in": int(otp.LIFETIME.total_seconds())}


@blueprint.post("/otp/verify")
@anyone
@limit("300 per hour")
@blueprint.arguments(CodeIn)
@blueprint.response(200, SignedInOut)
def sign_in_by_code(given: dict[str, str]) -> SignedIn:
    """Sign in with the code that was sent: five tries, one use."""
    phone = _phone(given["phone"])
    otp.use_code(phone, given["code"], at=now())
    return _signed_in(signin.account_for_phone(phone, current_locale()))


@blueprint.post("/firebase")
@anyone
@limit("300 per hour")
@blueprint.arguments(FirebaseIn)
@blueprint.response(200, SignedInOut)
@blueprint.problems(401, 403)
def sign_in_by_firebase(given: dict[str, str]) -> SignedIn:
    """Sign in with a Firebase ID token."""
    # Imported with the first such token: firebase-admin costs 15 MB and 0.2 s, which
    # the other web processes need not pay.
    firebase = import_module("app.auth.firebase")
    user = firebase.verify_id_token(given["id_token"])
    return _signed_in(signin.account_for_firebase(user, current_locale()))


@blueprint.post("/password")
@anyone
@blueprint.arguments(PasswordIn)
@blueprint.response(200, SignedInOut)
@blueprint.problems(401, 403)
def sign_in_by_password(given: dict[str, str]) -> SignedIn:
    """Sign in as an official. The token lives 12 hours. Whoever has a second factor sends its code
    along; without it the problem is `second-code-needed`."""
    account = accounts.check_password(
        given["email"],
        given["password"],
        code=given["code"],
        address=request.remote_addr,
        at=now(),
    )
    if not totp.is_on(account) and ports().demands_second_factor(account.id):
        config: Config = current_app.extensions["xom.config"]
        raise SecondFactorDemanded(address=f"{config.base_url.rstrip('/')}/console")
    return _signed_in(account)


@blueprint.delete("/token")
@signed_in
@blueprint.response(204)
def sign_out() -> Response:
    """Forget the token that this request carries; with X-Installation-ID, unlink that device too.
    A browser drops what its cache holds of this site."""
    me = current()
    tokens.forget(me.token_sha256)
    installation_id = named_device()
    if installation_id:
        for forget in ports().on_sign_out:
            forget(me.account_id, installation_id)
    db.session.commit()
    return Response(status=204, headers={"Clear-Site-Data": '"cache"'})


def _signed_in(account: Account) -> SignedIn:
    return _welcomed(account, signin.sign_in(account, caller()))


def _welcomed(account: Account, token: str) -> SignedIn:
    welcome = {
        "token": token,
        "account": {"id": account.id, "kind": account.kind, "locale": account.locale},
    }
    db.session.commit()
    return welcome


def _phone(text: str) -> str:
    config: Config = current_app.extensions["xom.config"]
    return phones.normalised(text, region=config.phone_region, countries=config.phone_countries)

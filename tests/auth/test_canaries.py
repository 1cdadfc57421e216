"""Words planted in every personal field turn up in no log, no answer to others, no audit entry."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from app.auth import accounts, tokens
from app.auth.models import Account
from app.clock import now
from app.database import db
from reports import identity
from reports.erasure import erase
from tests.auth.people import NUMBER, PASSWORD, Phone, bearer, wrong

NAME, EMAIL = "Canary Hoàng Yến", "canary@example.vn"
#: Another number than its digits in other spellings: whatever prints it prints these nine.
DIGITS = NUMBER[-9:]


def live(client: FlaskClient, phone: Phone, official: Account) -> list[str]:
    """A whole life with the house, mistakes included. What must stay unsaid."""
    auth = "/api/v1/auth"
    client.post(f"{auth}/otp", json={"phone": f"0{DIGITS}"})
    code = phone.code
    client.post(f"{auth}/otp/verify", json={"phone": NUMBER, "code": wrong(code)})
    signed_in = client.post(f"{auth}/otp/verify", json={"phone": NUMBER, "code": code}).json
    as_canary = {"Authorization": f"Bearer {signed_in['token']}"}
    client.patch("/api/v1/me", json={"name": NAME}, headers=as_canary)
    client.patch("/api/v1/me", json={"name": NAME, "phone": NUMBER}, headers=as_canary)
    client.post(f"{auth}/password", json={"email": "an@hue.example", "password": PASSWORD})
    client.post(f"{auth}/password", json={"email": EMAIL, "password": "canary-password"})
    client.post(f"{auth}/firebase", json={"id_token": "canary-token"})
    client.get("/api/v1/me/export", headers=as_canary)
    found = tokens.find(signed_in["token"])
    assert found
    identity.remember(found.account_id, email=EMAIL)
    looking = tokens.find(bearer(official)["Authorization"].removeprefix("Bearer "))
    assert looking
    identity.reveal(found.account_id, by=looking, reason="hỏi thêm")
    db.session.commit()
    erase(found.account_id, by=None, at=now())
    db.session.commit()
    return [
        NAME, EMAIL, DIGITS, code, PASSWORD, "canary-password", "canary-token", signed_in["token"],
    ]  # fmt: skip


def test_logs_tell_nothing_personal(
    client: FlaskClient, phone: Phone, official: Account, capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    unsaid = live(client, phone, official)

    logged = "".join(capsys.readouterr()) + caplog.text

    assert "audit entry" in logged  # the log was captured at all
    assert [word for word in unsaid if word in logged] == []


def test_no_table_holds_them_in_the_clear(
    app: Flask, client: FlaskClient, phone: Phone, official: Account
) -> None:
    unsaid = live(client, phone, official)
    tables = db.session.execute(
        text("select tablename from pg_tables where schemaname = 'public'")
    ).scalars()

    kept = "\n".join(
        row
        for table in tables.all()
        for row in db.session.execute(text(f'select t::text from "{table}" t')).scalars()
    )

    assert "identity.reveal" in kept
    assert [word for word in unsaid if word in kept or word.encode().hex() in kept] == []


def test_an_error_about_a_person_does_not_print_them(app: Flask) -> None:
    account = accounts.create_resident("vi")
    identity.remember(account.id, name=NAME, phone=NUMBER)
    other = accounts.create_resident("vi")

    with pytest.raises(Exception, match="uq_reporter_identity_phone_hmac") as caught:
        identity.attach_phone(other.id, NUMBER)

    said = str(caught.value) + repr(caught.value)
    assert DIGITS not in said and NAME not in said

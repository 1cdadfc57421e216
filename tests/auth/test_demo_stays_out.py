"""A real city on a database that a demo had filled: the demo's officials stay out."""

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.auth import accounts, tokens
from app.auth.models import Account
from app.config import Environment
from app.database import db
from tests.auth.people import PASSWORD, bearer

PATH = "/api/v1/auth/password"


@pytest.fixture
def demo_official(app: Flask) -> Account:
    return accounts.create_official("admin@hue.demo", "Quản trị", PASSWORD)


def becomes_real(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    real = replace(app.extensions["xom.config"], environment=Environment.PRODUCTION)
    monkeypatch.setitem(app.extensions, "xom.config", real)


def test_in_a_real_city_the_demos_password_is_a_wrong_one(
    app: Flask, client: FlaskClient, demo_official: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {"email": "Admin@hue.demo", "password": PASSWORD}
    in_the_demo = client.post(PATH, json=given)

    becomes_real(app, monkeypatch)
    in_the_city = client.post(PATH, json=given)

    assert in_the_demo.status_code == 200
    assert in_the_city.status_code == 401
    assert in_the_city.json["type"] == "/problems/wrong-password"


def test_a_token_that_was_made_in_the_demo_is_dead_in_a_real_city(
    app: Flask, client: FlaskClient, demo_official: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers = bearer(demo_official)
    in_the_demo = client.get("/api/v1/me", headers=headers)

    becomes_real(app, monkeypatch)
    in_the_city = client.get("/api/v1/me", headers=headers)

    assert (in_the_demo.status_code, in_the_city.status_code) == (200, 401)


def test_a_real_city_lets_its_own_officials_and_residents_in(
    app: Flask, client: FlaskClient, official: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    resident = tokens.issue(accounts.create_resident("vi"))
    db.session.commit()

    becomes_real(app, monkeypatch)
    signed_in = client.post(PATH, json={"email": official.email, "password": PASSWORD})

    assert signed_in.status_code == 200
    assert tokens.find(signed_in.json["token"])
    assert tokens.find(resident)

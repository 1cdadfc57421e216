"""The demo's sign-ins: one for each post, one password for all, and never in production."""

import dataclasses
import json
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.auth import accounts, passwords
from app.auth.errors import WeakPassword
from app.auth.models import Account
from app.config import Config, Environment
from app.database import db
from reports.city import demo_accounts, snapshot
from reports.city.demo_accounts import (
    NoDemoInProduction,
    demo_accounts_command,
    ensure_demo_accounts,
)
from reports.city.folder import load_city
from reports.city.models import RoleGrant
from reports.models import Report
from reports.statuses import Role

PASSWORD = "a-long-demo-password"


@pytest.fixture
def city(app: Flask) -> Iterator[snapshot.City]:
    load_city("hue")
    snapshot.forget()
    yield snapshot.current()
    snapshot.forget()


def held(email: str) -> list[tuple[str, int]]:
    query = select(RoleGrant.role, RoleGrant.office_id).join(
        Account, Account.id == RoleGrant.account_id
    )
    rows = db.session.execute(query.where(Account.email == email)).all()
    return [(role, office_id) for role, office_id in rows]


def test_three_people_sit_at_the_centre(city: snapshot.City) -> None:
    ensure_demo_accounts(PASSWORD)

    for role in ("dispatcher", "leader", "admin"):
        assert held(f"{role}@hue.demo") == [(role, city.centre.id)]


def test_each_area_has_an_officer_and_a_head_named_by_its_code(city: snapshot.City) -> None:
    ensure_demo_accounts(PASSWORD)

    assert len(city.area_by_code) == 40
    for code in city.area_by_code:
        office = city.committee_of(code)
        assert office is not None
        assert held(f"officer-{code}@hue.demo") == [("officer", office.id)]
        assert held(f"head-{code}@hue.demo") == [("head", office.id)]


def test_departments_and_utilities_have_theirs_named_by_the_office(city: snapshot.City) -> None:
    sign_ins = ensure_demo_accounts(PASSWORD)

    staffed = {sign_in.office for sign_in in sign_ins if sign_in.role is Role.OFFICER}
    assert staffed == set(city.office_by_code) - {city.centre.code}


@pytest.mark.usefixtures("city")
def test_one_password_opens_every_account() -> None:
    ensure_demo_accounts(PASSWORD)

    official = accounts.check_password("leader@hue.demo", PASSWORD, address="127.0.0.1")
    hashes = set(
        db.session.scalars(select(Account.password_hash).where(Account.email.is_not(None)))
    )

    assert official.email == "leader@hue.demo"
    assert len(hashes) == 1  # made once and shared


@pytest.mark.usefixtures("city")
def test_again_changes_nothing() -> None:
    first = ensure_demo_accounts(PASSWORD)
    before = db.session.scalar(select(func.count()).select_from(RoleGrant))
    secret = accounts.official("leader@hue.demo").password_hash

    second = ensure_demo_accounts(PASSWORD)

    assert second == first
    assert db.session.scalar(select(func.count()).select_from(RoleGrant)) == before
    assert accounts.official("leader@hue.demo").password_hash == secret


@pytest.mark.usefixtures("city")
def test_another_password_replaces_the_first() -> None:
    ensure_demo_accounts(PASSWORD)

    ensure_demo_accounts("another-long-password")

    secret = accounts.official("leader@hue.demo").password_hash
    assert passwords.matches(secret, "another-long-password")
    assert not passwords.matches(secret, PASSWORD)


@pytest.mark.usefixtures("city")
def test_a_short_password_is_refused() -> None:
    with pytest.raises(WeakPassword):
        ensure_demo_accounts("short")


@pytest.mark.usefixtures("city")
def test_they_cannot_exist_in_production(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    config: Config = app.extensions["xom.config"]
    real = dataclasses.replace(config, environment=Environment.PRODUCTION)
    monkeypatch.setitem(app.extensions, "xom.config", real)  # the settings are the port here

    with pytest.raises(NoDemoInProduction):
        ensure_demo_accounts(PASSWORD)

    assert accounts.official_by_email("leader@hue.demo") is None


@pytest.mark.usefixtures("city")
def test_the_command_keeps_addresses_and_password_for_this_user_alone(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "var" / "demo.json"
    monkeypatch.setattr(demo_accounts, "SIGN_INS", kept)  # not the checkout's own

    told = app.test_cli_runner().invoke(demo_accounts_command)
    first = json.loads(kept.read_text())
    app.test_cli_runner().invoke(demo_accounts_command)

    assert told.exit_code == 0, told.output
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert first["accounts"][1]["email"] == "leader@hue.demo"
    assert first["accounts"][1]["role"] == "leader"
    assert json.loads(kept.read_text()) == first  # the second start keeps the password
    accounts.check_password("leader@hue.demo", first["password"], address="127.0.0.1")


@pytest.mark.usefixtures("city")
def test_invented_reports_that_were_taken_out_stay_out(app: Flask) -> None:
    flask = app.test_cli_runner()
    flask.invoke(args=["city", "demo", "--remove"])

    told = flask.invoke(args=["city", "demo", "--unless-removed"])

    assert told.exit_code == 0, told.output
    assert "were taken out before; nothing was done" in told.output
    assert db.session.scalar(select(func.count()).select_from(Report)) == 0

"""Guards and tokens: a view without a mark is refused, a dead token is dead at the next request."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select, update

from app.auth import accounts, guards, tokens
from app.auth.guards import UnmarkedView, anyone, caller, current, requires, signed_in
from app.auth.models import Account, AccountKind, Token
from app.clock import now
from app.config import Environment
from app.database import db
from app.factory import create_app
from app.openapi import Blueprint, Schema
from tests.auth.people import bearer
from tests.conftest import config_for, inside_one_transaction

MAY_QUEUE = {"queue"}


@pytest.fixture(scope="module")
def house(shared_database: str) -> Iterator[Flask]:
    """The whole house with a few more doors."""
    app = create_app(config_for(shared_database))
    add_doors(app)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def app(house: Flask) -> Iterator[Flask]:
    with inside_one_transaction(house):
        yield house


def add_doors(app: Flask) -> None:
    @app.get("/open")
    @anyone
    def open_to_all() -> dict[str, Any]:
        return {}

    @app.get("/whoever")
    @anyone
    def whoever() -> dict[str, Any]:
        found = caller()
        return {"who": found and str(found.account_id)}

    @app.get("/tests/mine")
    @signed_in
    def mine() -> dict[str, Any]:
        return {"who": str(current().account_id), "again": str(current().account_id)}

    @app.get("/queue")
    @requires("queue")
    def queue() -> dict[str, Any]:
        return {}

    @app.get("/queue-and-figures")
    @requires("queue", "figures")
    def queue_and_figures() -> dict[str, Any]:
        return {}

    @app.get("/forgotten")
    def forgotten() -> dict[str, Any]:
        return {"secret": True}

    app.extensions["xom.permits"] = lambda who, permission: (
        who.kind is AccountKind.OFFICIAL and permission in MAY_QUEUE
    )


@pytest.fixture
def statements(app: Flask) -> Iterator[list[str]]:
    """The SQL sent to the database meanwhile."""
    sent: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        if "SAVEPOINT" not in statement:  # the test's own transaction
            sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield sent
    event.remove(db.engine, "before_cursor_execute", note)


def test_every_route_of_the_house_says_who_may_enter(shared_app: Flask) -> None:
    assert len(shared_app.view_functions) > 20
    assert guards.unmarked(shared_app) == []


def test_a_route_that_does_not_say_so_is_found(app: Flask) -> None:
    assert guards.unmarked(app) == ["forgotten"]


def test_a_view_without_a_mark_is_refused(app: Flask, client: FlaskClient) -> None:
    answer = client.get("/forgotten")

    assert answer.status_code == 500
    assert b"secret" not in answer.data


def test_in_a_city_it_is_refused_as_forbidden(shared_database: str) -> None:
    demo = create_app(config_for(shared_database, environment=Environment.DEMO))
    add_doors(demo)

    answer = demo.test_client().get("/forgotten")

    assert answer.status_code == 403
    with demo.app_context():
        db.engine.dispose()


def test_an_unmarked_view_is_an_error_in_tests(app: Flask) -> None:
    with app.test_request_context("/forgotten"), pytest.raises(UnmarkedView):
        app.preprocess_request()


def test_a_mark_survives_the_decorators_below_and_above_it() -> None:
    blueprint = Blueprint("marked", __name__)

    @blueprint.arguments(Schema)
    @signed_in
    @blueprint.response(200, Schema)
    def view() -> None: ...

    @signed_in
    @blueprint.arguments(Schema)
    def other() -> None: ...

    assert view.xom_mark == other.xom_mark == guards.Mark(signed_in=True)


@pytest.mark.parametrize("path", ["/tests/mine", "/queue"])
def test_nobody_in_particular_is_sent_to_sign_in(client: FlaskClient, path: str) -> None:
    answer = client.get(path)

    assert answer.status_code == 401
    assert answer.json["type"] == "/problems/unauthenticated"


def test_a_guest_is_signed_in_but_holds_no_permission(client: FlaskClient, guest: Account) -> None:
    headers = bearer(guest)

    assert client.get("/tests/mine", headers=headers).json["who"] == str(guest.id)
    assert client.get("/queue", headers=headers).status_code == 403


def test_an_official_with_the_permission_enters(client: FlaskClient, official: Account) -> None:
    assert client.get("/queue", headers=bearer(official)).status_code == 200


def test_every_permission_is_needed(client: FlaskClient, official: Account) -> None:
    assert client.get("/queue-and-figures", headers=bearer(official)).status_code == 403


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Basic dTpw", "Bearer x", "Bearer " + "x" * 4000, "Bearer é\u00ff"],
)
def test_what_is_no_token_is_nobody(client: FlaskClient, header: str) -> None:
    headers = {"Authorization": header}

    assert client.get("/tests/mine", headers=headers).status_code == 401
    assert client.get("/whoever", headers=headers).json["who"] is None


def test_a_revoked_token_is_dead_at_the_next_request(client: FlaskClient, guest: Account) -> None:
    headers = bearer(guest)
    assert client.get("/tests/mine", headers=headers).status_code == 200

    assert client.delete("/api/v1/auth/token", headers=headers).status_code == 204

    assert client.get("/tests/mine", headers=headers).status_code == 401


def test_an_official_who_leaves_is_out_at_the_next_request(
    client: FlaskClient, official: Account
) -> None:
    phone, desk = bearer(official), bearer(official)
    assert client.get("/tests/mine", headers=desk).status_code == 200

    accounts.disable(official)

    assert client.get("/tests/mine", headers=desk).status_code == 401
    assert client.get("/tests/mine", headers=phone).status_code == 401


def test_enabling_an_account_does_not_wake_its_old_tokens(
    client: FlaskClient, official: Account
) -> None:
    headers = bearer(official)
    accounts.disable(official)
    accounts.enable(official)

    assert client.get("/tests/mine", headers=headers).status_code == 401
    assert client.get("/tests/mine", headers=bearer(official)).status_code == 200


@pytest.mark.parametrize(
    ("kind", "days"),
    [("guest", 400), ("anonymous", 3650), ("resident", 180), ("official", 0.5)],
)
def test_a_token_lives_as_long_as_its_kind(app: Flask, kind: str, days: float) -> None:
    account = Account(kind=AccountKind(kind))
    db.session.add(account)
    db.session.flush()
    at = now()
    token = tokens.issue(account, at=at)
    db.session.commit()

    last = at + timedelta(days=days)

    assert tokens.find(token, at=last - timedelta(seconds=1))
    assert tokens.find(token, at=last) is None


def test_only_the_sha256_of_a_token_is_stored(app: Flask, guest: Account) -> None:
    token = tokens.issue(guest)

    stored = db.session.scalars(select(Token)).one()

    assert len(stored.sha256) == 32
    assert len(token) == 43
    assert token.encode() not in stored.sha256


def test_no_token_shows_in_the_print_of_a_caller(app: Flask, guest: Account) -> None:
    token = tokens.issue(guest)
    db.session.commit()

    found = tokens.find(token)

    assert found and token not in repr(found) and found.token_sha256.hex() not in repr(found)
    assert "token_sha256" not in repr(found)


def test_the_caller_costs_one_statement(
    client: FlaskClient, guest: Account, statements: list[str]
) -> None:
    headers = bearer(guest)
    db.session.commit()
    statements.clear()

    client.get("/tests/mine", headers=headers)

    assert len(statements) == 1


def test_a_view_for_anyone_asks_nothing(
    client: FlaskClient, guest: Account, statements: list[str]
) -> None:
    headers = bearer(guest)
    db.session.commit()
    statements.clear()

    client.get("/open", headers=headers)

    assert statements == []


def test_a_phone_in_use_is_never_signed_out(client: FlaskClient, guest: Account) -> None:
    headers = bearer(guest)
    set_life(now() + timedelta(days=199))

    client.get("/tests/mine", headers=headers)

    assert life() > now() + timedelta(days=399)


def test_a_young_token_is_not_written_at(client: FlaskClient, guest: Account) -> None:
    headers = bearer(guest)
    expires = now() + timedelta(days=201)
    set_life(expires)

    client.get("/tests/mine", headers=headers)

    assert life() == expires


def test_an_officials_day_is_not_prolonged(client: FlaskClient, official: Account) -> None:
    headers = bearer(official)
    expires = now() + timedelta(minutes=5)
    set_life(expires)

    assert client.get("/tests/mine", headers=headers).status_code == 200

    assert life() == expires


def test_other_methods_and_paths_are_flasks_to_answer(client: FlaskClient) -> None:
    assert client.post("/tests/mine").status_code == 405
    assert client.get("/nowhere").status_code == 404
    assert client.options("/tests/mine").status_code == 200


def set_life(until: object) -> None:
    db.session.execute(update(Token).values(expires_at=until))
    db.session.commit()


def life() -> Any:
    db.session.rollback()
    return db.session.scalar(select(Token.expires_at))

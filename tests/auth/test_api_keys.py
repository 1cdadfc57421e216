"""Keys of API clients: what they open, how often, and from when on they do not."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.auth import accounts, api_clients, api_keys, issuing, tasks
from app.auth.api_keys import ApiCaller
from app.auth.client_models import ApiKey, ApiKeyUse
from app.auth.guards import anyone, caller, current, needs_scope, requires, signed_in
from app.auth.issuing import KeyTerms
from app.auth.key_errors import (
    EnoughKeys,
    KeyEndsInThePast,
    KeyGone,
    KeyLimitReached,
    KeyMissing,
    KeyRefused,
    SameIdOtherClient,
    SameIdOtherKey,
    ScopeMissing,
)
from app.auth.models import Account, AuditEntry
from app.auth.scopes import Scope
from app.database import db
from app.factory import create_app
from tests.auth.conftest import other_ports
from tests.auth.people import OwnContext, bearer
from tests.conftest import config_for, inside_one_transaction

AT = datetime(2026, 11, 30, 9, 30, 20, tzinfo=UTC)  # 16:30:20 in the city
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def house(shared_database: str) -> Iterator[Flask]:
    """The whole house with a few more doors, in a city of this zone."""
    app = create_app(config_for(shared_database))
    add_doors(app)
    with other_ports(app, timezone=lambda: "Asia/Ho_Chi_Minh"):
        yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def app(house: Flask) -> Iterator[Flask]:
    with inside_one_transaction(house):
        yield house


def add_doors(app: Flask) -> None:
    def told() -> dict[str, Any]:
        found = caller()
        by = found.entered_by if isinstance(found, ApiCaller) else None
        return {"who": found and str(found.account_id), "by": by and str(by)}

    @app.get("/tests/open")
    @anyone
    def open_to_all() -> dict[str, Any]:
        return told()

    @app.get("/tests/people")
    @signed_in
    def people() -> dict[str, Any]:
        return {"who": str(current().account_id)}

    @app.get("/tests/updates")
    @needs_scope(Scope.UPDATES_READ)
    @signed_in
    def updates() -> dict[str, Any]:
        return told()

    @app.get("/tests/office")
    @requires("queue")
    @needs_scope(Scope.OFFICES_READ)
    def office() -> dict[str, Any]:
        return told()

    @app.post("/tests/fails")
    @signed_in
    @needs_scope(Scope.UPDATES_READ)
    def fails() -> dict[str, Any]:
        db.session.add(Account(kind="guest", locale="vi"))
        db.session.flush()
        raise ScopeMissing(scope="another")

    app.extensions["xom.permits"] = lambda who, _: who.name == "Works in an office"


@dataclass
class Neighbour:
    """A client, and a browser-less program that sends its keys."""

    http: FlaskClient
    id: UUID = field(default_factory=uuid4)
    name: str = "Works in no office"

    def __post_init__(self) -> None:
        api_clients.make(self.id, self.name, "it@light.example", by=None, at=AT)

    def key(self, *scopes: Scope, **terms: Any) -> str:
        key_id = terms.pop("id", None) or uuid4()
        wanted = KeyTerms(scopes=frozenset(scopes or {Scope.UPDATES_READ}), **terms)
        text = issuing.issue(self.id, key_id, wanted, by=None, at=AT)[1]
        assert text
        return text

    def asks(self, path: str, key: str, **headers: str) -> TestResponse:
        return self.http.get(path, headers={"Authorization": f"Bearer {key}"} | headers)


@pytest.fixture
def neighbour(client: FlaskClient) -> Neighbour:
    return Neighbour(client)


def of(key: str) -> ApiKey:
    return db.session.scalars(select(ApiKey).where(ApiKey.sha256 == api_keys.digest(key))).one()


def used(key: str) -> list[tuple[str, int, int]]:
    """Day, let in, refused."""
    rows = db.session.scalars(
        select(ApiKeyUse).where(ApiKeyUse.key_id == of(key).id).order_by(ApiKeyUse.day)
    )
    return [(row.day.isoformat(), row.requests, row.refused) for row in rows]


# What a key opens ------------------------------------------------------------------------------


def test_a_key_enters_what_is_open_to_all_and_what_names_its_scope(neighbour: Neighbour) -> None:
    key = neighbour.key(Scope.UPDATES_READ)

    in_the_open = neighbour.asks("/tests/open", key)
    by_scope = neighbour.asks("/tests/updates", key)

    assert in_the_open.json == {"who": str(neighbour.id), "by": None}
    assert by_scope.json == {"who": str(neighbour.id), "by": "updates:read"}


def test_views_for_people_take_no_key_whatever_its_scopes(neighbour: Neighbour) -> None:
    key = neighbour.key(*Scope)

    answer = neighbour.asks("/tests/people", key)

    assert answer.status_code == 403
    assert answer.json["type"] == "/problems/not-for-keys"


def test_a_key_without_the_scope_is_told_which_one_is_asked_for(neighbour: Neighbour) -> None:
    key = neighbour.key(Scope.REPORTS_CREATE, Scope.UPDATES_WRITE)

    answer = neighbour.asks("/tests/updates", key, **{"Accept-Language": "en"})

    assert answer.status_code == 403
    assert "`updates:read`" in answer.json["detail"]


def test_a_scope_is_not_enough_where_a_permission_is_asked_for(client: FlaskClient) -> None:
    stranger, of_an_office = Neighbour(client), Neighbour(client, name="Works in an office")

    refused = stranger.asks("/tests/office", stranger.key(Scope.OFFICES_READ))
    entered = of_an_office.asks("/tests/office", of_an_office.key(Scope.OFFICES_READ))
    by_another = of_an_office.asks("/tests/office", of_an_office.key(Scope.UPDATES_READ))

    assert refused.status_code == 403
    assert entered.json["by"] == "offices:read"
    assert by_another.json["type"] == "/problems/scope-missing"


def test_people_enter_such_views_as_before(client: FlaskClient) -> None:
    guest = accounts.create_guest("vi")

    answer = client.get("/tests/updates", headers=bearer(guest))

    assert answer.json == {"who": str(guest.id), "by": None}


def test_a_key_in_a_cookie_is_nobody(neighbour: Neighbour) -> None:
    neighbour.http.set_cookie("xom_console", neighbour.key())
    neighbour.http.set_cookie("token", neighbour.key())

    assert neighbour.http.get("/tests/updates").status_code == 401


def test_nothing_that_opens_anything_is_stored(neighbour: Neighbour) -> None:
    key = neighbour.key()

    stored = db.session.execute(select(*ApiKey.__table__.c)).all()
    noted = db.session.execute(select(AuditEntry.reason, AuditEntry.subject)).all()

    assert len(key) == 47 and key.startswith("xom_")
    assert key[12:] not in str(stored) and key[12:] not in str(noted)
    assert of(key).shown == key[:12]


# When it does not ------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/tests/open", "/tests/updates", "/tests/people"])
@pytest.mark.parametrize("key", ["xom_", "xom_" + "A" * 43, "xom_" + "x" * 5000])
def test_an_unknown_key_is_told_so_everywhere(client: FlaskClient, path: str, key: str) -> None:
    answer = client.get(path, headers={"Authorization": f"Bearer {key}"})

    assert answer.status_code == 401
    assert answer.json["type"] == "/problems/key-not-live"


def test_a_revoked_key_is_dead_at_the_next_request_and_lives_again_when_put_back(
    neighbour: Neighbour,
) -> None:
    key = neighbour.key()
    issuing.revoke(neighbour.id, of(key).id, by=None, at=AT)
    revoked = neighbour.asks("/tests/updates", key).status_code

    issuing.put_back(neighbour.id, of(key).id, by=None, at=AT + timedelta(hours=23))

    assert (revoked, neighbour.asks("/tests/updates", key).status_code) == (401, 200)


def test_after_a_day_it_stays_revoked(neighbour: Neighbour) -> None:
    key = neighbour.key()
    issuing.revoke(neighbour.id, of(key).id, by=None, at=AT)

    with pytest.raises(KeyGone):
        issuing.put_back(neighbour.id, of(key).id, by=None, at=AT + DAY)


def test_a_key_ends_when_it_was_to_end(app: Flask, neighbour: Neighbour) -> None:
    key = neighbour.key(expires_at=AT + DAY)

    assert api_keys.find(key, at=AT + DAY - timedelta(seconds=1)) is not None
    assert api_keys.find(key, at=AT + DAY) is None


def test_none_of_a_closed_clients_keys_works_until_it_is_opened(neighbour: Neighbour) -> None:
    keys = [neighbour.key(), neighbour.key()]

    api_clients.close(neighbour.id, by=None, at=AT)
    closed = [neighbour.asks("/tests/open", key).status_code for key in keys]
    api_clients.reopen(neighbour.id, by=None, at=AT)
    opened = [neighbour.asks("/tests/open", key).status_code for key in keys]

    assert (closed, opened) == ([401, 401], [200, 200])


def test_a_replaced_key_goes_on_for_its_overlap_and_no_longer(
    app: Flask, neighbour: Neighbour
) -> None:
    old = neighbour.key(Scope.UPDATES_WRITE, per_minute=7, label="server")

    new, text = issuing.replace_key(
        neighbour.id, of(old).id, uuid4(), overlap=3 * DAY, by=None, at=AT
    )

    assert text and api_keys.find(text, at=AT + 30 * DAY)
    assert (new.scopes, new.per_minute, new.label) == (["updates:write"], 7, "server")
    assert api_keys.find(old, at=AT + 3 * DAY - timedelta(seconds=1))
    assert api_keys.find(old, at=AT + 3 * DAY) is None


def test_a_key_that_is_over_is_neither_changed_nor_replaced(neighbour: Neighbour) -> None:
    key = of(neighbour.key())
    issuing.revoke(neighbour.id, key.id, by=None, at=AT)

    with pytest.raises(KeyGone):
        issuing.replace_key(neighbour.id, key.id, uuid4(), by=None, at=AT)
    with pytest.raises(KeyGone):
        terms = KeyTerms(scopes=frozenset(Scope))
        issuing.change_key(neighbour.id, key.id, terms, by=None, at=AT)


# Asked for a second time -----------------------------------------------------------------------


def test_a_repeat_makes_no_second_key_and_shows_none(neighbour: Neighbour) -> None:
    key_id, terms = uuid4(), KeyTerms(scopes=frozenset({Scope.REPORTS_CREATE}))
    first = issuing.issue(neighbour.id, key_id, terms, by=None, at=AT)

    again = issuing.issue(neighbour.id, key_id, terms, by=None, at=AT + DAY)

    assert first[1] and again == (first[0], None)
    with pytest.raises(SameIdOtherKey):
        other = KeyTerms(scopes=frozenset({Scope.UPDATES_READ}))
        issuing.issue(neighbour.id, key_id, other, by=None, at=AT)


def test_an_account_of_somebody_else_is_no_client(neighbour: Neighbour) -> None:
    guest = accounts.create_guest("vi")

    for taken, name in ((guest.id, "A name"), (neighbour.id, "Another name")):
        with pytest.raises(SameIdOtherClient):
            api_clients.make(taken, name, "it@light.example", by=None, at=AT)


def test_there_are_bounds_to_how_many_and_to_when(neighbour: Neighbour) -> None:
    for _ in range(issuing.MOST_LIVE_KEYS):
        neighbour.key()

    with pytest.raises(EnoughKeys):
        neighbour.key()
    with pytest.raises(KeyEndsInThePast):
        neighbour.key(expires_at=AT)


# How often -------------------------------------------------------------------------------------


def test_the_answer_tells_how_many_requests_are_left(neighbour: Neighbour) -> None:
    key = neighbour.key(per_minute=3)

    answers = [neighbour.asks("/tests/updates", key) for _ in range(4)]

    assert [one.status_code for one in answers] in ([200, 200, 200, 429], [200] * 4)
    if answers[3].status_code == 200:  # a minute ended meanwhile
        pytest.skip("the test stood across the end of a minute")
    left = [one.headers["RateLimit-Remaining"] for one in answers]
    assert left == ["2", "1", "0", "0"]
    assert 1 <= int(answers[3].headers["Retry-After"]) <= 60
    assert answers[3].json["type"] == "/problems/key-limit-reached"


def test_the_minutes_limit_is_lifted_with_the_next_minute(app: Flask, neighbour: Neighbour) -> None:
    key = neighbour.key(per_minute=2)
    for _ in range(2):
        api_keys.admit(key, at=AT)

    with pytest.raises(KeyLimitReached) as reached:
        api_keys.admit(key, at=AT + timedelta(seconds=10))

    assert reached.value.facts["retry_after"] == 30
    assert api_keys.admit(key, at=AT + timedelta(seconds=40))


def test_the_days_limit_is_lifted_at_the_citys_midnight(app: Flask, neighbour: Neighbour) -> None:
    key, midnight = neighbour.key(per_day=3), datetime(2026, 11, 30, 17, tzinfo=UTC)
    for minute in range(3):
        api_keys.admit(key, at=AT + timedelta(minutes=minute))

    with pytest.raises(KeyLimitReached) as reached:
        api_keys.admit(key, at=midnight - timedelta(seconds=1))

    assert (reached.value.facts["most"], reached.value.facts["retry_after"]) == (3, 1)
    assert api_keys.admit(key, at=midnight)
    assert used(key) == [("2026-11-30", 3, 1), ("2026-12-01", 1, 0)]


def test_what_is_refused_uses_up_nothing_of_the_day(app: Flask, neighbour: Neighbour) -> None:
    key = neighbour.key(per_minute=1, per_day=2)
    api_keys.admit(key, at=AT)
    for _ in range(5):
        with pytest.raises(KeyLimitReached):
            api_keys.admit(key, at=AT)

    assert api_keys.admit(key, at=AT + timedelta(minutes=1))
    assert used(key) == [("2026-11-30", 2, 5)]


def test_one_key_uses_up_nothing_of_another(app: Flask, neighbour: Neighbour) -> None:
    first, second = neighbour.key(per_minute=1), neighbour.key(per_minute=1)
    api_keys.admit(first, at=AT)

    assert api_keys.admit(second, at=AT)


def test_a_request_counts_once_however_often_it_asks_who_it_is(neighbour: Neighbour) -> None:
    key = neighbour.key()

    with neighbour.http.application.test_request_context("/tests/open"):
        api_keys.admit(key, at=AT)
        api_keys.require(key, Scope.UPDATES_READ, at=AT)

    assert used(key) == [("2026-11-30", 1, 0)]


def test_a_request_that_fails_counts_although_all_it_did_is_undone(own_app: Flask) -> None:
    add_doors(own_app)
    with other_ports(own_app, timezone=lambda: "UTC"), own_app.app_context():
        neighbour = Neighbour(OwnContext(own_app))
        key = neighbour.key()
        db.session.commit()

        neighbour.http.post("/tests/fails", headers={"Authorization": f"Bearer {key}"})

        assert [one[1:] for one in used(key)] == [(1, 0)]
        assert db.session.scalar(select(Account.id).where(Account.kind == "guest")) is None


def test_use_is_told_by_day_and_forgotten_after_a_year(neighbour: Neighbour) -> None:
    key = neighbour.key()
    long_ago = issuing.USE_REMEMBERED + 2 * DAY
    for at in (AT - long_ago, AT - 40 * DAY, AT - DAY, AT):
        api_keys.admit(key, at=at)

    told = issuing.usage(neighbour.id, days=30, at=AT)
    last = issuing.last_used([neighbour.id])
    tasks.sweep(0)

    assert [(one.day.isoformat(), one.requests) for one in told] == [
        ("2026-11-29", 1), ("2026-11-30", 1),
    ]  # fmt: skip
    assert last == {of(key).id: AT}
    assert len(used(key)) == 3


# By whoever takes a key as a parameter ---------------------------------------------------------


def test_who_takes_a_key_as_a_parameter_hears_what_is_wrong_with_it(
    app: Flask, neighbour: Neighbour
) -> None:
    key = neighbour.key(Scope.REPORTS_CREATE)

    assert api_keys.require(key, Scope.REPORTS_CREATE).entered_by is Scope.REPORTS_CREATE
    for text, scope, problem in (
        (None, Scope.REPORTS_CREATE, KeyMissing),
        ("", Scope.REPORTS_CREATE, KeyMissing),
        ("a-token-of-a-person", Scope.REPORTS_CREATE, KeyRefused),
        (key + "x", Scope.REPORTS_CREATE, KeyRefused),
        (key, Scope.UPDATES_WRITE, ScopeMissing),
    ):
        with pytest.raises(problem):
            api_keys.require(text, scope)


def test_each_act_stands_in_the_audit_log_by_how_the_key_begins(neighbour: Neighbour) -> None:
    key = of(neighbour.key())
    terms = KeyTerms(scopes=frozenset(Scope), per_day=5)

    issuing.change_key(neighbour.id, key.id, terms, by=None, at=AT)
    issuing.revoke(neighbour.id, key.id, by=None, at=AT)

    entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(3)).all()
    told = [(one.action, one.fields, one.reason) for one in entries]
    assert told == [
        ("api_key.revoke", ["revoked_at"], key.shown),
        ("api_key.change", ["scopes", "per_day"], key.shown),
        ("api_key.issue", ["key"], key.shown),
    ]

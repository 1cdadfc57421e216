"""Webhooks over HTTP: who keeps which, secrets told once, addresses refused, deliveries shown."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from app.auth import api_clients, issuing, tokens
from app.auth.issuing import KeyTerms
from app.auth.models import Account
from app.auth.scopes import Scope
from app.clock import now
from app.database import db
from bench.loopback import WebhookReceiver
from notifications.webhooks import delivery
from reports.city.models import RoleGrant
from reports.desk import clients
from reports.models import Report
from reports.statuses import Role
from tests.reports.conftest import House

OTHER = "so-y-te"


@dataclass
class Door:
    """The API, asked by anybody."""

    app: Flask
    house: House
    tokens: dict[UUID, str] = field(default_factory=dict)

    def official(self, role: Role, office: str | None = None) -> str:
        """The token of somebody who holds a role."""
        account_id = self.house.official(role, office).account_id
        assert account_id is not None
        if account_id not in self.tokens:
            self.tokens[account_id] = tokens.issue(db.session.get_one(Account, account_id))
        return self.tokens[account_id]

    def __call__(
        self, method: str, path: str, by: str = "", body: dict[str, Any] | None = None
    ) -> tuple[int, Any]:
        db.session.commit()
        headers = {"Accept-Language": "en"}
        if by:
            headers["Authorization"] = f"Bearer {by}"
        with self.app.app_context():
            answer = FlaskClient(self.app, self.app.response_class).open(
                f"/api/v1{path}", method=method, headers=headers, json=body, buffered=True
            )
        return answer.status_code, answer.get_json(silent=True)


@pytest.fixture
def door(app: Flask, house: House) -> Iterator[Door]:
    before = app.config.get("RATELIMIT_ENABLED")
    app.config["RATELIMIT_ENABLED"] = False
    yield Door(app, house)
    app.config["RATELIMIT_ENABLED"] = before


@pytest.fixture
def receiver() -> Iterator[WebhookReceiver]:
    with WebhookReceiver() as started:
        yield started


def a_webhook(url: str = "http://127.0.0.1:9/xom", **more: Any) -> dict[str, Any]:
    return {"id": str(uuid4()), "url": url, **more}


def lead(house: House, report: Report) -> str:
    return house.city.offices_by_id[report.office_id].code


def test_an_administrator_sets_one_up_and_it_is_told(
    door: Door, house: House, receiver: WebhookReceiver
) -> None:
    admin = door.official(Role.ADMIN)
    asked = a_webhook(receiver.url, events=["report.published"], description="Bản đồ ngập")

    status, made = door("POST", "/webhooks", admin, asked)
    receiver.secret = made["secret"]
    house.takes(house.official(Role.DISPATCHER), "accept", house.submits())
    db.session.commit()
    delivery.drain()

    assert status == 201
    assert made["secret"].startswith("whsec_")
    assert (made["office"], made["on"], made["events"]) == (None, True, ["report.published"])
    assert receiver.types() == ["report.published"]
    _, sent = door("GET", f"/webhooks/{made['id']}/deliveries", admin)
    (one,) = sent["items"]
    assert (one["state"], one["status"], one["tries"]) == ("sent", 200, 1)
    assert one["event_id"] == receiver.received[0].id
    assert one["report"] == receiver.received[0].body["data"]["id"]
    assert door("GET", f"/webhooks/{made['id']}", admin)[1]["last_ok_at"]


def test_a_secret_is_told_once(door: Door) -> None:
    admin, asked = door.official(Role.ADMIN), a_webhook()

    first = door("POST", "/webhooks", admin, asked)
    again = door("POST", "/webhooks", admin, asked)
    other = door("POST", "/webhooks", admin, asked | {"events": ["report.closed"]})

    assert (first[0], again[0], other[0]) == (201, 200, 409)
    assert again[1]["secret"] is None
    assert first[1]["secret"] not in str(door("GET", "/webhooks", admin)[1])


def test_a_head_keeps_those_of_their_own_office(door: Door) -> None:
    head = door.official(Role.HEAD, OTHER)

    mine = door("POST", "/webhooks", head, a_webhook(office=OTHER))
    public = door("POST", "/webhooks", head, a_webhook())
    others = door("POST", "/webhooks", head, a_webhook(office="ubnd-19789"))
    unknown = door("POST", "/webhooks", head, a_webhook(office="so-khong-co"))

    assert (mine[0], public[0], others[0], unknown[0]) == (201, 403, 403, 422)
    assert mine[1]["office"]["id"] == OTHER
    assert public[1]["type"].endswith("/webhook-reader")


def test_an_administrator_sees_an_offices_webhook_and_may_only_stop_it(door: Door) -> None:
    head, admin = door.official(Role.HEAD, OTHER), door.official(Role.ADMIN)
    _, made = door("POST", "/webhooks", head, a_webhook(office=OTHER))
    path = f"/webhooks/{made['id']}"
    change = {"url": "http://127.0.0.1:9/elsewhere"}

    assert door("GET", path, admin)[0] == 200
    assert door("POST", "/webhooks", admin, a_webhook(office=OTHER))[0] == 403
    assert door("PUT", path, admin, change)[0] == 403
    assert door("POST", f"{path}/secret", admin, {})[0] == 403
    assert door("POST", f"{path}/test", admin)[0] == 403
    since = (now() - timedelta(days=1)).isoformat()
    assert door("POST", f"{path}/replay", admin, {"since": since})[0] == 403
    assert door("DELETE", path, admin)[0] == 204
    assert door("GET", path, head)[0] == 404


def test_another_offices_webhook_is_not_there(door: Door) -> None:
    _, made = door("POST", "/webhooks", door.official(Role.HEAD, OTHER), a_webhook(office=OTHER))
    elsewhere = door.official(Role.HEAD, "so-du-lich")
    path = f"/webhooks/{made['id']}"

    assert door("GET", path, elsewhere)[0] == 404
    assert door("DELETE", path, elsewhere)[0] == 404
    assert door("GET", f"{path}/deliveries", elsewhere)[0] == 404
    assert door("GET", "/webhooks", elsewhere)[1]["items"] == []


def test_nobody_else_keeps_any(door: Door, house: House) -> None:
    resident = tokens.issue(db.session.get_one(Account, house.person("Lan").account_id))
    officer, dispatcher = door.official(Role.OFFICER, OTHER), door.official(Role.DISPATCHER)

    for who in (resident, officer, dispatcher):
        assert door("GET", "/webhooks", who)[0] == 403
        assert door("POST", "/webhooks", who, a_webhook())[0] == 403
    assert door("GET", "/webhooks")[0] == 401


def a_key(door: Door, *scopes: Scope, office: str | None = None) -> str:
    """The key of a new client."""
    admin = door.house.official(Role.ADMIN).account_id
    assert admin is not None
    client_id, at = uuid4(), now()
    api_clients.make(client_id, "Phần mềm chiếu sáng", "it@example.vn", by=admin, at=at)
    if office:
        clients.work_for(client_id, office, city=door.house.city, by=admin, at=at)
        long_ago = datetime(2020, 1, 1, tzinfo=UTC)
        db.session.query(RoleGrant).filter_by(account_id=client_id).update({"since": long_ago})
    terms = KeyTerms(scopes=frozenset(scopes))
    _, key = issuing.issue(client_id, uuid4(), terms, by=admin, at=at)
    assert key is not None
    return key


def test_a_client_keeps_its_own_and_no_others(door: Door) -> None:
    door("POST", "/webhooks", door.official(Role.HEAD, OTHER), a_webhook(office=OTHER))
    key = a_key(door, Scope.WEBHOOKS_MANAGE, office=OTHER)

    made = door("POST", "/webhooks", key, a_webhook(office=OTHER))
    public = door("POST", "/webhooks", key, a_webhook())

    assert (made[0], public[0]) == (201, 403)
    assert [one["id"] for one in door("GET", "/webhooks", key)[1]["items"]] == [made[1]["id"]]


def test_a_client_that_works_for_nobody_is_told_what_anyone_may_read(door: Door) -> None:
    key = a_key(door, Scope.WEBHOOKS_MANAGE)

    assert door("POST", "/webhooks", key, a_webhook(office=OTHER))[0] == 403
    status, made = door("POST", "/webhooks", key, a_webhook())

    assert (status, made["office"]) == (201, None)


def test_a_key_without_the_scope_keeps_none(door: Door) -> None:
    key = a_key(door, Scope.UPDATES_READ, office=OTHER)

    status, problem = door("GET", "/webhooks", key)

    assert status == 403
    assert "webhooks:manage" in problem["detail"]


@pytest.mark.parametrize(
    "url",
    ["http://hooks.example/", "https://10.0.0.5/", "https://database/", "https://a:b@c.example/"],
)
def test_an_address_that_we_do_not_call_is_refused_with_what_to_do(door: Door, url: str) -> None:
    status, problem = door("POST", "/webhooks", door.official(Role.ADMIN), a_webhook(url))

    assert status == 422
    assert problem["errors"][0]["field"] == "url"


def test_an_event_that_there_is_not_is_refused(door: Door) -> None:
    asked = a_webhook(events=["report.exploded"])

    status, problem = door("POST", "/webhooks", door.official(Role.ADMIN), asked)

    assert status == 422
    assert "report.exploded" in problem["detail"]


def test_the_kinds_of_events_are_told_to_anyone(door: Door) -> None:
    status, told = door("GET", "/webhooks/events")

    assert status == 200
    assert {"event": "report.resolved", "name": "Resolved"} in told["items"]


def test_it_is_changed_switched_off_and_on(door: Door) -> None:
    admin = door.official(Role.ADMIN)
    _, made = door("POST", "/webhooks", admin, a_webhook())
    path = f"/webhooks/{made['id']}"
    wish = {"url": "http://127.0.0.1:10/new", "events": ["report.closed"]}

    off = door("PUT", path, admin, wish | {"on": False})[1]
    on = door("PUT", path, admin, wish | {"on": True})[1]

    assert (off["on"], off["off_because"], off["url"]) == (False, "hand", wish["url"])
    assert (on["on"], on["off_because"], on["events"]) == (True, None, ["report.closed"])


def test_what_is_off_takes_no_test(door: Door) -> None:
    admin = door.official(Role.ADMIN)
    _, made = door("POST", "/webhooks", admin, a_webhook())
    path = f"/webhooks/{made['id']}"
    door("PUT", path, admin, {"url": made["url"], "on": False})

    status, problem = door("POST", f"{path}/test", admin)

    assert status == 409
    assert problem["type"].endswith("/webhook-off")


def test_a_test_is_sent_and_its_delivery_is_found(door: Door, receiver: WebhookReceiver) -> None:
    admin = door.official(Role.ADMIN)
    _, made = door("POST", "/webhooks", admin, a_webhook(receiver.url))
    receiver.secret = made["secret"]

    status, queued = door("POST", f"/webhooks/{made['id']}/test", admin)
    delivery.drain()

    assert status == 202
    assert receiver.types() == ["webhook.test"]
    (one,) = door("GET", f"/webhooks/{made['id']}/deliveries", admin)[1]["items"]
    assert (one["id"], one["type"], one["report"]) == (queued["delivery"], "webhook.test", None)


def test_a_new_secret_signs_beside_the_old_one(door: Door, receiver: WebhookReceiver) -> None:
    admin = door.official(Role.ADMIN)
    _, made = door("POST", "/webhooks", admin, a_webhook(receiver.url))
    path = f"/webhooks/{made['id']}"

    status, renewed = door("POST", f"{path}/secret", admin, {"overlap_hours": 2})
    door("POST", f"{path}/test", admin)
    receiver.secret = made["secret"]
    delivery.drain()
    door("POST", f"{path}/test", admin)
    receiver.secret = renewed["secret"]
    delivery.drain()

    assert status == 200 and renewed["secret"] != made["secret"]
    assert receiver.types() == ["webhook.test"] * 2
    assert door("GET", path, admin)[1]["old_secret_until"] == renewed["old_secret_until"]


def test_what_it_missed_is_sent_again(door: Door, house: House, receiver: WebhookReceiver) -> None:
    admin = door.official(Role.ADMIN)
    _, made = door("POST", "/webhooks", admin, a_webhook(receiver.url))
    receiver.secret, path = made["secret"], f"/webhooks/{made['id']}"
    door("PUT", path, admin, {"url": made["url"], "on": False})
    house.takes(house.official(Role.DISPATCHER), "accept", house.submits())
    door("PUT", path, admin, {"url": made["url"], "on": True})

    since = (house.at - timedelta(hours=1)).isoformat()
    status, queued = door("POST", f"{path}/replay", admin, {"since": since})
    delivery.drain()

    assert (status, queued) == (202, {"queued": 1, "next_since": None})
    assert receiver.types() == ["report.published"]
    (one,) = door("GET", f"{path}/deliveries?state=sent", admin)[1]["items"]
    again = door("POST", f"{path}/deliveries/{one['id']}/replay", admin)
    delivery.drain()
    assert again[0] == 202
    assert len(receiver.asked) == 2


def test_a_delivery_of_another_webhook_is_not_there(door: Door) -> None:
    admin = door.official(Role.ADMIN)
    _, first = door("POST", "/webhooks", admin, a_webhook())
    _, second = door("POST", "/webhooks", admin, a_webhook())
    queued = door("POST", f"/webhooks/{first['id']}/test", admin)[1]

    path = f"/webhooks/{second['id']}/deliveries/{queued['delivery']}/replay"
    assert door("POST", path, admin)[0] == 404


def test_there_are_so_many_and_no_more(door: Door) -> None:
    admin = door.official(Role.ADMIN)

    given = [door("POST", "/webhooks", admin, a_webhook())[0] for _ in range(21)]

    assert given == [201] * 20 + [409]


def test_lists_come_in_pages_whatever_is_added_meanwhile(door: Door) -> None:
    admin = door.official(Role.ADMIN)
    made = {door("POST", "/webhooks", admin, a_webhook())[1]["id"] for _ in range(3)}

    first = door("GET", "/webhooks?limit=2", admin)[1]
    door("POST", "/webhooks", admin, a_webhook())
    second = door("GET", f"/webhooks?limit=2&after={first['next']}", admin)[1]

    found = [one["id"] for one in (*first["items"], *second["items"])]
    assert set(found) == made and len(found) == 3
    assert second["next"] is None


def test_each_act_is_in_the_audit_log_without_the_secret(door: Door) -> None:
    admin = door.official(Role.ADMIN)
    _, made = door("POST", "/webhooks", admin, a_webhook())
    path = f"/webhooks/{made['id']}"
    door("PUT", path, admin, {"url": "http://127.0.0.1:10/new"})
    door("POST", f"{path}/test", admin)
    door("POST", f"{path}/secret", admin, {})
    door("DELETE", path, admin)

    rows = db.session.execute(
        text("select action, fields::text from audit_entry where subject = :it order by id"),
        {"it": f"webhook:{made['id']}"},
    ).all()

    assert [row.action for row in rows] == [
        "webhook.add", "webhook.change", "webhook.test", "webhook.secret", "webhook.remove",
    ]  # fmt: skip
    assert "whsec_" not in str(rows)

"""Webhooks over HTTP: secrets told once, addresses and events refused, deliveries shown."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from app.database import db
from bench.loopback import WebhookReceiver
from notifications.webhooks import delivery
from reports.statuses import Role
from tests.reports.conftest import House
from tests.webhooks.door import OTHER, Door, a_webhook, door, receiver

__all__ = ["door", "receiver"]


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


@pytest.mark.parametrize(
    ("role", "office", "event"),
    [
        (Role.HEAD, OTHER, "report.published"),
        (Role.ADMIN, None, "report.asked"),
        (Role.ADMIN, None, "report.withdrawn"),
    ],
)
def test_an_event_of_which_it_would_never_hear_is_refused(
    door: Door, role: Role, office: str | None, event: str
) -> None:
    who, wish = door.official(role, office), a_webhook(events=["report.resolved"], office=office)
    _, made = door("POST", "/webhooks", who, wish)
    both = {"url": wish["url"], "events": ["report.resolved", event]}

    refused = door("POST", "/webhooks", who, a_webhook(office=office) | both)
    unchanged = door("PUT", f"/webhooks/{made['id']}", who, both)

    assert (refused[0], unchanged[0]) == (422, 422)
    assert event in refused[1]["detail"]
    assert door("GET", f"/webhooks/{made['id']}", who)[1]["events"] == ["report.resolved"]


def test_an_event_that_it_has_may_stay_though_it_hears_of_it_no_longer(door: Door) -> None:
    admin, wish = door.official(Role.ADMIN), a_webhook(events=["report.resolved"])
    _, made = door("POST", "/webhooks", admin, wish)
    both = [
        "report.asked",
        "report.resolved",
    ]  # as before the events of each reader were told apart
    db.session.execute(text("update webhook_endpoint set events = :both"), {"both": both})

    change = {"url": wish["url"], "events": both, "on": False}
    status, changed = door("PUT", f"/webhooks/{made['id']}", admin, change)
    again = door("POST", "/webhooks", admin, wish | {"events": both})

    assert (status, changed["on"], changed["events"]) == (200, False, both)
    assert again[0] == 200


def test_the_kinds_of_events_are_told_to_anyone(door: Door) -> None:
    status, told = door("GET", "/webhooks/events")
    kinds = {kind["event"]: kind for kind in told["items"]}

    assert status == 200
    assert kinds["report.resolved"]["name"] == "Resolved"
    assert kinds["report.resolved"]["told_to"] == ["public", "office"]
    assert kinds["report.hidden"]["told_to"] == ["public"]
    assert kinds["report.assigned"]["told_to"] == ["office"]


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

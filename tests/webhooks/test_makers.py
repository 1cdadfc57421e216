"""Webhooks and those who made them: clients whose keys end, heads who leave, offices that are told
where their work is sent.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask

from app.auth import accounts, api_clients, issuing
from app.auth.client_models import ApiKey
from app.auth.models import Account
from app.auth.scopes import Scope
from app.clock import now
from app.database import db
from bench.loopback import WebhookReceiver
from notifications.webhooks import addresses, delivery, endpoints
from notifications.webhooks.endpoints import Wish
from notifications.webhooks.errors import EnoughEndpoints
from reports import roles, webhook_care
from reports.city import snapshot
from reports.city.models import Office
from reports.desk import clients
from reports.statuses import Role
from reports.webhook_events import reader_of
from tests.reports.conftest import House
from tests.webhooks.conftest import Neighbours
from tests.webhooks.door import OTHER, Door, a_key, a_webhook, door, receiver

__all__ = ["door", "receiver"]

Ending = Callable[[ApiKey], Any]


def the_key() -> ApiKey:
    return db.session.query(ApiKey).one()


def revoke(key: ApiKey) -> None:
    issuing.revoke(key.account_id, key.id, by=None, at=now())


def take_the_scope(key: ApiKey) -> None:
    terms = replace(issuing.terms_of(key), scopes=frozenset({Scope.UPDATES_READ}))
    issuing.change_key(key.account_id, key.id, terms, by=None, at=now())


def let_expire(key: ApiKey) -> None:
    key.expires_at = now() - timedelta(seconds=1)


def close(key: ApiKey) -> None:
    api_clients.close(key.account_id, by=None, at=now())


def work_for_nobody(key: ApiKey) -> None:
    clients.work_for(key.account_id, None, city=snapshot.current(), by=None, at=now())


def given_to(office: str, door: Door, house: House) -> None:
    """A new report is forwarded to this office."""
    house.takes(house.official(Role.DISPATCHER), "accept", house.submits(), office=office)
    db.session.commit()


@pytest.mark.parametrize("end", [revoke, take_the_scope, let_expire, close, work_for_nobody])
def test_a_webhook_ends_with_the_right_of_the_client_that_made_it(
    door: Door, house: House, receiver: WebhookReceiver, end: Ending
) -> None:
    head = house.official(Role.HEAD, OTHER)
    key = a_key(door, Scope.WEBHOOKS_MANAGE, office=OTHER)
    _, made = door("POST", "/webhooks", key, a_webhook(receiver.url, office=OTHER))
    receiver.secret = made["secret"]
    given_to(OTHER, door, house)
    delivery.drain()

    end(the_key())
    given_to(OTHER, door, house)
    delivery.drain()
    stopped = webhook_care.look_after(now())
    db.session.commit()

    assert receiver.types() == ["report.assigned"], "nothing after its end"
    assert stopped == 1
    assert endpoints.named(UUID(made["id"])).off_because == "revoked"
    assert "webhook_off" in house.messages(head)
    assert webhook_care.look_after(now()) == 0


def test_a_key_in_place_of_another_keeps_them(
    door: Door, house: House, receiver: WebhookReceiver
) -> None:
    key = a_key(door, Scope.WEBHOOKS_MANAGE, office=OTHER)
    _, made = door("POST", "/webhooks", key, a_webhook(receiver.url, office=OTHER))
    receiver.secret = made["secret"]
    old = the_key()

    issuing.replace_key(old.account_id, old.id, uuid4(), overlap=timedelta(0), by=None, at=now())
    revoke(old)
    given_to(OTHER, door, house)
    delivery.drain()

    assert webhook_care.look_after(now()) == 0
    assert receiver.types() == ["report.assigned"]


@pytest.mark.parametrize("leaves", ["role", "account"])
def test_what_a_head_leaves_behind_is_looked_at_by_whoever_stays(
    door: Door, house: House, leaves: str
) -> None:
    admin = house.official(Role.ADMIN)
    _, made = door("POST", "/webhooks", door.official(Role.HEAD, OTHER), a_webhook(office=OTHER))
    leaver = house.official(Role.HEAD, OTHER).account_id
    assert leaver is not None
    webhook_care.look_after(now())
    assert "webhook_left" not in house.messages(admin)

    if leaves == "role":
        office = db.session.query(Office).filter_by(code=OTHER).one()
        roles.revoke(leaver, Role.HEAD, office, by=None, at=now())
    else:
        accounts.disable(db.session.get_one(Account, leaver))
    db.session.commit()
    for _ in range(2):
        webhook_care.look_after(now())
        db.session.commit()

    assert house.messages(admin).count("webhook_left") == 1
    left = webhook_care.left_behind(house.office_id(OTHER), None, now())
    assert [str(one.id) for one in left] == [made["id"]]
    assert left[0].off_at is None, "it is the office's, and goes on"


def test_an_offices_heads_are_told_where_their_work_is_sent(door: Door, house: House) -> None:
    head = house.official(Role.HEAD, OTHER)
    key = a_key(door, Scope.WEBHOOKS_MANAGE, office=OTHER)

    _, made = door("POST", "/webhooks", key, a_webhook(office=OTHER))
    at_first = house.messages(head).count("webhook_made")
    path, wish = f"/webhooks/{made['id']}", {"url": made["url"]}
    door("PUT", path, key, wish | {"description": "lamps"})
    unmoved = house.messages(head).count("webhook_made")
    door("PUT", path, key, {"url": "http://127.0.0.1:10/elsewhere"})

    assert (at_first, unmoved) == (1, 1)
    assert house.messages(head).count("webhook_made") == 2


def test_whoever_sets_one_up_is_not_told_of_it_nor_anybody_of_the_citys(
    door: Door, house: House
) -> None:
    head, admin = house.official(Role.HEAD, OTHER), house.official(Role.ADMIN)

    door("POST", "/webhooks", door.official(Role.HEAD, OTHER), a_webhook(office=OTHER))
    door("POST", "/webhooks", door.official(Role.ADMIN), a_webhook())

    assert "webhook_made" not in house.messages(head) + house.messages(admin)


def test_an_offices_heads_are_told_of_a_client_that_works_for_it(door: Door, house: House) -> None:
    head = house.official(Role.HEAD, OTHER)

    a_key(door, Scope.WEBHOOKS_MANAGE, office=OTHER)

    assert house.messages(head) == ["client_works"]


def test_no_name_is_looked_up_for_whoever_may_not_change_it(door: Door) -> None:
    _, made = door("POST", "/webhooks", door.official(Role.HEAD, OTHER), a_webhook(office=OTHER))

    status, problem = door(
        "PUT",
        f"/webhooks/{made['id']}",
        door.official(Role.ADMIN),
        {"url": "https://gone.example/"},
    )

    assert (status, problem["type"].rpartition("/")[2]) == (403, "not-your-webhook")


def test_no_transaction_is_open_while_a_name_is_looked_up(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = door.official(Role.ADMIN)
    _, made = door("POST", "/webhooks", admin, a_webhook())
    open_: list[bool] = []
    # The moment of the look-up can be met in no other way.
    monkeypatch.setattr(
        addresses, "check_where", lambda *_: open_.append(db.session().in_transaction())
    )

    door("PUT", f"/webhooks/{made['id']}", admin, {"url": "http://127.0.0.1:10/new"})
    door("POST", "/webhooks", admin, a_webhook())

    assert open_ == [False, False]


def test_two_who_add_one_at_once_do_not_pass_the_limit(app: Flask, neighbours: Neighbours) -> None:
    for _ in range(endpoints.MOST - 1):
        neighbours.listen(OTHER)
    by = neighbours.house.official(Role.ADMIN).account_id
    assert by is not None
    reader, wish = reader_of(neighbours.house.office_id(OTHER)), Wish(url="http://127.0.0.1:9/")

    def add() -> str:
        with app.app_context():
            try:
                endpoints.register(uuid4(), wish, reader=reader, by=by, at=now())
                db.session.commit()
            except EnoughEndpoints:
                return "enough"
            finally:
                db.session.remove()
            return "added"

    endpoints.register(uuid4(), wish, reader=reader, by=by, at=now())
    with ThreadPoolExecutor(1) as other:
        waiting = other.submit(add)
        wait([waiting], timeout=0.5)
        db.session.commit()
        second = waiting.result(10)

    assert second == "enough"
    assert len(endpoints.of_readers([reader])) == endpoints.MOST

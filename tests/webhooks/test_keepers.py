"""Who keeps which webhooks: administrators the city's, heads their office's, clients their own."""

from datetime import timedelta

from app.auth import tokens
from app.auth.models import Account
from app.auth.scopes import Scope
from app.clock import now
from app.database import db
from reports.statuses import Role
from tests.reports.conftest import House
from tests.webhooks.door import OTHER, Door, a_key, a_webhook, door

__all__ = ["door"]


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


def test_a_client_keeps_its_own_and_no_others(door: Door) -> None:
    door("POST", "/webhooks", door.official(Role.HEAD, OTHER), a_webhook(office=OTHER))
    key = a_key(door, Scope.WEBHOOKS_MANAGE, office=OTHER)

    status, made = door("POST", "/webhooks", key, a_webhook(office=OTHER))
    elsewhere = door("POST", "/webhooks", key, a_webhook(office="so-du-lich"))

    assert (status, elsewhere[0]) == (201, 403)
    assert [one["id"] for one in door("GET", "/webhooks", key)[1]["items"]] == [made["id"]]


def test_a_client_that_works_for_one_office_need_not_name_it(door: Door) -> None:
    key = a_key(door, Scope.WEBHOOKS_MANAGE, office=OTHER)

    status, made = door("POST", "/webhooks", key, a_webhook())

    assert (status, made["office"]["id"]) == (201, OTHER)


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

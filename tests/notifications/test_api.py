"""A person's devices, messages and choices, and an admin's dead letters, over HTTP."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.auth import tokens
from app.auth.accounts import create_guest
from app.auth.models import Account, AccountKind, AuditEntry
from app.database import db
from notifications import accounts, devices, preferences
from notifications.kinds import Group
from notifications.models import Choice, Device, DeviceKind, Way
from reports.city.models import Office, OfficeKind, RoleGrant
from reports.statuses import Role
from tests.notifications.conftest import NOW, Town

API = "/api/v1"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


class OwnContext(FlaskClient):
    """Each request in an app context of its own, as in life; the test's work is committed first."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        db.session.commit()
        with self.application.app_context():
            return super().open(*args, **kwargs)


class Caller:
    """Somebody with a token."""

    def __init__(self, town: Town, account: Account) -> None:
        self.client = OwnContext(town.app)
        self.account = account
        self.headers = {"Authorization": f"Bearer {tokens.issue(account)}"}

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> TestResponse:
        return self.client.open(
            f"{API}{path}", method=method, json=body, headers={**self.headers, **headers}
        )


@pytest.fixture
def lan(town: Town) -> Caller:
    return Caller(town, town.person())


@pytest.fixture
def minh(town: Town) -> Caller:
    return Caller(town, town.person())


def all_devices() -> dict[str, UUID]:
    db.session.expire_all()
    return {one.address: one.account_id for one in db.session.scalars(select(Device))}


# Devices ---------------------------------------------------------------------------------------


def test_a_phone_is_linked_and_hears(town: Town, lan: Caller) -> None:
    body = {"kind": "fcm_token", "address": "token-of-lan", "locale": "en"}

    answer = lan("PUT", f"/devices/{uuid4()}", body)
    town.bring(lan.account)

    assert answer.status_code == 200
    assert [push.title for push in town.outside.fcm.received] == ["Accepted: 482-173-906-K"]


def test_linking_again_with_a_new_token_replaces_the_old_one(lan: Caller) -> None:
    path = f"/devices/{uuid4()}"
    lan("PUT", path, {"kind": "fcm_token", "address": "token-before"})

    lan("PUT", path, {"kind": "fcm_fid", "address": "cR3aZ_fid-0123456789ab"})

    assert list(all_devices()) == ["cR3aZ_fid-0123456789ab"]


def test_the_same_address_under_a_new_installation_moves_there(lan: Caller) -> None:
    body = {"kind": "fcm_token", "address": "token-of-lan"}
    lan("PUT", f"/devices/{uuid4()}", body)
    installation_id = uuid4()

    answer = lan("PUT", f"/devices/{installation_id}", body)

    assert answer.status_code == 200
    assert db.session.scalars(select(Device.installation_id)).all() == [installation_id]


def test_a_phone_that_changes_hands_belongs_to_whoever_signed_in_last(
    town: Town, lan: Caller, minh: Caller
) -> None:
    path, body = f"/devices/{uuid4()}", {"kind": "fcm_token", "address": "the-phone"}
    lan("PUT", path, body)

    minh("PUT", path, body)
    town.bring(lan.account, minh.account)

    assert all_devices() == {"the-phone": minh.account.id}
    assert len(town.outside.fcm.received) == 1


def test_an_anonymous_session_takes_no_device_over_from_the_main_account(
    town: Town, lan: Caller
) -> None:
    account = create_guest("vi", anonymous=True)
    secret = Caller(town, account)
    here, fresh = uuid4(), uuid4()
    lan("PUT", f"/devices/{here}", {"kind": "fcm_token", "address": "phone-of-lan"})

    same_phone = secret("PUT", f"/devices/{here}", {"kind": "fcm_token", "address": "another-one"})
    same_token = secret(
        "PUT", f"/devices/{fresh}", {"kind": "fcm_token", "address": "phone-of-lan"}
    )
    before = all_devices()
    apart = secret("PUT", f"/devices/{fresh}", {"kind": "fcm_token", "address": "another-one"})
    again = secret("PUT", f"/devices/{fresh}", {"kind": "fcm_token", "address": "another-one"})

    assert (same_phone.status_code, same_token.status_code) == (409, 409)
    assert "mã cài đặt mới" in same_phone.json["detail"]
    assert before == {"phone-of-lan": lan.account.id}
    assert (apart.status_code, again.status_code) == (200, 200)
    assert all_devices() == {"phone-of-lan": lan.account.id, "another-one": account.id}


def test_a_device_can_be_unlinked_by_its_owner_alone(lan: Caller, minh: Caller) -> None:
    path = f"/devices/{uuid4()}"
    lan("PUT", path, {"kind": "fcm_token", "address": "token-of-lan"})

    assert minh("DELETE", path).status_code == 204
    assert list(all_devices()) == ["token-of-lan"]

    assert lan("DELETE", path).status_code == 204
    assert lan("DELETE", path).status_code == 204, "again is harmless"
    assert all_devices() == {}


@pytest.mark.parametrize("as_text", [False, True])
def test_a_browser_is_linked_by_its_subscription(town: Town, lan: Caller, *, as_text: bool) -> None:
    subscription = town.outside.browsers.subscription("laptop")
    address = json.dumps(subscription) if as_text else subscription

    answer = lan("PUT", f"/devices/{uuid4()}", {"kind": "webpush", "address": address})
    town.bring(lan.account)

    assert answer.status_code == 200
    assert [push.browser for push in town.outside.browsers.received] == ["laptop"]


def test_a_browser_that_subscribes_anew_at_the_same_endpoint_is_one_device(
    town: Town, lan: Caller
) -> None:
    for _ in range(2):
        address = town.outside.browsers.subscription("laptop")
        answer = lan("PUT", f"/devices/{uuid4()}", {"kind": "webpush", "address": address})
        assert answer.status_code == 200

    assert len(all_devices()) == 1


def test_who_signs_out_hears_no_more_on_that_device(town: Town, lan: Caller) -> None:
    here, elsewhere = uuid4(), uuid4()
    for installation_id, token in ((here, "phone-here"), (elsewhere, "phone-elsewhere")):
        address = {"kind": "fcm_token", "address": token}
        lan("PUT", f"/devices/{installation_id}", address)

    answer = lan("DELETE", "/auth/token", **{"X-Installation-ID": str(here)})
    town.bring(lan.account)

    assert answer.status_code == 204
    assert [push.token for push in town.outside.fcm.received] == ["phone-elsewhere"]


KEYS = {"p256dh": "B" * 87, "auth": "A" * 22}
HALF_A_CHARACTER = json.dumps({"endpoint": "https://p.example/\ud800", "keys": KEYS})
REPEATED_NAME = (
    f'{{"endpoint": "https://a.example/", {HALF_A_CHARACTER[1:].replace("ud800", "u0061")}'
)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"kind": "pigeon", "address": "token-of-lan"},
        {"kind": "fcm_token"},
        {"kind": "fcm_token", "address": ""},
        {"kind": "fcm_token", "address": "has a space in it"},
        {"kind": "fcm_token", "address": "é" * 20},
        {"kind": "fcm_token", "address": "x" * 4097},
        {"kind": "fcm_token", "address": 7},
        {"kind": "fcm_token", "address": {"endpoint": "https://x"}},
        {"kind": "fcm_fid", "address": "no/such:fid"},
        {"kind": "webpush", "address": "no json"},
        {"kind": "webpush", "address": "[]"},
        {"kind": "webpush", "address": "[" * 4000},
        {"kind": "webpush", "address": "[" * 200_000},
        {"kind": "webpush", "address": f'{{"endpoint": "https://p.example/x{" " * 4096}"}}'},
        {"kind": "webpush", "address": HALF_A_CHARACTER},
        {"kind": "webpush", "address": REPEATED_NAME},
        {"kind": "webpush", "address": {"endpoint": "https://push.example.com/x"}},
        {"kind": "webpush", "address": {"endpoint": "http://push.example.com/x", "keys": KEYS}},
        {"kind": "webpush", "address": {"endpoint": "https://10.0.0.1/x", "keys": KEYS}},
        {"kind": "webpush", "address": {"endpoint": 7, "keys": KEYS}},
        {"kind": "webpush", "address": {"endpoint": "https://p.example/x", "keys": {"auth": 1}}},
        {"kind": "fcm_token", "address": "token-of-lan", "locale": "fr"},
        {"kind": "fcm_token", "address": "token-of-lan", "owner": "me"},
    ],
)
def test_what_cannot_be_an_address_is_refused_with_a_sentence(
    lan: Caller, body: dict[str, Any]
) -> None:
    answer = lan("PUT", f"/devices/{uuid4()}", body)

    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    assert answer.json is not None and answer.json["detail"]
    assert all_devices() == {}


def test_an_account_keeps_its_twenty_newest_devices(town: Town, lan: Caller) -> None:
    for number in range(devices.MOST_DEVICES + 3):
        devices.register(
            lan.account.id,
            uuid4(),
            kind=DeviceKind.FCM_TOKEN,
            address=f"token-{number:04}",
            locale="vi",
            at=NOW + timedelta(minutes=number),
        )

    kept = sorted(all_devices())
    assert len(kept) == devices.MOST_DEVICES
    assert kept[0] == "token-0003"


def test_only_who_has_signed_in_may_link_a_device(town: Town) -> None:
    client = OwnContext(town.app)

    answer = client.put(f"{API}/devices/{uuid4()}", json={"kind": "fcm_token", "address": "x" * 9})

    assert answer.status_code == 401


def test_a_browser_can_ask_for_the_citys_key(town: Town) -> None:
    answer = OwnContext(town.app).get(f"{API}/push/webpush-key")

    assert answer.json is not None
    assert len(answer.json["key"]) == 87


# The inbox -------------------------------------------------------------------------------------


def test_the_inbox_tells_the_newest_first_in_the_readers_language(
    town: Town, lan: Caller, minh: Caller
) -> None:
    town.tell(lan.account, kind="accepted", at=NOW)
    town.tell(lan.account, kind="resolved", at=NOW + timedelta(hours=1))
    town.tell(minh.account, kind="closed")

    vietnamese = lan("GET", "/me/messages").json
    english = lan("GET", "/me/messages", **{"Accept-Language": "en"}).json

    assert vietnamese is not None and english is not None
    assert [item["title"] for item in vietnamese["items"]] == [
        "Đã khắc phục: 482-173-906-K",
        "Đã tiếp nhận 482-173-906-K",
    ]
    assert english["items"][0]["title"] == "Fixed: 482-173-906-K"
    assert vietnamese["items"][0]["path"] == "/reports/482173906K"
    assert vietnamese["unread"] == 2
    assert vietnamese["next"] is None


def test_the_inbox_is_read_in_pages_without_gaps_or_repeats(town: Town, lan: Caller) -> None:
    for number in range(7):
        at = NOW + timedelta(minutes=number // 2)  # some at the same moment
        town.tell(lan.account, subject=f"report:{number}", at=at)

    seen, path = [], "/me/messages?limit=3"
    while path:
        answer = lan("GET", path)
        assert answer.json is not None
        seen += [item["id"] for item in answer.json["items"]]
        following = answer.json["next"]
        path = f"/me/messages?limit=3&after={following}" if following else ""
        assert ("Link" in answer.headers) == bool(following)

    assert len(seen) == len(set(seen)) == 7


def test_a_message_that_cannot_be_said_does_not_break_the_inbox(town: Town, lan: Caller) -> None:
    town.tell(lan.account, kind="no_such_kind")

    answer = lan("GET", "/me/messages")

    assert answer.json is not None
    assert answer.json["items"][0]["title"] == "Có tin mới"


def test_messages_are_read_one_by_one_or_up_to_one(town: Town, lan: Caller, minh: Caller) -> None:
    for number in range(4):
        town.tell(lan.account, subject=f"{number}", at=NOW + timedelta(minutes=number))
    town.tell(minh.account)
    listed = lan("GET", "/me/messages").json
    assert listed is not None
    ids = [item["id"] for item in listed["items"]]

    one = lan("POST", "/me/messages/read", {"ids": [ids[0]]})
    theirs = minh("POST", "/me/messages/read", {"up_to": ids[0]})
    older = lan("POST", "/me/messages/read", {"up_to": ids[2]})

    assert one.json == {"unread": 3}
    assert theirs.json == {"unread": 1}, "another's message is no place in my list"
    assert older.json == {"unread": 1}


@pytest.mark.parametrize("body", [{}, {"ids": []}, {"ids": ["x"]}, {"up_to": 7}, {"all": True}])
def test_reading_nothing_in_particular_is_refused(lan: Caller, body: dict[str, Any]) -> None:
    assert lan("POST", "/me/messages/read", body).status_code == 422


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", "after=zzz", "page=2"])
def test_a_bad_page_is_refused(lan: Caller, query: str) -> None:
    assert lan("GET", f"/me/messages?{query}").status_code == 422


# Choices ---------------------------------------------------------------------------------------


def test_choices_are_kept_and_the_rest_stays_as_it_was(lan: Caller) -> None:
    chosen = {"choices": {"comments": {"push": "never"}, "my_reports": {"email": "always"}}}

    answer = lan("PUT", "/me/preferences", chosen)
    again = lan("GET", "/me/preferences")

    assert answer.status_code == 200
    assert answer.json == again.json
    assert again.json is not None
    assert again.json["choices"]["comments"] == {"push": "never", "email": "never", "sms": "never"}
    assert again.json["choices"]["my_reports"]["email"] == "always"
    assert again.json["choices"]["my_reports"]["push"] == "always"
    assert again.json["ways"] == ["push", "email", "sms"]


def test_what_is_read_can_be_written_back(lan: Caller) -> None:
    read = lan("GET", "/me/preferences").json
    assert read is not None

    wish = {"choices": read["choices"], "quiet_hours": read["quiet_hours"]}

    assert lan("PUT", "/me/preferences", wish).status_code == 200
    after = lan("GET", "/me/preferences").json
    assert after == read


def test_quiet_hours_are_set_and_taken_back(lan: Caller) -> None:
    hours = {"since": "21:30", "until": "06:00"}

    told = lan("PUT", "/me/preferences", {"quiet_hours": hours}).json
    assert told is not None and told["quiet_hours"] == hours

    told = lan("PUT", "/me/preferences", {"quiet_hours": None}).json
    assert told is not None and told["quiet_hours"] is None
    assert preferences.wishes_of(lan.account.id).quiet == preferences.NEVER_QUIET


@pytest.mark.parametrize(
    "body",
    [
        {"choices": {"gossip": {"push": "never"}}},
        {"choices": {"comments": {"pigeon": "never"}}},
        {"choices": {"comments": {"push": "sometimes"}}},
        {"choices": {"comments": {"push": "otherwise"}}},
        {"choices": {"comments": None}},
        {"quiet_hours": {"since": "21:30"}},
        {"quiet_hours": {"since": "25:00", "until": "06:00"}},
    ],
)
def test_what_cannot_be_chosen_is_refused(lan: Caller, body: dict[str, Any]) -> None:
    assert lan("PUT", "/me/preferences", body).status_code == 422


# Accounts that change --------------------------------------------------------------------------


def test_a_guest_that_signs_in_brings_devices_messages_and_choices_along(town: Town) -> None:
    guest, account = town.person("guest-phone", kind=AccountKind.GUEST), town.person()
    change_id = town.tell(guest, subject="report:1")
    town.tell(account, change_id=change_id)
    town.tell(guest, subject="report:2")
    preferences.choose(guest.id, {Group.COMMENTS: {Way.PUSH: Choice.NEVER}})
    preferences.choose(guest.id, {Group.NEARBY: {Way.PUSH: Choice.NEVER}})
    preferences.choose(account.id, {Group.NEARBY: {Way.PUSH: Choice.ALWAYS}})

    accounts.move_account(guest.id, account.id)

    query = "select subject, count(*) from message where account_id = %s group by 1"
    raw = db.session.connection().connection.driver_connection
    assert raw is not None
    told = dict(raw.execute(query, [account.id]).fetchall())
    wishes = preferences.wishes_of(account.id).choices
    assert told == {"report:1": 1, "report:2": 1}, "what both were told is told once"
    assert all_devices() == {"guest-phone": account.id}
    assert wishes[Group.COMMENTS][Way.PUSH] is Choice.NEVER
    assert wishes[Group.NEARBY][Way.PUSH] is Choice.ALWAYS, "the account's own choice wins"


def test_nothing_is_left_of_a_person_who_is_erased(town: Town) -> None:
    lan, minh = town.person("lans-phone"), town.person("minhs-phone")
    town.bring(lan, minh)
    preferences.choose(lan.id, {Group.COMMENTS: {Way.PUSH: Choice.NEVER}})
    preferences.keep_quiet(lan.id, preferences.NEVER_QUIET)

    accounts.forget_account(lan.id)

    for table in ("message", "device", "preference", "quiet_hours"):
        query = f"select count(*) from {table} where account_id = '{lan.id}'"
        assert db.session.connection().exec_driver_sql(query).scalar_one() == 0
    assert len(town.deliveries()) == 1
    assert all_devices() == {"minhs-phone": minh.id}


# Dead letters ----------------------------------------------------------------------------------


@pytest.fixture
def admin(town: Town) -> Caller:
    account = town.person(kind=AccountKind.OFFICIAL)
    office = Office(
        code="centre", name_vi="Trung tâm", name_en="Centre", kind=OfficeKind.CENTRE,
        valid_from=LONG_AGO.date(),
    )  # fmt: skip
    db.session.add(office)
    db.session.flush()
    db.session.add(
        RoleGrant(account_id=account.id, office_id=office.id, role=Role.ADMIN, since=LONG_AGO)
    )
    return Caller(town, account)


def test_an_admin_sees_what_was_given_up_and_no_address(town: Town, admin: Caller) -> None:
    town.outside.fcm.fail(400, "INVALID_ARGUMENT")
    town.bring(town.person("token-of-lan"))

    answer = admin("GET", "/admin/dead-letters")

    assert answer.json is not None
    (letter,) = answer.json["items"]
    assert (letter["kind"], letter["channel"], letter["error"]) == (
        "accepted",
        "fcm",
        "400 INVALID_ARGUMENT",
    )
    assert "token-of-lan" not in answer.text


def test_an_admin_tries_one_again(town: Town, admin: Caller) -> None:
    town.outside.fcm.fail(400, "INVALID_ARGUMENT", times=1)
    town.bring(town.person("token-of-lan"))
    dead = town.only().id

    answer = admin("POST", f"/admin/dead-letters/{dead}/retry")
    due_at = town.only().due_at
    town.drain(due_at)

    assert answer.status_code == 204
    assert town.states() == ["sent"]
    assert town.jobs("notifications.drain") >= 1
    assert admin("POST", f"/admin/dead-letters/{dead}/retry").status_code == 404
    (entry,) = db.session.scalars(select(AuditEntry))
    assert (entry.action, entry.subject) == ("delivery.retry", f"delivery:{dead}")


def test_nobody_else_sees_dead_letters(town: Town, lan: Caller) -> None:
    officer = Caller(town, town.person(kind=AccountKind.OFFICIAL))

    for person in (lan, officer):
        assert person("GET", "/admin/dead-letters").status_code == 403
        assert person("POST", "/admin/dead-letters/1/retry").status_code == 403


def test_dead_letters_come_in_pages(town: Town, admin: Caller) -> None:
    town.outside.fcm.fail(400, "INVALID_ARGUMENT")
    town.bring(*[town.person(f"phone-{number:04}") for number in range(5)])

    first = admin("GET", "/admin/dead-letters?limit=3").json
    assert first is not None
    rest = admin("GET", f"/admin/dead-letters?limit=3&after={first['next']}").json
    assert rest is not None

    ids = [item["id"] for item in (*first["items"], *rest["items"])]
    assert len(ids) == len(set(ids)) == 5
    assert rest["next"] is None

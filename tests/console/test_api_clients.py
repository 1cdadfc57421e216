"""API clients: made, given keys that are shown once, limited, replaced, revoked, closed; by pages
and over the API, by administrators alone."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask

from app.auth import api_keys
from app.auth.key_errors import KeyLimitReached
from app.auth.scopes import Scope
from app.clock import now
from reports import roles
from reports.permissions import viewer_of
from reports.statuses import Role
from tests.console.conftest import Browser, Desk, words
from tests.console.people import audited

LIGHTING = "ubnd-19789"
LIST = "/admin/api-clients"


@pytest.fixture
def admin(desk: Desk) -> Browser:
    return desk.at(Role.ADMIN)


@pytest.fixture
def token(desk: Desk) -> str:
    return desk.official(Role.ADMIN)


def make(browser: Browser, **fields: str) -> str:
    """Add a client by the form; the address of its page."""
    form = {"id": str(uuid4()), "name": "Công ty chiếu sáng", "contact_email": "it@light.example"}
    answer = browser.post(LIST, **(form | fields))
    assert answer.status_code == 200, words(answer)[:500]
    assert answer.request.path.startswith(f"/console{LIST}/"), words(answer)[:500]
    return answer.request.path.removeprefix("/console")


def issue(browser: Browser, address: str, **fields: Any) -> str:
    """A key by the form, from the page that shows it once."""
    form = {"id": str(uuid4()), "which": "new", "scopes": ["updates:read"]}
    form |= {"per_minute": "60", "per_day": "10000"}
    answer = browser.post(f"{address}/keys", **(form | fields))
    return key_in(answer.text)


def key_in(text: str) -> str:
    found = re.findall(r">(xom_[\w-]{43})<", text)
    assert len(found) == 1, words_of(text)
    return str(found[0])


def words_of(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))[:600]


def works(desk: Desk, key: str) -> bool:
    """Is somebody known by this key?"""
    with desk.app.app_context():
        return api_keys.find(key) is not None


def key_id(desk: Desk, key: str) -> UUID:
    with desk.app.app_context():
        found = api_keys.find(key)
        assert found
        return found.key_id


# By pages --------------------------------------------------------------------------------------


def test_an_administrator_adds_a_client_and_gives_it_a_key_that_is_shown_once(
    desk: Desk, admin: Browser
) -> None:
    address = make(admin)

    key = issue(admin, address, label="máy chủ chính")

    page = admin.get(address)
    assert works(desk, key)
    assert key not in page.text and key[:12] in page.text
    assert "máy chủ chính" in words(page) and "Đọc diễn biến của đơn vị" in words(page)
    assert "Công ty chiếu sáng" in admin.sees(LIST)


def test_a_form_sent_twice_makes_one_client_and_one_key(desk: Desk, admin: Browser) -> None:
    client_id, new_id = str(uuid4()), str(uuid4())
    make(admin, id=client_id)
    address = make(admin, id=client_id)
    issue(admin, address, id=new_id)

    again = admin.post(
        f"{address}/keys", id=new_id, scopes=["updates:read"], per_minute="60", per_day="10000"
    )

    assert "chỉ hiện một lần" in words(again)
    assert "xom_" in again.text and not re.search(r"xom_[\w-]{43}", again.text)
    found = desk.scalar("select count(*) from api_key where account_id = :id", id=client_id)
    assert found == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"scopes": [""]}, "Chọn ít nhất một việc"),
        ({"per_minute": "0"}, "Ghi một số từ 1 đến 6000"),
        ({"per_day": "nhiều"}, "Ghi một số nguyên"),
        ({"last_day": "2020-01-01"}, "phải ở sau hôm nay"),
        ({"label": "x" * 81}, "tối đa 80 ký tự"),
    ],
)
def test_what_a_key_cannot_be_is_said_and_nothing_is_issued(
    desk: Desk, admin: Browser, fields: dict[str, Any], sentence: str
) -> None:
    address = make(admin)
    form = {"id": str(uuid4()), "which": "new", "scopes": ["updates:read"]}

    answer = admin.post(
        f"{address}/keys", **(form | {"per_minute": "60", "per_day": "10"} | fields)
    )

    assert answer.status_code == 422
    assert sentence in words(answer)
    assert "Chưa có khóa nào đang dùng" in admin.sees(address)


def test_a_name_and_an_address_are_needed(desk: Desk, admin: Browser) -> None:
    nameless = admin.post(LIST, id=str(uuid4()), name=" ", contact_email="it@light.example")
    lost = admin.post(LIST, id=str(uuid4()), name="Không thư", contact_email="không có")

    assert (nameless.status_code, lost.status_code) == (422, 422)
    assert "Ghi tên của hệ thống" in words(nameless)
    assert "không phải địa chỉ email" in words(lost)
    assert "Không thư" not in admin.sees(LIST)


def test_scopes_and_limits_are_changed_and_hold_at_once(desk: Desk, admin: Browser) -> None:
    address = make(admin)
    key = issue(admin, address)
    its = key_id(desk, key)

    admin.post(
        f"{address}/keys/{its}",
        which=str(its),
        scopes=["", "reports:create", "webhooks:manage"],
        per_minute="7",
        per_day="70",
        label="mới",
    )

    with desk.app.app_context():
        found = api_keys.find(key)
    assert found and (found.per_minute, found.per_day) == (7, 70)
    assert found.scopes == {Scope.REPORTS_CREATE, Scope.WEBHOOKS_MANAGE}
    seen = admin.sees(address)
    assert "Gửi phản ánh" in seen and "7/phút, 70/ngày" in seen


def test_a_key_is_replaced_by_another_of_the_same_terms(desk: Desk, admin: Browser) -> None:
    address = make(admin)
    old = issue(admin, address, scopes=["updates:write"], per_minute="9")

    answer = admin.post(f"{address}/keys/{key_id(desk, old)}/replace", id=str(uuid4()), overlap="7")
    new = key_in(answer.text)

    assert works(desk, old) and works(desk, new)
    with desk.app.app_context():
        before, after = api_keys.find(old), api_keys.find(new)
    assert before and after and after.scopes == before.scopes and after.per_minute == 9
    assert before.expires_at is not None and after.expires_at is None


def test_revoking_is_asked_once_more_and_can_be_undone(desk: Desk, admin: Browser) -> None:
    address = make(admin)
    key = issue(admin, address)
    door = f"{address}/keys/{key_id(desk, key)}"

    asked = admin.post(f"{door}/revoke")
    assert "Khóa này chưa được dùng lần nào" in words(asked) and works(desk, key)
    revoked = admin.post(f"{door}/revoke", sure="yes")
    assert "khôi phục được trong 24 giờ" in words(revoked) and not works(desk, key)
    admin.post(f"{door}/put-back")

    assert works(desk, key)


def test_a_closed_client_is_told_as_such_and_opened_again(desk: Desk, admin: Browser) -> None:
    address = make(admin, name="Hệ thống tạm ngừng")
    key = issue(admin, address)

    closed = words(admin.post(f"{address}/close"))
    shut = works(desk, key)
    opened = words(admin.post(f"{address}/open"))

    assert "Không khóa nào dùng được" in closed and not shut
    assert "Đã mở lại" in opened and works(desk, key)


def test_thirty_days_of_use_are_drawn_and_told(desk: Desk, admin: Browser) -> None:
    address = make(admin)
    key = issue(admin, address, per_minute="2")
    at = now().replace(second=1)
    with desk.app.app_context():
        for _ in range(5):
            try:
                api_keys.admit(key, at=at)
            except KeyLimitReached:
                continue

    page = admin.get(address)

    assert "30 ngày qua: 2 lượt, 3 bị từ chối vì quá giới hạn" in words(page)
    assert page.text.count('class="let-in"') == page.text.count('class="refused"') == 1
    assert re.search(r"<title>\d+/\d+: 2 lượt, 3 bị từ chối</title>", page.text)


def test_it_speaks_english_too(desk: Desk) -> None:
    admin = desk.at(Role.ADMIN, lang="en")
    address = make(admin)
    issue(admin, address)

    assert "Keys in use" in admin.sees(address)
    assert "API clients" in admin.sees(LIST)


# For an office ---------------------------------------------------------------------------------


def test_a_client_works_for_an_office_as_an_officer_where_it_enters_by_a_scope(
    desk: Desk, admin: Browser
) -> None:
    key = issue(admin, make(admin, office=LIGHTING), scopes=["updates:write"])

    with desk.app.app_context():
        by_scope = viewer_of(api_keys.admit(key, Scope.UPDATES_WRITE), now())
        in_the_open = viewer_of(api_keys.admit(key), now())
        by_another = viewer_of(api_keys.admit(key, Scope.OFFICES_READ), now())

    assert {role for role, _ in by_scope.held} == {Role.OFFICER}
    assert in_the_open.held == by_another.held == frozenset()


def test_it_is_not_one_of_the_offices_people(desk: Desk, admin: Browser) -> None:
    address = make(admin, name="Máy của phường", office=LIGHTING)
    client_id = UUID(address.rpartition("/")[2])

    with desk.app.app_context():
        office = desk.scalar("select id from office where code = :code", code=LIGHTING)
        at_work = {one for one, _ in roles.workers([office], now())}

    assert client_id not in at_work
    assert "Máy của phường" not in admin.sees("/admin/accounts")
    assert admin.get(f"/admin/accounts/{client_id}").status_code == 404


def test_another_office_takes_the_place_of_the_first(desk: Desk, admin: Browser) -> None:
    address = make(admin, office=LIGHTING)
    key = issue(admin, address, scopes=["updates:write"])
    form = {"which": "client", "name": "Công ty chiếu sáng", "contact_email": "it@light.example"}

    admin.post(address, **form, office="so-y-te")
    with desk.app.app_context():
        moved = viewer_of(api_keys.admit(key, Scope.UPDATES_WRITE), now())
    admin.post(address, **form, office="")
    with desk.app.app_context():
        freed = viewer_of(api_keys.admit(key, Scope.UPDATES_WRITE), now())

    assert [office for _, office in moved.held] == [
        desk.scalar("select id from office where code = 'so-y-te'")
    ]
    assert freed.held == frozenset()


def test_the_audit_log_names_the_client_and_leads_to_it(desk: Desk, admin: Browser) -> None:
    address = make(admin, name="Hệ thống trong nhật ký")
    issue(admin, address)

    page = admin.get("/audit?action=api_key.issue")

    assert audited(desk, "api_key.issue") >= 1
    assert "Hệ thống trong nhật ký" in words(page) and "Cấp khóa API" in words(page)
    assert f'href="/console{address}"' in page.text


# Over the API ----------------------------------------------------------------------------------


@pytest.fixture
def api(desk: Desk, token: str) -> Iterator[Any]:
    def ask(method: str, path: str, **kwargs: Any) -> Any:
        return desk.call(method, f"/api-clients{path}", token, **kwargs)

    yield ask


def test_a_client_and_its_keys_are_managed_over_the_api(desk: Desk, api: Any) -> None:
    client_id, new_id = str(uuid4()), str(uuid4())
    about = {"id": client_id, "name": "FixMyStreet", "contact_email": "it@fms.example"}
    made = api("POST", "", json=about | {"office": LIGHTING})
    issued = api("POST", f"/{client_id}/keys", json={"id": new_id, "scopes": ["reports:create"]})

    door = f"/{client_id}/keys/{new_id}"
    changed = api("PATCH", door, json={"per_minute": 5, "label": "second"})
    replaced = api("POST", f"{door}/replacement", json={"id": str(uuid4()), "overlap_days": 0})
    revoked = api("DELETE", f"/{client_id}/keys/{replaced['id']}")
    back = api("POST", f"/{client_id}/keys/{replaced['id']}/put-back")

    assert made["office"]["id"] == LIGHTING and made["keys"] == []
    assert issued["key"].startswith(issued["shown"]) and issued["live"] is True
    assert (changed["per_minute"], changed["label"], changed["per_day"]) == (5, "second", 10_000)
    assert replaced["key"] and replaced["per_minute"] == 5
    assert (revoked["live"], back["live"]) == (False, True)
    told = api("GET", f"/{client_id}")
    assert [one["live"] for one in told["keys"]] == [True, False]
    assert all("key" not in one for one in told["keys"])


def test_a_repeated_request_is_answered_with_what_is_there(api: Any) -> None:
    client_id = str(uuid4())
    about = {"id": client_id, "name": "Twice", "contact_email": "it@fms.example"}
    wish = {"id": str(uuid4()), "scopes": ["updates:read"]}

    first = api("POST", "", json=about), api("POST", f"/{client_id}/keys", json=wish)
    again = api("POST", "", json=about), api("POST", f"/{client_id}/keys", json=wish)

    assert first[0]["id"] == again[0]["id"]
    assert first[1]["key"] and again[1]["key"] is None and again[1]["shown"] == first[1]["shown"]


def test_use_is_told_by_day_and_key(desk: Desk, api: Any) -> None:
    client_id = str(uuid4())
    api("POST", "", json={"id": client_id, "name": "Used", "contact_email": "it@fms.example"})
    wish = {"id": str(uuid4()), "scopes": ["updates:read"]}
    key = api("POST", f"/{client_id}/keys", json=wish)["key"]
    for _ in range(3):
        desk.call("GET", "/categories", key)

    told = api("GET", f"/{client_id}/usage")["items"]

    assert [(one["key"], one["requests"], one["refused"]) for one in told] == [(wish["id"], 3, 0)]
    assert api("GET", f"/{client_id}")["keys"][0]["last_used_at"]


def test_a_closed_client_over_the_api(desk: Desk, api: Any) -> None:
    client_id = str(uuid4())
    api("POST", "", json={"id": client_id, "name": "Shut", "contact_email": "it@fms.example"})

    shut = api("PATCH", f"/{client_id}", json={"closed": True, "name": "Shut for now"})
    opened = api("PATCH", f"/{client_id}", json={"closed": False})

    assert shut["closed_at"] and shut["name"] == "Shut for now"
    assert opened["closed_at"] is None
    assert client_id in [one["id"] for one in api("GET", "")["items"]]


def test_no_key_manages_keys(desk: Desk, admin: Browser, desk_house: Flask) -> None:
    key = issue(admin, make(admin), scopes=[str(one) for one in Scope])
    client = desk_house.test_client()

    answer = client.get("/api/v1/api-clients", headers={"Authorization": f"Bearer {key}"})

    assert answer.status_code == 403
    assert answer.get_json()["type"] == "/problems/not-for-keys"


@pytest.mark.parametrize("role", [Role.HEAD, Role.DISPATCHER, Role.LEADER, Role.OFFICER])
def test_nobody_else_has_this_page(desk: Desk, role: Role) -> None:
    browser = desk.at(role, LIGHTING if role in {Role.OFFICER, Role.HEAD} else None)

    assert browser.get(LIST).status_code == 403
    assert f"/console{LIST}" not in browser.get("/inbox").text

"""Limits on a pseudonym: set with a reason and an end, told to whoever is limited, lifted."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from app.clock import now
from reports.statuses import Role
from tests.console.conftest import Browser, Desk, words

BODY = {"category": "ngap-nuoc", "description": "Ngập.", "lat": 16.4675, "lng": 107.5885}


def a_day(ahead: int) -> str:
    return (now() + timedelta(days=ahead)).date().isoformat()


@pytest.fixture
def somebody(desk: Desk) -> str:
    return desk.resident()


@pytest.fixture
def sent(desk: Desk, somebody: str) -> dict[str, Any]:
    return desk.submits(somebody)


def limits(who: Browser, code: str, **fields: str) -> Any:
    given = {"until": a_day(10), "kind": "false", "reason": "Năm lần báo cháy giả trong tuần."}
    return who.post(f"/reports/{code}/limit", **given | fields)


def tries(desk: Desk, token: str, path: str = "/reports", **body: Any) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}", "Accept-Language": "vi"}
    with httpx.Client(transport=httpx.WSGITransport(app=desk.app)) as client:
        told = {"id": str(uuid4())} | (body or BODY)
        return client.post(f"{desk.url}/api/v1{path}", headers=headers, json=told)


def test_whoever_is_limited_reads_until_when_why_and_whom_to_call(
    desk: Desk, somebody: str, sent: dict[str, Any]
) -> None:
    answer = limits(desk.at(Role.DISPATCHER), sent["code"])
    assert "Đã đặt giới hạn." in words(answer)

    refused = tries(desk, somebody)

    assert refused.status_code == 403
    told = refused.json()["detail"]
    assert "23:59" in told
    assert "không đúng sự thật" in told
    assert "19001075" in told
    assert "báo cháy giả" not in told, "the officials' own words stay inside"


def test_danger_always_passes_and_so_does_a_repeat(
    desk: Desk, somebody: str, sent: dict[str, Any]
) -> None:
    before = {"id": str(uuid4())} | BODY
    assert tries(desk, somebody, **before).status_code == 201
    limits(desk.at(Role.DISPATCHER), sent["code"])

    assert tries(desk, somebody, **BODY | {"category": "chay-no"}).status_code == 201
    assert tries(desk, somebody, **before).status_code == 200, "sent before: it is the same report"


def test_comments_wait_as_well_and_a_lifted_limit_is_over(
    desk: Desk, somebody: str, sent: dict[str, Any]
) -> None:
    desk.accepted(sent["id"])
    dispatcher = desk.at(Role.DISPATCHER)
    limits(dispatcher, sent["code"])
    path = f"/reports/{sent['id']}/comments"
    assert tries(desk, somebody, path, text="Sao chưa làm?").status_code == 403

    row = desk.scalar("select id from reporter_limit order by since desc limit 1")
    dispatcher.post(f"/limits/{row}/lift")

    assert tries(desk, somebody, path, text="Sao chưa làm?").status_code == 201
    assert tries(desk, somebody).status_code == 201


def test_the_list_names_pseudonyms_alone(desk: Desk, sent: dict[str, Any]) -> None:
    dispatcher = desk.at(Role.DISPATCHER)
    limits(dispatcher, sent["code"], reason="Chửi cán bộ trực nhiều lần.")

    seen = dispatcher.sees("/limits")

    assert "NPA-" in seen
    assert "Chửi cán bộ trực nhiều lần." in seen
    assert desk.scalar(
        "select reason from audit_entry where action = 'reporter.limit' order by id desc limit 1"
    ) == ("Chửi cán bộ trực nhiều lần.")


@pytest.mark.parametrize(
    ("fields", "vi", "en"),
    [
        ({"until": a_day(400)}, "trong vòng một năm", "within a year"),
        ({"until": a_day(-2)}, "Chọn một ngày sau hôm nay", "Choose a day after today"),
        ({"until": "mai"}, "Chọn một ngày sau hôm nay", "Choose a day after today"),
        ({"reason": "x"}, "Ghi lý do", "Give a reason"),
        ({"kind": ""}, "Chọn điều người này sẽ đọc", "Choose what this person will read"),
    ],
)
def test_a_limit_needs_an_end_and_a_reason(
    desk: Desk, somebody: str, sent: dict[str, Any], fields: dict[str, str], vi: str, en: str
) -> None:
    given = {"reason": "Nhiều lần gửi chuyện bịa."} | fields

    in_vi = limits(desk.at(Role.DISPATCHER), sent["code"], **given)
    in_en = limits(desk.at(Role.DISPATCHER, lang="en"), sent["code"], **given)

    assert (in_vi.status_code, in_en.status_code) == (422, 422)
    assert vi in words(in_vi)
    assert en in words(in_en)
    assert given["reason"] in in_vi.text
    assert tries(desk, somebody).status_code == 201


@pytest.mark.parametrize("role", [Role.OFFICER, Role.HEAD, Role.LEADER, Role.ADMIN])
def test_only_dispatchers_limit(desk: Desk, somebody: str, role: Role) -> None:
    sent = desk.submits(somebody)
    desk.accepted(sent["id"])
    who = desk.at(role, desk.office_of(sent["id"]))

    assert who.get("/limits").status_code == 403
    assert who.get(f"/reports/{sent['code']}/limit").status_code == 403
    assert limits(who, sent["code"]).status_code == 403
    assert who.post(f"/limits/{uuid4()}/lift").status_code == 403
    assert tries(desk, somebody).status_code == 201

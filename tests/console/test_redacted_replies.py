"""Words left out of an office's published reply: what others read, what officials keep."""

import re
from typing import Any

import pytest
from werkzeug.test import TestResponse

from reports.statuses import Role
from tests.console.conftest import Browser, Desk, words
from tests.console.forms import form_of

SAID = "Đã gặp ông Nguyễn Văn Tám, chủ quán, và dọn xong vỉa hè."
LEFT = "Đã gặp chủ quán và dọn xong vỉa hè."


@pytest.fixture
def answered(desk: Desk) -> dict[str, Any]:
    """A published report, answered by its office with somebody's name."""
    reporter = desk.resident()
    report = desk.submits(reporter, description="Quán lấn vỉa hè.")
    desk.accepted(report["id"])
    officer = desk.officer_of(report["id"])
    desk.takes(officer, "start", report["id"])
    desk.takes(officer, "resolve", report["id"], outcome="explained", note=SAID)
    return report | {"reporter": reporter, "officer": officer}


def takes_out(who: Browser, code: str, left: str, *, page: str = "") -> TestResponse:
    page = page or who.get(f"/reports/{code}/redact").text
    found = re.search(r"/replies/([0-9a-f-]{36})/words", page)
    assert found
    path = f"replies/{found[1]}/words"
    return who.post(f"/reports/{code}/{path}", **form_of(page, path), words=left)


def read(desk: Desk, report: dict[str, Any], token: str | None = None) -> str:
    return str(desk.call("GET", f"/reports/{report['id']}/timeline", token))


def test_the_public_and_the_reporter_read_what_is_left_and_officials_all(
    desk: Desk, answered: dict[str, Any]
) -> None:
    dispatcher = desk.at(Role.DISPATCHER)

    answer = takes_out(dispatcher, answered["code"], LEFT)

    assert "Đã sửa câu trả lời công chúng đọc." in words(answer)
    for outside in (None, desk.resident(), answered["reporter"]):
        told = read(desk, answered, outside)
        assert LEFT in told
        assert "Nguyễn Văn Tám" not in told
    inside = read(desk, answered, answered["officer"])
    assert SAID in inside
    assert LEFT in inside
    page = dispatcher.sees(f"/reports/{answered['code']}")
    assert SAID in page
    assert f"Công chúng đọc: {LEFT}" in page


def test_what_was_left_out_by_mistake_is_put_back(desk: Desk, answered: dict[str, Any]) -> None:
    dispatcher = desk.at(Role.DISPATCHER)
    takes_out(dispatcher, answered["code"], LEFT)

    takes_out(dispatcher, answered["code"], SAID)

    assert SAID in read(desk, answered)
    assert not desk.scalar("select count(*) from redacted_reply where words = :left", left=SAID)


@pytest.mark.parametrize(
    ("lang", "sentence"), [("vi", "Để lại vài chữ"), ("en", "Leave a few words")]
)
def test_something_is_left_to_read(
    desk: Desk, answered: dict[str, Any], lang: str, sentence: str
) -> None:
    answer = takes_out(desk.at(Role.DISPATCHER, lang=lang), answered["code"], " ")

    assert answer.status_code == 422
    assert sentence in words(answer)
    assert SAID in read(desk, answered)


def test_the_second_of_two_sees_what_the_first_wrote(desk: Desk, answered: dict[str, Any]) -> None:
    dispatcher, code = desk.at(Role.DISPATCHER), answered["code"]
    before = dispatcher.get(f"/reports/{code}/redact").text
    takes_out(dispatcher, code, LEFT)

    late = takes_out(dispatcher, code, "Đã dọn xong.", page=before)

    assert late.status_code == 409
    assert "Người khác vừa sửa chữ công chúng đọc" in words(late)
    assert ">Đã dọn xong.</textarea>" in late.text
    assert LEFT in read(desk, answered)


def test_only_dispatchers_and_only_replies(desk: Desk, answered: dict[str, Any]) -> None:
    code, dispatcher = answered["code"], desk.at(Role.DISPATCHER)
    change = "select id from status_change where report_id = :id and step = :step"
    reply = desk.scalar(change, id=answered["id"], step="resolve")
    other = desk.scalar(change, id=answered["id"], step="start")
    officer = desk.at(Role.OFFICER, desk.office_of(answered["id"]))

    refused = officer.post(f"/reports/{code}/replies/{reply}/words", words="x")
    absent = dispatcher.post(f"/reports/{code}/replies/{other}/words", words="x")

    assert (refused.status_code, absent.status_code) == (403, 404)
    assert SAID in read(desk, answered)

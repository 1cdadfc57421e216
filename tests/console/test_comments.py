"""Comments that wait to be published: read, shown or hidden by dispatchers."""

from typing import Any
from uuid import uuid4

import pytest

from app.auth.scopes import Scope
from app.database import db
from reports.statuses import Role
from tests.console.conftest import Desk, words
from tests.open311.conftest import a_client


@pytest.fixture
def public_report(desk: Desk) -> dict[str, Any]:
    sent = desk.submits()
    desk.accepted(sent["id"])
    return sent


def said_on(desk: Desk, report: dict[str, Any], text: str) -> str:
    body = {"id": str(uuid4()), "text": text}
    desk.call("POST", f"/reports/{report['id']}/comments", desk.resident(), json=body)
    return body["id"]


def public_words(desk: Desk, report: dict[str, Any]) -> str:
    return str(desk.call("GET", f"/reports/{report['id']}/timeline"))


def test_a_comment_is_read_with_its_report_and_published(
    desk: Desk, public_report: dict[str, Any]
) -> None:
    comment = said_on(desk, public_report, "Đoạn này tối nào cũng ngập.")
    dispatcher = desk.at(Role.DISPATCHER)
    seen = dispatcher.sees("/comments")
    assert "Đoạn này tối nào cũng ngập." in seen
    assert public_report["code"] in seen

    answer = dispatcher.post("/comments", publish=comment)

    assert "Đã công khai 1 bình luận." in words(answer)
    assert "Đoạn này tối nào cũng ngập." in public_words(desk, public_report)
    assert "Đoạn này tối nào cũng ngập." not in dispatcher.sees("/comments")


def test_several_are_hidden_at_once(desk: Desk, public_report: dict[str, Any]) -> None:
    chosen = [said_on(desk, public_report, f"Lời mắng số {number}") for number in (1, 2)]
    kept = said_on(desk, public_report, "Cảm ơn trung tâm.")
    dispatcher = desk.at(Role.DISPATCHER, lang="en")

    answer = dispatcher.post("/comments", act="hide", comment=chosen)

    assert "2 comments hidden." in words(answer)
    assert "Lời mắng" not in public_words(desk, public_report)
    assert "Cảm ơn trung tâm." in dispatcher.sees("/comments")
    dispatcher.post("/comments", publish=kept)


def test_what_somebody_else_settled_stays_so(desk: Desk, public_report: dict[str, Any]) -> None:
    comment = said_on(desk, public_report, "Ai đó đã ẩn.")
    dispatcher = desk.at(Role.DISPATCHER)
    dispatcher.post("/comments", hide=comment)

    answer = dispatcher.post("/comments", publish=comment)

    assert "Người khác vừa xử lý xong" in words(answer)
    assert "Ai đó đã ẩn." not in public_words(desk, public_report)


def test_nothing_chosen_is_said_on_the_same_page(desk: Desk, public_report: dict[str, Any]) -> None:
    comment = said_on(desk, public_report, "Chưa ai chọn lời này.")
    vi = desk.at(Role.DISPATCHER).post("/comments", act="hide")
    en = desk.at(Role.DISPATCHER, lang="en").post("/comments", act="hide")

    assert (vi.status_code, en.status_code) == (422, 422)
    assert words(vi).count("Chọn ít nhất một bình luận.") == 1
    assert words(en).count("Choose at least one comment.") == 1
    assert "Chưa ai chọn lời này." in words(vi)
    desk.at(Role.DISPATCHER).post("/comments", hide=comment)


@pytest.mark.parametrize("act", ["publish", "hide"])
def test_what_was_just_done_is_taken_back(
    desk: Desk, public_report: dict[str, Any], act: str
) -> None:
    comment = said_on(desk, public_report, f"Lời vừa bấm nhầm {act}.")
    dispatcher = desk.at(Role.DISPATCHER)
    done = dispatcher.post("/comments", **{act: comment})
    assert "Hoàn tác" in words(done)

    undone = dispatcher.post("/comments/undo", act=act, comment=comment)

    assert "Đã hoàn tác, 1 bình luận chờ đăng như trước." in words(undone)
    assert f"Lời vừa bấm nhầm {act}." in words(undone)
    assert "Lời vừa bấm nhầm" not in public_words(desk, public_report)
    dispatcher.post("/comments", hide=comment)


def test_what_somebody_hid_meanwhile_is_not_taken_back(
    desk: Desk, public_report: dict[str, Any]
) -> None:
    comment = said_on(desk, public_report, "Đăng rồi, người khác ẩn.")
    dispatcher = desk.at(Role.DISPATCHER)
    dispatcher.post("/comments", publish=comment)
    dispatcher.post(f"/reports/{public_report['code']}/comments/{comment}/hide")

    answer = dispatcher.post("/comments/undo", act="publish", comment=comment)

    assert "Người khác vừa xử lý xong" in words(answer)
    assert "người khác ẩn" not in dispatcher.sees("/comments")


def test_a_comment_is_hidden_and_published_again_in_its_reports_story(
    desk: Desk, public_report: dict[str, Any]
) -> None:
    comment = said_on(desk, public_report, "Đọc trong diễn biến.")
    dispatcher = desk.at(Role.DISPATCHER)
    dispatcher.post("/comments", publish=comment)
    story = f"/reports/{public_report['code']}"
    assert "Ẩn bình luận" in dispatcher.sees(story)

    hidden = dispatcher.post(f"{story}/comments/{comment}/hide")
    unseen = "Đọc trong diễn biến." not in public_words(desk, public_report)
    shown = dispatcher.post(f"{story}/comments/{comment}/publish")

    assert unseen
    assert "Đã ẩn bình luận." in words(hidden)
    assert "Công khai bình luận" in words(hidden)
    assert "Đã công khai bình luận." in words(shown)
    assert "Đọc trong diễn biến." in public_words(desk, public_report)
    officer = desk.at(Role.OFFICER, desk.office_of(public_report["id"]))
    assert "Ẩn bình luận" not in officer.sees(story)
    assert officer.post(f"{story}/comments/{comment}/hide").status_code == 403


@pytest.mark.parametrize("role", [Role.OFFICER, Role.HEAD, Role.LEADER, Role.ADMIN])
def test_only_dispatchers_publish(desk: Desk, public_report: dict[str, Any], role: Role) -> None:
    comment = said_on(desk, public_report, "Chờ người ở trung tâm.")
    somebody = desk.at(role, "so-xay-dung")

    assert somebody.get("/comments").status_code == 403
    assert somebody.post("/comments", publish=comment).status_code == 403
    assert "Chờ người ở trung tâm." not in public_words(desk, public_report)


def test_what_another_system_wrote_is_not_taken_for_a_residents_words(desk: Desk) -> None:
    report = desk.submits()
    desk.accepted(report["id"])
    with desk.app.app_context():
        _, key = a_client("Phần mềm của sở", Scope.UPDATES_WRITE)
        db.session.remove()
    update = {"api_key": key, "service_request_id": report["code"], "update_id": "1",
              "status": "IN_PROGRESS", "updated_datetime": "2026-11-21T10:00:00Z",
              "description": "Đội đang tới."}  # fmt: skip

    sent = desk.app.test_client().post("/open311/v2/servicerequestupdates.json", data=update)

    assert sent.status_code == 200, sent.text
    dispatcher = desk.at(Role.DISPATCHER)
    page = f"/reports/{report['code']}"
    for path in ("/comments", page, f"{page}/print?notes=1"):
        assert "Hệ thống khác: Phần mềm của sở" in dispatcher.sees(path), path

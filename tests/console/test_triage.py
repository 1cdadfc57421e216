"""Triage: one report at a time, settled with one key, by dispatchers alone."""

import re
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from app.clock import now
from app.database import db
from reports import workflow
from reports.statuses import Role
from tests.console.conftest import Browser, Desk, words
from tests.console.forms import a_picture, form_of

SAME_SPOT = {"lat": 16.4702, "lng": 107.5901}


@pytest.fixture(autouse=True)
def _nothing_waits(desk: Desk) -> None:
    """What other tests sent is over."""
    over = text("update report set status = 'closed', closed_at = now() where status <> 'closed'")
    with desk.app.app_context(), db.engine.begin() as connection:
        connection.execute(over)


def settle(who: Browser, code: str, act: str, **fields: str) -> str:
    page = who.get("/triage").text
    answer = who.post(f"/triage/{code}/{act}", **form_of(page, act), **fields)
    return words(answer)


def status_of(desk: Desk, report_id: str) -> str:
    return str(desk.scalar("select status from report where id = :id", id=report_id))


def test_a_report_is_accepted_as_proposed_and_the_next_one_stands_there(desk: Desk) -> None:
    first = desk.submits(description="Ổ gà trước chợ Đông Ba, xe máy ngã.")
    second = desk.submits(description="Cống nghẹt đường Lê Lợi.")
    dispatcher = desk.at(Role.DISPATCHER)
    assert "Còn 2 phản ánh" in dispatcher.sees("/triage")

    seen = settle(dispatcher, first["code"], "accept")

    assert status_of(desk, first["id"]) == "accepted"
    assert "Đã tiếp nhận." in seen
    assert second["code"] in seen
    assert desk.call("GET", f"/reports/{first['code']}")["status"] == "accepted"


def test_office_urgency_and_holding_back_are_chosen_before_accepting(desk: Desk) -> None:
    sent = desk.submits()
    dispatcher = desk.at(Role.DISPATCHER)

    settle(dispatcher, sent["code"], "accept", office="so-xay-dung", urgent="yes", hold_back="yes")

    assert desk.office_of(sent["id"]) == "so-xay-dung"
    told = desk.call("GET", f"/reports/{sent['id']}", desk.official(Role.DISPATCHER))
    assert told["urgent"]
    assert told["held_back"]
    assert not told["published"]


def test_an_unknown_office_is_told_in_both_languages_and_nothing_is_done(desk: Desk) -> None:
    sent = desk.submits()
    fields = {"id": str(uuid4()), "seen": "1", "office": "so-nao-do", "urgent": "yes"}

    vi = desk.at(Role.DISPATCHER).post(f"/triage/{sent['code']}/accept", **fields)
    en = desk.at(Role.DISPATCHER, lang="en").post(f"/triage/{sent['code']}/accept", **fields)

    assert vi.status_code == 422
    assert "Không có đơn vị này" in words(vi)
    assert "There is no such office" in words(en)
    assert re.search(r'name="urgent" value="yes"[^>]* checked', vi.text), "what was chosen is kept"
    assert status_of(desk, sent["id"]) == "submitted"


def test_a_rejection_tells_the_reporter_the_usual_words_or_ones_own(desk: Desk) -> None:
    usual, own = desk.submits(), desk.submits()
    dispatcher = desk.at(Role.DISPATCHER)

    settle(dispatcher, usual["code"], "reject", reason="unclear")
    settle(dispatcher, own["code"], "reject", reason="other", note="Đã có dự án riêng ở đây.")

    notes = "select note from status_change where report_id = :id and step = 'reject'"
    assert "chưa rõ" in desk.scalar(notes, id=usual["id"])
    assert desk.scalar(notes, id=own["id"]) == "Đã có dự án riêng ở đây."


def test_a_rejection_without_a_reason_is_not_taken(desk: Desk) -> None:
    sent = desk.submits()
    dispatcher = desk.at(Role.DISPATCHER)
    page = dispatcher.get("/triage").text

    answer = dispatcher.post(
        f"/triage/{sent['code']}/reject", **form_of(page, "reject"), note="Vì sao thì chưa chọn."
    )

    assert answer.status_code == 422
    assert "Chọn lý do không tiếp nhận." in words(answer)
    assert "Vì sao thì chưa chọn." in answer.text
    assert status_of(desk, sent["id"]) == "submitted"


def test_the_likely_same_one_stands_beside_it_is_merged_and_taken_apart_again(desk: Desk) -> None:
    lead = desk.submits(description="Nắp cống vỡ.", **SAME_SPOT)
    desk.accepted(lead["id"])
    twin = desk.submits(description="Cống mất nắp.", **SAME_SPOT)
    dispatcher = desk.at(Role.DISPATCHER)
    assert "Có thể là cùng một việc" in dispatcher.sees("/triage")

    page = dispatcher.get("/triage").text
    answer = dispatcher.post(f"/triage/{twin['code']}/merge", **form_of(page, "merge"))

    assert status_of(desk, twin["id"]) == "merged"
    dispatcher.post(f"/triage/{twin['code']}/undo", **form_of(answer.text, "undo"))
    assert status_of(desk, twin["id"]) == "submitted"


def test_a_passed_over_report_comes_again_from_the_beginning(desk: Desk) -> None:
    sent = desk.submits()
    dispatcher = desk.at(Role.DISPATCHER)
    skip = re.search(r'href="/console(/triage\?after=[^"]*)"', dispatcher.get("/triage").text)
    assert skip

    seen = dispatcher.sees(skip[1].replace("&amp;", "&"))

    assert "Đã tới cuối danh sách" in seen
    assert sent["code"] in dispatcher.sees("/triage")


def test_what_was_taken_by_itself_is_looked_at_once_and_published(desk: Desk) -> None:
    sent = desk.submits()
    with desk.app.app_context():
        report = workflow.locked(UUID(sent["id"]))
        assert report
        workflow.accept_by_itself(report, at=now())
        db.session.commit()
    dispatcher = desk.at(Role.DISPATCHER)
    assert "Đã được tiếp nhận và chuyển tự động" in dispatcher.sees("/triage")

    seen = settle(dispatcher, sent["code"], "accept", office="so-xay-dung")

    assert "Đã xem xong." in seen
    assert desk.scalar("select shown from report where id = :id", id=sent["id"])
    assert desk.office_of(sent["id"]) == "so-xay-dung"
    assert "Không còn phản ánh nào chưa xem" in dispatcher.sees("/triage")


def test_the_list_tells_what_it_holds_and_each_report_which_of_the_two_it_is(desk: Desk) -> None:
    desk.submits()

    vi = desk.at(Role.DISPATCHER).sees("/triage")
    en = desk.at(Role.DISPATCHER, lang="en").sees("/triage")

    assert "Chưa xem Câu trả lời" in vi
    assert "Chờ trung tâm tiếp nhận." in vi
    assert "Not seen yet Answers" in en
    assert "Waits for the centre to accept it." in en


def test_two_dispatchers_do_not_settle_one_report_twice(desk: Desk) -> None:
    sent = desk.submits()
    dispatcher = desk.at(Role.DISPATCHER)
    page = dispatcher.get("/triage").text
    desk.accepted(sent["id"])

    answer = dispatcher.post(
        f"/triage/{sent['code']}/reject", **form_of(page, "reject"), reason="abusive"
    )

    assert answer.status_code == 412
    assert status_of(desk, sent["id"]) == "accepted"


def test_two_dispatchers_work_through_one_list_without_meeting(desk: Desk) -> None:
    codes = {desk.submits()["code"], desk.submits()["code"]}
    one, other = desk.at(Role.DISPATCHER), desk.at(Role.DISPATCHER, "hue-ioc")

    shown = [re.search(r'data-code="([^"]+)"', who.get("/triage").text) for who in (one, other)]

    assert {found[1] for found in shown if found} == codes


def _answered(desk: Desk, description: str) -> dict[str, str]:
    sent = desk.submits(description=description)
    desk.accepted(sent["id"])
    officer = desk.officer_of(sent["id"])
    desk.takes(officer, "start", sent["id"])
    photo = desk.photo(officer, a_picture())
    desk.takes(
        officer,
        "resolve",
        sent["id"],
        outcome="fixed",
        note="Đã thông cống sáng nay.",
        photos=[photo],
    )
    return sent


def test_an_answer_is_read_before_and_after_and_remembered_as_read(desk: Desk) -> None:
    sent = _answered(desk, "Cống nghẹt trước trường.")
    dispatcher = desk.at(Role.DISPATCHER)
    page = dispatcher.get("/triage?check=1")
    assert "Đã thông cống sáng nay." in words(page)
    assert 'alt="Ảnh sau 1"' in page.text

    dispatcher.post(f"/triage/{sent['code']}/checked?check=1", **form_of(page.text, "checked"))

    assert "Không còn câu trả lời nào chờ xem" in dispatcher.sees("/triage?check=1")
    assert status_of(desk, sent["id"]) == "resolved"


def test_an_answer_that_nobody_has_read_is_not_marked_as_read(desk: Desk) -> None:
    sent = _answered(desk, "Cống nghẹt sau trường.")
    dispatcher = desk.at(Role.DISPATCHER)
    seen = form_of(dispatcher.get("/triage?check=1").text, "checked")
    version = "select version from report where id = :id"
    desk.takes(desk.official(Role.DISPATCHER), "send_back", sent["id"], note="Thiếu ảnh.")
    officer = desk.officer_of(sent["id"])
    photo = desk.photo(officer, a_picture("red", "green"))
    desk.takes(officer, "resolve", sent["id"], outcome="fixed", note="Làm lại.", photos=[photo])
    assert desk.scalar(version, id=sent["id"]) > int(seen["seen"])

    answer = dispatcher.post(f"/triage/{sent['code']}/checked?check=1", **seen)

    assert answer.status_code == 412
    assert "Làm lại." in words(answer)
    assert desk.scalar("select checked_at from report where id = :id", id=sent["id"]) is None


@pytest.mark.parametrize("chosen", [{"publish": "yes"}, {}])
def test_what_was_answered_before_anybody_looked_is_published_with_its_answer(
    desk: Desk, chosen: dict[str, str]
) -> None:
    sent = desk.submits()
    with desk.app.app_context():
        report = workflow.locked(UUID(sent["id"]))
        assert report
        workflow.accept_by_itself(report, at=now())
        db.session.commit()
    officer = desk.officer_of(sent["id"])
    desk.takes(officer, "start", sent["id"])
    photo = desk.photo(officer, a_picture())
    desk.takes(officer, "resolve", sent["id"], outcome="fixed", note="Xong.", photos=[photo])
    dispatcher = desk.at(Role.DISPATCHER)
    page = dispatcher.get("/triage?check=1").text
    assert re.search(r'name="publish" value="yes"[^>]* checked', page)

    dispatcher.post(
        f"/triage/{sent['code']}/checked?check=1",
        **form_of(page, "checked"),
        **chosen,
    )

    assert desk.scalar("select shown from report where id = :id", id=sent["id"]) is bool(chosen)
    assert "Không còn câu trả lời nào chờ xem" in dispatcher.sees("/triage?check=1")


def test_an_answer_that_lacks_something_goes_back_with_what(desk: Desk) -> None:
    sent = _answered(desk, "Cống nghẹt sau chợ.")
    dispatcher = desk.at(Role.DISPATCHER)
    page = dispatcher.get("/triage?check=1").text
    fields = form_of(page, "send_back")

    empty = dispatcher.post(f"/triage/{sent['code']}/send_back?check=1", **fields)
    sent_back = dispatcher.post(
        f"/triage/{sent['code']}/send_back?check=1", **fields, note="Chưa có ảnh hố ga."
    )

    assert empty.status_code == 422
    assert "Đã gửi lại cho đơn vị." in words(sent_back)
    assert status_of(desk, sent["id"]) == "in_progress"


@pytest.mark.parametrize("role", [Role.OFFICER, Role.HEAD, Role.LEADER, Role.ADMIN])
def test_only_dispatchers_triage(desk: Desk, role: Role) -> None:
    sent = desk.submits()
    somebody = desk.at(role, "so-xay-dung")

    assert somebody.get("/triage").status_code == 403
    fields = {"id": str(uuid4()), "seen": "1"}
    assert somebody.post(f"/triage/{sent['code']}/accept", **fields).status_code == 403
    assert status_of(desk, sent["id"]) == "submitted"


def test_what_is_hours_old_is_said_to_be_late_before_it_is_called_urgent(desk: Desk) -> None:
    sent = desk.submits(category="o-nhiem")
    dispatcher = desk.at(Role.DISPATCHER)
    assert "quá hạn ngay" not in dispatcher.sees("/triage")

    older = text("update report set submitted_at = now() - interval '5 hours' where id = :id")
    with desk.app.app_context(), db.engine.begin() as connection:
        connection.execute(older, {"id": sent["id"]})

    assert "Đánh dấu khẩn thì quá hạn ngay" in dispatcher.sees("/triage")
    assert "quá hạn ngay" in dispatcher.sees(f"/reports/{sent['code']}?step=accept")

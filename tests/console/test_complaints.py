"""Complaints about what is published: made on the phone, decided at the centre, answered."""

from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text

from app.database import db
from reports import complaints
from reports.city import snapshot
from reports.desk import waiting_comments
from reports.permissions import Viewer
from reports.statuses import Role
from tests.console.conftest import Browser, Desk, words
from tests.console.forms import a_picture
from tests.console.test_redaction import covers, takes_out


@pytest.fixture
def public_report(desk: Desk) -> dict[str, Any]:
    somebody = desk.resident()
    photo = desk.photo(somebody, a_picture())
    sent = desk.submits(somebody, photos=[photo], description="Ông Ba bán hàng lấn vỉa hè.")
    desk.accepted(sent["id"])
    return sent | {"photo": photo}


def complains(desk: Desk, report: dict[str, Any], token: str, **body: Any) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}", "Accept-Language": "vi"}
    told = {"id": str(uuid4()), "text": "Đây là tên của bố tôi."} | body
    with httpx.Client(transport=httpx.WSGITransport(app=desk.app)) as client:
        address = f"{desk.url}/api/v1/reports/{report['id']}/complaints"
        return client.post(address, headers=headers, json=told)


def decides(who: Browser, complaint: httpx.Response, act: str, answer: str = "Cảm ơn bạn.") -> Any:
    return who.post(f"/complaints/{complaint.json()['id']}/{act}", answer=answer)


def heard(desk: Desk, token: str) -> list[str]:
    return [one["kind"] for one in desk.call("GET", "/me/messages", token)["items"]]


def test_a_guest_complains_and_a_dispatcher_hides_the_report(
    desk: Desk, public_report: dict[str, Any]
) -> None:
    guest = desk.resident()
    complaint = complains(desk, public_report, guest)
    assert complaint.status_code == 201
    dispatcher = desk.at(Role.DISPATCHER)
    assert "Đây là tên của bố tôi." in dispatcher.sees("/complaints")

    answer = decides(dispatcher, complaint, "hide")

    assert "Đã ẩn" in words(answer)
    assert not desk.scalar("select shown from report where id = :id", id=public_report["id"])
    assert heard(desk, guest) == ["complaint_upheld"]
    told = desk.call("GET", f"/complaints/{complaint.json()['id']}", guest)
    assert (told["decision"], told["answer"]) == ("upheld", "Cảm ơn bạn.")


def test_a_refused_one_leaves_all_as_it_is_and_is_answered(
    desk: Desk, public_report: dict[str, Any]
) -> None:
    guest = desk.resident()
    complaint = complains(desk, public_report, guest)

    decides(desk.at(Role.DISPATCHER), complaint, "refuse", "Nội dung không nêu tên ai.")

    assert desk.scalar("select shown from report where id = :id", id=public_report["id"])
    assert heard(desk, guest) == ["complaint_refused"]


def test_nobody_is_told_before_the_photo_is_covered(
    desk: Desk, public_report: dict[str, Any]
) -> None:
    guest, dispatcher = desk.resident(), desk.at(Role.DISPATCHER)
    complaint = complains(desk, public_report, guest, photo=public_report["photo"])

    page = words(decides(dispatcher, complaint, "redact", "Biển số đã được che."))

    assert "Lời báo về một ảnh" in page
    assert "Đây là tên của bố tôi." in page
    assert heard(desk, guest) == []
    told = desk.call("GET", f"/complaints/{complaint.json()['id']}", guest)
    assert (told["decision"], told["answer"]) == (None, None)
    waits = dispatcher.sees("/complaints")
    assert "Đang che" in waits
    assert "Biển số đã được che." in waits

    answer = words(covers(dispatcher, public_report["photo"]))

    assert "Đã che, và báo cho người đã gửi lời báo." in answer
    assert heard(desk, guest) == ["complaint_upheld"]
    told = desk.call("GET", f"/complaints/{complaint.json()['id']}", guest)
    assert (told["decision"], told["answer"]) == ("upheld", "Biển số đã được che.")
    assert "Đây là tên của bố tôi." not in dispatcher.sees("/complaints")


def test_words_settle_what_is_about_the_report_and_not_what_is_about_a_photo(
    desk: Desk, public_report: dict[str, Any]
) -> None:
    about_words, about_photo = desk.resident(), desk.resident()
    dispatcher, code = desk.at(Role.DISPATCHER), public_report["code"]
    decides(dispatcher, complains(desk, public_report, about_words), "redact")
    of_photo = complains(desk, public_report, about_photo, photo=public_report["photo"])
    decides(dispatcher, of_photo, "redact")

    page = words(takes_out(dispatcher, code, "Bán hàng lấn vỉa hè."))

    assert "báo cho người đã gửi lời báo" in page
    assert (heard(desk, about_words), heard(desk, about_photo)) == (["complaint_upheld"], [])
    assert "Lời báo về một ảnh" in page, "this one still waits"


def test_words_that_stay_as_they_are_settle_nothing(
    desk: Desk, public_report: dict[str, Any]
) -> None:
    guest, dispatcher = desk.resident(), desk.at(Role.DISPATCHER)
    decides(dispatcher, complains(desk, public_report, guest), "redact")

    takes_out(dispatcher, public_report["code"], "Ông Ba bán hàng lấn vỉa hè.")

    assert heard(desk, guest) == []


def test_redacting_is_put_back_and_the_answer_stays_as_a_draft(
    desk: Desk, public_report: dict[str, Any]
) -> None:
    guest, dispatcher = desk.resident(), desk.at(Role.DISPATCHER)
    complaint = complains(desk, public_report, guest)
    decides(dispatcher, complaint, "redact", "Tên đã được bỏ.")

    page = decides(dispatcher, complaint, "put_back", "")

    assert "Đã thôi che. Lời báo vẫn chờ quyết định." in words(page)
    assert ">Tên đã được bỏ.</textarea>" in page.text
    takes_out(dispatcher, public_report["code"], "Bán hàng lấn vỉa hè.")
    assert heard(desk, guest) == [], "it was put back: somebody decides it by itself"


def test_a_comment_is_not_redacted_in_part(desk: Desk, public_report: dict[str, Any]) -> None:
    body = {"id": str(uuid4()), "text": "Ông Ba hay quát khách."}
    desk.call("POST", f"/reports/{public_report['id']}/comments", desk.resident(), json=body)
    dispatcher = desk.at(Role.DISPATCHER)
    dispatcher.post("/comments", publish=body["id"])
    complaint = complains(desk, public_report, desk.resident(), comment=body["id"])

    answer = decides(dispatcher, complaint, "redact")

    assert answer.status_code == 409
    assert "Bình luận không che một phần được." in words(answer)


def test_what_is_about_ones_own_office_is_not_counted_either(
    desk: Desk, public_report: dict[str, Any]
) -> None:
    complains(desk, public_report, desk.resident())
    told = {"id": str(uuid4()), "text": "Tôi cũng thấy vậy."}
    desk.call("POST", f"/reports/{public_report['id']}/comments", desk.resident(), json=told)
    with desk.app.app_context():
        centre = snapshot.current().centre
        mine = Viewer(uuid4(), frozenset({(Role.DISPATCHER, centre.id)}))
        before = complaints.count_waiting(mine), waiting_comments.count(mine)
        accused = {"office": centre.id, "id": public_report["id"]}
        db.session.execute(
            text("update report set accused_office_id = :office where id = :id"), accused
        )
        db.session.commit()

        after = complaints.count_waiting(mine), waiting_comments.count(mine)

    assert after == (before[0] - 1, before[1] - 1)


def test_a_comment_alone_is_hidden(desk: Desk, public_report: dict[str, Any]) -> None:
    body = {"id": str(uuid4()), "text": "Ông Ba là kẻ xấu."}
    path = f"/reports/{public_report['id']}/comments"
    desk.call("POST", path, desk.resident(), json=body)
    dispatcher = desk.at(Role.DISPATCHER)
    dispatcher.post("/comments", publish=body["id"])
    complaint = complains(desk, public_report, desk.resident(), comment=body["id"])

    decides(dispatcher, complaint, "hide")

    assert "kẻ xấu" not in str(desk.call("GET", f"/reports/{public_report['id']}/timeline"))
    assert desk.scalar("select shown from report where id = :id", id=public_report["id"])


def test_a_repeat_is_the_same_complaint(desk: Desk, public_report: dict[str, Any]) -> None:
    guest, complaint_id = desk.resident(), str(uuid4())

    first = complains(desk, public_report, guest, id=complaint_id)
    again = complains(desk, public_report, guest, id=complaint_id)
    other = complains(desk, public_report, guest, id=complaint_id, text="Điều khác.")
    somebody = complains(desk, public_report, desk.resident(), id=complaint_id)

    codes = [one.status_code for one in (first, again, other, somebody)]
    assert codes == [201, 200, 409, 409]


def test_only_what_is_public_is_complained_of(desk: Desk, public_report: dict[str, Any]) -> None:
    sender = desk.resident()
    unpublished = desk.submits(sender)
    elsewhere = desk.submits(sender, photos=[desk.photo(sender, a_picture("red", "blue"))])
    photo = desk.scalar("select id from photo where report_id = :id", id=elsewhere["id"])

    assert complains(desk, unpublished, desk.resident()).status_code == 404
    assert complains(desk, unpublished, sender).status_code == 404
    assert complains(desk, public_report, sender, photo=str(photo)).status_code == 422
    assert complains(desk, public_report, sender, text=" ").status_code == 422


def test_a_decision_needs_an_answer_and_is_made_once(
    desk: Desk, public_report: dict[str, Any]
) -> None:
    complaint = complains(desk, public_report, desk.resident())
    vi, en = desk.at(Role.DISPATCHER), desk.at(Role.DISPATCHER, lang="en")

    assert "Viết câu trả lời" in words(decides(vi, complaint, "hide", " "))
    assert "Write an answer" in words(decides(en, complaint, "hide", " "))
    assert desk.scalar("select shown from report where id = :id", id=public_report["id"])
    decides(vi, complaint, "refuse")
    late = decides(vi, complaint, "hide")
    assert late.status_code == 409
    assert desk.scalar("select shown from report where id = :id", id=public_report["id"])


def test_nobody_reads_anothers_complaint(desk: Desk, public_report: dict[str, Any]) -> None:
    complaint = complains(desk, public_report, desk.resident()).json()

    with pytest.raises(AssertionError, match="404"):
        desk.call("GET", f"/complaints/{complaint['id']}", desk.resident())


@pytest.mark.parametrize("role", [Role.OFFICER, Role.HEAD, Role.LEADER, Role.ADMIN])
def test_only_dispatchers_decide(desk: Desk, public_report: dict[str, Any], role: Role) -> None:
    complaint = complains(desk, public_report, desk.resident())
    somebody = desk.at(role, desk.office_of(public_report["id"]))

    assert somebody.get("/complaints").status_code == 403
    assert decides(somebody, complaint, "hide").status_code == 403
    assert desk.scalar("select shown from report where id = :id", id=public_report["id"])

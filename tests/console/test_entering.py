"""A report written down for somebody who calls, comes or writes."""

import re
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from werkzeug.test import TestResponse

from app.database import db
from reports import identity
from reports.models import Report
from reports.statuses import Role
from tests.console.conftest import Desk, words
from tests.console.forms import a_picture

CALL = {
    "act": "send",
    "source": "phone",
    "category": "ngap-nuoc",
    "description": "Bà cụ gọi: nước tràn vào nhà ở kiệt 12.",
    "place": "16.4675, 107.5885",
    "place_note": "kiệt 12 Lê Lợi",
    "identity": "confidential",
}
AGREED = {"phone": "0905 111 222", "name": "Nguyễn Thị Lan", "consent": "yes"}


def entered(desk: Desk, lang: str = "vi", **fields: Any) -> TestResponse:
    form = {"id": str(uuid4())} | CALL | fields
    return desk.at(Role.DISPATCHER, lang=lang).post("/enter", **form)


def stored(desk: Desk, report_id: str) -> Report:
    with desk.app.app_context():
        return db.session.get_one(Report, UUID(report_id))


def test_a_call_becomes_a_report_under_the_callers_number(desk: Desk) -> None:
    report_id = str(uuid4())

    answer = entered(desk, id=report_id, **AGREED, sms="yes")

    report = stored(desk, report_id)
    assert "Đọc mã này cho người đó" in words(answer)
    assert report.code[:3] in words(answer)
    assert (report.source, report.place_note) == ("phone", "kiệt 12 Lê Lợi")
    with desk.app.app_context():
        assert identity.account_of_phone("+84905111222") == report.reporter_id
        assert identity.own(report.reporter_id).name == "Nguyễn Thị Lan"
        assert identity.wants_sms(report.reporter_id)
    assert desk.scalar(
        "select count(*) from audit_entry where action = 'report.enter' and subject = :report",
        report=f"report:{report_id}",
    )


def test_a_second_call_comes_under_the_same_person_and_keeps_their_name(desk: Desk) -> None:
    first, second = str(uuid4()), str(uuid4())
    number = {"phone": "0905111333", "consent": "yes"}

    entered(desk, id=first, **number, name="Lan")
    entered(desk, id=second, **number, name="Bà Lan nào đó", source="desk")

    assert stored(desk, first).reporter_id == stored(desk, second).reporter_id
    with desk.app.app_context():
        assert identity.own(stored(desk, second).reporter_id).name == "Lan"


def test_somebody_may_leave_no_name_at_all(desk: Desk) -> None:
    guest, nobody = str(uuid4()), str(uuid4())

    entered(desk, id=guest)
    entered(desk, id=nobody, identity="anonymous")

    assert stored(desk, guest).identity == "confidential"
    assert stored(desk, nobody).identity == "anonymous"
    assert stored(desk, guest).reporter_id != stored(desk, nobody).reporter_id


def test_sending_twice_is_one_report(desk: Desk) -> None:
    report_id, before = str(uuid4()), desk.reports_stored()

    for _ in range(2):
        assert entered(desk, id=report_id).status_code == 200

    assert desk.reports_stored() == before + 1


def test_a_used_form_that_says_something_else_is_told_so_and_may_be_sent_as_another(
    desk: Desk,
) -> None:
    report_id = str(uuid4())
    entered(desk, id=report_id, **AGREED)
    before = desk.reports_stored()

    other = entered(desk, id=report_id, **AGREED, description="Cây đổ chắn đường Nguyễn Huệ.")
    caller = entered(desk, "en", id=report_id, phone="0905 111 999", consent="yes")

    assert (other.status_code, caller.status_code) == (409, 409)
    assert "đã ghi nhận một phản ánh có nội dung khác" in words(other)
    assert "has already entered a report that says something else" in words(caller)
    assert "Cây đổ chắn đường" in other.text, "what was written is kept"
    assert f'value="{report_id}"' not in other.text, "sent again, it is another report"
    assert desk.reports_stored() == before


def test_once_it_was_taken_the_tab_forgets_what_the_caller_said(desk: Desk) -> None:
    done = entered(desk)

    assert 'data-keeps="enter"' in desk.at(Role.DISPATCHER).get("/enter").text
    assert 'data-forgets="enter"' in done.text


def test_what_is_being_typed_belongs_to_whoever_is_signed_in(desk: Desk) -> None:
    dispatcher = desk.at(Role.DISPATCHER)

    page = dispatcher.get("/enter").text

    assert f'data-who="{dispatcher.account_id}"' in page
    assert "data-sign-out" in page
    assert "data-who" not in desk.stranger().get("/sign-in").text


@pytest.mark.parametrize(
    ("fields", "vi", "en"),
    [
        ({"phone": "0905111444"}, "Hỏi người đó có đồng ý", "Ask whether they agree"),
        ({**AGREED, "phone": "12"}, "số di động", "mobile number"),
        ({"sms": "yes"}, "Cần số điện thoại", "A number is needed"),
        ({**AGREED, "identity": "anonymous"}, "ẩn danh thì không lưu", "anonymous report keeps"),
        ({"place": ""}, "Cho biết chỗ", "Say where"),
        ({"place": "21.03, 105.85"}, "ngoài thành phố", "outside the city"),
        ({"category": ""}, "Chọn lĩnh vực.", "Choose a category."),
        ({"category": "den-duong"}, "Trả lời câu hỏi", "Answer the question"),
        ({"description": ""}, "Viết vài chữ", "Write a few words"),
    ],
)
def test_what_is_missing_is_told_and_nothing_is_lost_or_half_stored(
    desk: Desk, fields: dict[str, str], vi: str, en: str
) -> None:
    accounts = desk.scalar("select count(*) from account")
    reports = desk.reports_stored()
    desk.at(Role.DISPATCHER)
    accounts = desk.scalar("select count(*) from account")

    in_vi, in_en = entered(desk, **fields), entered(desk, "en", **fields)

    assert in_vi.status_code in {403, 422}
    assert vi.lower() in words(in_vi).lower()
    assert en.lower() in words(in_en).lower()
    assert "kiệt 12 Lê Lợi" in in_vi.text
    assert desk.reports_stored() == reports
    assert desk.scalar("select count(*) from account") == accounts


def test_all_that_is_missing_is_told_at_once_each_beside_its_field_and_above_them_all(
    desk: Desk,
) -> None:
    fields = {"category": "den-duong", "description": "", "place": "", "phone": "12", "sms": "yes"}

    answer = entered(desk, **fields)

    told = words(answer)
    assert answer.status_code == 422
    assert "Chưa gửi được, còn 5 chỗ cần xem lại" in told
    assert len(re.findall('<p class="field-error"', answer.text)) == 5
    for name in ("description", "answers-tinh-trang", "place", "phone", "consent"):
        assert f'href="#{name}"' in answer.text
        assert f'id="{name}"' in answer.text
        assert f'id="wrong-{name}"' in answer.text


def test_one_thing_to_put_right_is_told_as_one(desk: Desk) -> None:
    answer = entered(desk, "en", category="")

    assert "Not sent yet, one thing to put right: Category Choose a category." in words(answer)


def test_a_picture_that_cannot_be_read_is_told_with_the_rest_and_the_others_are_kept(
    desk: Desk,
) -> None:
    good, broken = (BytesIO(a_picture()), "anh.jpg"), (BytesIO(b"no picture"), "hong.jpg")
    other = (BytesIO(b"nor this"), "khac.jpg")

    answer = entered(desk, category="", photos=[broken, good, other])

    assert "hong.jpg: Tệp này không phải ảnh" in words(answer)
    assert "khac.jpg: Tệp này không phải ảnh" in words(answer)
    assert 'id="wrong-photos"' in answer.text
    assert 'id="wrong-category"' in answer.text
    assert answer.text.count('name="photo" value="') == 1
    assert entered(desk, photos=(BytesIO(b"no picture"), "hong.jpg")).status_code == 415


def test_the_map_shows_no_point_before_one_is_chosen(desk: Desk) -> None:
    empty = desk.at(Role.DISPATCHER).get("/enter").text
    chosen = entered(desk, act="", place="", place_found="16.4675, 107.5885").text

    assert re.search(r'<circle class="pin" hidden', empty)
    assert 'class="here"' not in empty
    assert re.search(r'<circle class="pin" cx', chosen)
    assert 'class="here"' in chosen


def test_a_place_is_found_by_its_name_and_chosen(desk: Desk) -> None:
    found = entered(desk, act="find", q="vỹ dạ", place="")
    assert "Vỹ Dạ" in words(found)
    assert "Bà cụ gọi" in found.text, "what was written is kept"

    chosen = entered(desk, act="", place="", place_found="16.4675, 107.5885")

    assert 'value="16.4675, 107.5885"' in chosen.text
    assert "Thuận Hóa" in words(chosen) or "Phú Xuân" in words(chosen)


def test_a_category_shows_its_own_questions_and_they_are_answered(desk: Desk) -> None:
    asked = entered(desk, act="look", category="ngap-nuoc")
    assert 'name="answers.muc-nuoc"' in asked.text
    report_id = str(uuid4())

    entered(desk, id=report_id, **{"answers.vao-nha": "yes"})

    assert stored(desk, report_id).answers == {"vao-nha": True}


def test_photos_are_kept_while_something_else_is_put_right(desk: Desk) -> None:
    report_id = str(uuid4())
    file = (BytesIO(a_picture()), "anh.jpg")
    again = entered(desk, id=report_id, category="", photos=file)
    assert again.status_code == 422
    kept = again.text.split('name="photo" value="')[1].split('"')[0]

    entered(desk, id=report_id, photo=kept)

    assert str(desk.scalar("select id from photo where report_id = :id", id=report_id)) == kept


def test_danger_is_pointed_to_the_number_to_call(desk: Desk) -> None:
    assert "114" in words(entered(desk, act="look", description="Cháy nhà ở đường Lê Lợi"))


@pytest.mark.parametrize("role", [Role.OFFICER, Role.HEAD, Role.LEADER, Role.ADMIN])
def test_only_dispatchers_enter_reports(desk: Desk, role: Role) -> None:
    before = desk.reports_stored()
    somebody = desk.at(role, "so-xay-dung")

    assert somebody.get("/enter").status_code == 403
    assert somebody.post("/enter", id=str(uuid4()), **CALL).status_code == 403
    assert desk.reports_stored() == before

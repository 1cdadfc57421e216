"""Categories and their questions at the console: what an import may do, a form may."""

import re

from reports.statuses import Role
from tests.console.conftest import Desk, words
from tests.console.filled import fields_of


def test_a_form_sent_as_it_stands_changes_nothing(desk: Desk) -> None:
    admin = desk.at(Role.ADMIN)
    before = desk.scalar("select md5(category::text) from category where code = 'ngap-nuoc'")

    answer = admin.post(
        "/city/categories/ngap-nuoc", **fields_of(admin, "/city/categories/ngap-nuoc")
    )

    assert "Không có gì thay đổi." in words(answer)
    assert (
        desk.scalar("select md5(category::text) from category where code = 'ngap-nuoc'") == before
    )


def test_a_change_counts_at_once_and_is_recorded_by_field(desk: Desk) -> None:
    admin = desk.at(Role.ADMIN)
    version = desk.scalar("select version from city")
    form = fields_of(admin, "/city/categories/nap-cong")

    admin.post("/city/categories/nap-cong", **form | {"deadline_days": "6", "unit": "hours"})

    assert "6 giờ làm việc" in admin.sees("/city/categories")
    assert desk.scalar("select version from city") == version + 1
    recorded = desk.scalar(
        "select array_to_string(array(select json_array_elements_text(to_json(fields))), ' ')"
        " from audit_entry where subject = 'category:nap-cong'"
    )
    assert "deadline_hours" in recorded


def test_what_an_import_would_refuse_is_told_beside_its_field(desk: Desk) -> None:
    admin, english = desk.at(Role.ADMIN), desk.at(Role.ADMIN, lang="en")
    form = fields_of(admin, "/city/categories/cay-xanh")
    wrong = {"name_en": "", "keywords": "cây đổ\n=", "deadline_days": "900"}

    vi = admin.post("/city/categories/cay-xanh", **form | wrong)
    en = english.post("/city/categories/cay-xanh", **form | wrong)

    assert vi.status_code == 422
    assert "“=”: Cần có chữ; dấu =, ^ chỉ đứng đầu." in words(vi)
    assert "Must be from 1 to 90." in words(en)
    assert "This field is missing." in words(en)
    assert 'value="900"' in vi.text
    assert desk.scalar("select deadline_days from category where code = 'cay-xanh'") != 900


def test_who_saves_an_older_look_is_told_and_loses_no_word(desk: Desk) -> None:
    first, second = desk.at(Role.ADMIN), desk.at(Role.ADMIN, lang="en")
    form = fields_of(first, "/city/categories/du-lich")
    first.post("/city/categories/du-lich", **form | {"help_vi": "Do người thứ nhất."})

    late = second.post("/city/categories/du-lich", **form | {"help_vi": "Do người thứ hai."})
    anew = fields_of(second, "/city/categories/du-lich")
    again = second.post(
        "/city/categories/du-lich", **form | {"help_vi": "Do người thứ hai.", "seen": anew["seen"]}
    )

    assert late.status_code == 409
    assert "Somebody has just changed this" in words(late)
    assert "Do người thứ hai." in words(late)
    assert again.status_code == 200


def test_a_new_category_is_offered_and_a_taken_code_is_not(desk: Desk) -> None:
    admin = desk.at(Role.ADMIN)
    form = {
        "code": "cho-tha-rong", "name_vi": "Chó thả rông", "name_en": "Stray dogs",
        "group": "ha-tang", "icon": "droplets", "position": "900", "deadline_days": "3",
        "unit": "days", "keywords": "chó thả\nchó dữ",
    }  # fmt: skip

    added = admin.post("/city/categories/new", **form)
    twice = admin.post("/city/categories/new", **form)

    assert "Chó thả rông" in words(added)
    assert "cho-tha-rong" in {one["code"] for one in desk.call("GET", "/categories")["items"]}
    assert twice.status_code == 422
    assert "Mã này đã có." in words(twice)


def test_a_retired_category_sends_drafts_to_its_successor(desk: Desk) -> None:
    admin = desk.at(Role.ADMIN)
    form = fields_of(admin, "/city/categories/di-tich")
    today = desk.scalar("select (now() at time zone 'Asia/Ho_Chi_Minh')::date::text")

    answer = admin.post(
        "/city/categories/di-tich", **form | {"valid_until": today, "successor": "khac"}
    )

    assert answer.status_code == 200
    assert desk.submits(category="di-tich")["category"]["code"] == "khac"
    assert desk.scalar("select count(*) from category where code = 'di-tich'") == 1


def test_a_question_is_added_asked_changed_and_retired(desk: Desk) -> None:
    admin = desk.at(Role.ADMIN)
    questions = "/city/categories/khac/questions"
    form = {
        "text_vi": "Việc này lâu chưa?", "text_en": "Since when?", "kind": "choice",
        "required": "yes", "options": "4",
        "o0_vi": "Hôm nay", "o0_en": "Today", "o2_vi": "Đã lâu", "o2_en": "For long",
    }  # fmt: skip

    admin.post(f"{questions}/new", **form)
    asked = asked_of(desk, "khac")
    admin.post(f"{questions}/viec-nay-lau-chua/retire")
    retired = asked_of(desk, "khac")
    admin.post(f"{questions}/viec-nay-lau-chua/retire", again="yes")

    assert [one["code"] for one in asked] == ["viec-nay-lau-chua"]
    assert [one["code"] for one in asked[0]["options"]] == ["hom-nay", "da-lau"]
    assert retired == []
    assert len(asked_of(desk, "khac")) == 1


def asked_of(desk: Desk, code: str) -> list[dict[str, object]]:
    found = next(one for one in desk.call("GET", "/categories")["items"] if one["code"] == code)
    return list(found["questions"])


def test_a_draft_that_answered_a_retired_question_is_still_taken(desk: Desk) -> None:
    admin = desk.at(Role.ADMIN)
    admin.post("/city/categories/ngap-nuoc/questions/vao-nha/retire")

    sent = desk.submits(category="ngap-nuoc", answers={"vao-nha": True})

    assert "vao-nha" not in {one["code"] for one in asked_of(desk, "ngap-nuoc")}
    assert sent["code"]


def test_an_option_without_english_is_told_in_its_row(desk: Desk) -> None:
    english = desk.at(Role.ADMIN, lang="en")
    form = {"text_vi": "Loại nào?", "text_en": "Which?", "kind": "choice", "options": "4"}

    answer = english.post("/city/categories/khac/questions/new", **form, o1_vi="Lớn", o1_en="")

    assert answer.status_code == 422
    assert 'id="wrong-o1_en"' in answer.text
    assert "1 to 120 characters." in words(answer)
    assert 'value="Lớn"' in answer.text


def test_questions_change_places(desk: Desk) -> None:
    admin = desk.at(Role.ADMIN)
    form = {"text_vi": "Thêm gì nữa không?", "text_en": "Anything else?", "kind": "text"}
    admin.post("/city/categories/nap-cong/questions/new", **form, options="4")

    admin.post("/city/categories/nap-cong/questions/them-gi-nua-khong/move", way="up")

    asked = [one["code"] for one in asked_of(desk, "nap-cong")]
    assert asked == ["them-gi-nua-khong", "tinh-trang"]


def test_only_administrators_change_categories(desk: Desk) -> None:
    dispatcher = desk.at(Role.DISPATCHER)

    assert dispatcher.get("/city/categories").status_code == 403
    assert dispatcher.post("/city/categories/khac", name_vi="x").status_code == 403
    assert dispatcher.post("/city/categories/khac/questions/new").status_code == 403


def test_an_icon_is_chosen_by_what_it_shows_and_groups_stand_as_residents_see_them(
    desk: Desk,
) -> None:
    page = desk.at(Role.ADMIN).get("/city/categories/ngap-nuoc").text

    assert re.search(
        r'value="droplets" checked>.*?#droplets.*?<span>Hai giọt nước</span>', page, re.S
    )
    groups = page[page.index('name="group"') :]
    assert groups.index("Đường sá, hạ tầng") < groups.index("Môi trường") < groups.index("Trật tự")
    assert "Light bulb" in desk.at(Role.ADMIN, lang="en").sees("/city/categories/new")

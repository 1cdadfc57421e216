"""Answer templates: who keeps which, what they are filled with, where they are offered."""

import pytest

from reports.statuses import Role
from tests.console.conftest import Browser, Desk, words

WARD = "ubnd-19789"


def office_id(desk: Desk, code: str) -> int:
    return int(desk.scalar("select id from office where code = :code", code=code))


def writes(browser: Browser, name: str, **fields: object) -> str:
    form = {"step": "resolve", "text_vi": "Đã làm xong.", "office": ""} | fields
    answer = browser.post("/templates", name=name, **form)
    assert answer.status_code == 200, words(answer)
    return words(answer)


def id_of(desk: Desk, name: str) -> str:
    return str(desk.scalar("select id from answer_template where name = :name", name=name))


def at_work(desk: Desk, token: str | None = None) -> tuple[dict[str, str], Browser]:
    """A report in progress, and an officer of the office that has it."""
    sent = desk.submits(token, category="khac", place_note="Cạnh nhà bà Lan")
    desk.accepted(sent["id"])
    desk.takes(desk.officer_of(sent["id"]), "start", sent["id"])
    return sent, desk.at(Role.OFFICER, desk.office_of(sent["id"]))


def test_a_dispatchers_template_is_offered_to_every_office_filled_in(desk: Desk) -> None:
    text = "{code}: {category}, {area}. {office} đã xử lý."
    writes(desk.at(Role.DISPATCHER), "Đã xong", text_vi=text)
    sent, officer = at_work(desk)

    page = officer.get(f"/reports/{sent['code']}?step=resolve")

    filled = f"{sent['code']}: {sent['category']['name']}, {sent['area']['name']}. "
    assert f'value="{filled}' in page.text
    assert "Đã xong" in words(page)
    assert "Đã xong" not in officer.sees(f"/reports/{sent['code']}?step=ask")


def test_a_template_of_one_category_is_not_offered_for_another(desk: Desk) -> None:
    writes(desk.at(Role.DISPATCHER), "Chỉ ngập nước", category="ngap-nuoc")
    sent, officer = at_work(desk)

    assert "Chỉ ngập nước" not in officer.sees(f"/reports/{sent['code']}?step=resolve")


def test_a_heads_template_is_their_offices_alone(desk: Desk) -> None:
    head = desk.at(Role.HEAD, WARD)
    writes(head, "Của phường", office=office_id(desk, WARD))
    mine = id_of(desk, "Của phường")

    assert "Của phường" in desk.at(Role.OFFICER, WARD).sees("/templates")
    assert "Của phường" not in desk.at(Role.OFFICER, "so-y-te").sees("/templates")
    assert desk.at(Role.OFFICER, "so-y-te").get(f"/templates/{mine}").status_code == 404
    assert "Chỉ xem." in desk.at(Role.OFFICER, WARD).sees(f"/templates/{mine}")


@pytest.mark.parametrize(
    ("role", "office", "whose"),
    [
        (Role.OFFICER, WARD, WARD),
        (Role.HEAD, WARD, ""),
        (Role.HEAD, WARD, "so-y-te"),
        (Role.LEADER, None, ""),
        (Role.DISPATCHER, None, WARD),
    ],
)
def test_others_templates_are_not_theirs_to_write(
    desk: Desk, role: Role, office: str | None, whose: str
) -> None:
    office_field = office_id(desk, whose) if whose else ""

    answer = desk.at(role, office).post(
        "/templates", name="Không phải của mình", step="resolve", text_vi="x", office=office_field
    )

    assert answer.status_code == 403
    assert "Lãnh đạo đơn vị sửa mẫu của đơn vị mình" in words(answer)
    where = "select count(*) from answer_template where name = 'Không phải của mình'"
    assert desk.scalar(where) == 0


@pytest.mark.parametrize(
    ("field", "text", "vi", "en"),
    [
        ("name", "", "Đặt tên cho mẫu", "Give the template a name"),
        ("text_vi", "", "Viết lời của mẫu", "Write the template's words"),
        ("text_vi", "Gửi {ten}", "Không có chỗ điền {ten}.", "There is no placeholder {ten}."),
        ("text_vi", "Ở {place}", "Lời này được công khai", "These words are published"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field_with_all_that_was_typed(
    desk: Desk, field: str, text: str, vi: str, en: str
) -> None:
    form = {"name": "Mẫu nháp", "step": "resolve", "text_vi": "Đã làm.", "office": ""}

    answers = [
        desk.at(Role.DISPATCHER, lang=lang).post("/templates", **(form | {field: text}))
        for lang in ("vi", "en")
    ]

    for answer, sentence in zip(answers, (vi, en), strict=True):
        assert answer.status_code == 422
        assert sentence in words(answer)
        assert f'id="wrong-{field}"' in answer.text
        assert (form | {field: text})["text_vi"] in words(answer)
    assert desk.scalar("select count(*) from answer_template where name = 'Mẫu nháp'") == 0


def test_a_template_is_tried_on_a_real_report_and_nothing_is_stored(desk: Desk) -> None:
    sent, _ = at_work(desk)

    page = desk.at(Role.DISPATCHER).post(
        "/templates",
        name="Thử",
        step="ask",
        text_vi="Ở {place}, {code}",
        text_en="Due {due}",
        code=sent["code"],
        look="yes",
    )

    assert f"Ở Cạnh nhà bà Lan, {sent['code']}" in words(page)
    assert "Due 1" in words(page) or "Due 0" in words(page)
    assert desk.scalar("select count(*) from answer_template where name = 'Thử'") == 0


def test_a_reporter_who_reads_english_is_offered_the_english_words(desk: Desk) -> None:
    writes(desk.at(Role.DISPATCHER), "Hai thứ tiếng", text_vi="Xong.", text_en="All is done here.")
    phone = desk.resident()
    desk.call("PATCH", "/me", phone, json={"locale": "en"})
    sent, officer = at_work(desk, phone)

    assert 'value="All is done here."' in officer.get(f"/reports/{sent['code']}?step=resolve").text


def test_a_retired_template_is_offered_no_longer_and_can_come_back(desk: Desk) -> None:
    dispatcher = desk.at(Role.DISPATCHER)
    writes(dispatcher, "Cũ rồi")
    template, (sent, officer) = id_of(desk, "Cũ rồi"), at_work(desk)
    form = f"/reports/{sent['code']}?step=resolve"

    retired = words(dispatcher.post(f"/templates/{template}/retire"))

    assert "Mẫu đã ngừng dùng (1)" in retired
    assert "Cũ rồi" not in officer.sees(form)
    assert officer.post(f"/templates/{template}/restore").status_code == 403
    dispatcher.post(f"/templates/{template}/restore")
    assert "Cũ rồi" in officer.sees(form)


def test_a_template_is_changed_by_whoever_keeps_it(desk: Desk) -> None:
    dispatcher = desk.at(Role.DISPATCHER)
    writes(dispatcher, "Trước")
    template = id_of(desk, "Trước")

    dispatcher.post(f"/templates/{template}", name="Sau", step="resolve", text_vi="Mới.", office="")

    assert id_of(desk, "Sau") == template
    assert "Mới." in dispatcher.sees(f"/templates/{template}")


def test_templates_stand_in_the_form_of_a_bulk_answer(desk: Desk) -> None:
    writes(desk.at(Role.DISPATCHER), "Cho nhiều việc", text_vi="Về {code}.", text_en="On {code}.")
    sent, officer = at_work(desk)
    version = desk.scalar("select version from report where id = :id", id=sent["id"])

    picked = f"{sent['id'].replace('-', '')}.{version}"
    page = officer.post("/bulk/new", picked=picked, step="resolve").text

    assert 'value="Về {code}." data-english="On {code}."' in page

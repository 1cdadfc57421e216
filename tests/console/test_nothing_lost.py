"""What somebody wrote comes back, whatever was wrong: too long, nothing but room, or the report
gone to another office meanwhile. A script that asks for a part is told why, and its page stays.
"""

from uuid import UUID, uuid4

import pytest
from werkzeug.test import TestResponse

from reports.statuses import Role
from tests.console.conftest import OWN_SITE, Browser, Desk, words
from tests.console.test_report import order_in
from web.console.drawing import PART
from web.console.session import HOME

WORDS = "Đã gọi tổ dân phố: nước tràn vào hai nhà."
BY_SCRIPT = OWN_SITE | {"HX-Request": "true", "HX-Target": "div#report"}
BEFORE, AFTER = "ubnd-19777", "ubnd-19789"  # who had the report, who has it now


def asks_part(browser: Browser, path: str, **fields: object) -> TestResponse:
    """Send a form as htmx does."""
    return browser.client.post(f"{HOME}{path}", data=fields, headers=BY_SCRIPT)


def notes(desk: Desk, report_id: str) -> int:
    return int(desk.scalar("select count(*) from note where report_id = :id", id=report_id))


@pytest.fixture
def work(desk: Desk) -> dict[str, str]:
    """A report that an office has."""
    sent = desk.submits()
    desk.accepted(sent["id"], office=BEFORE)
    return {"id": sent["id"], "code": sent["code"]}


def moves_on(desk: Desk, work: dict[str, str]) -> None:
    desk.takes(desk.official(Role.DISPATCHER), "forward", work["id"], office=AFTER)


def test_a_note_that_is_too_long_comes_back_with_all_its_words(
    desk: Desk, work: dict[str, str]
) -> None:
    browser = desk.at(Role.OFFICER, BEFORE)
    long = WORDS + "a" * 2000

    whole = browser.post(f"/reports/{work['code']}/notes", id=uuid4(), text=long)
    part = asks_part(browser, f"/reports/{work['code']}/notes", id=uuid4(), text=long)

    for answer in (whole, part):
        assert answer.status_code == 422
        assert long in answer.text
        assert 'id="wrong-text"' in answer.text
    assert "<main" not in part.text
    assert notes(desk, work["id"]) == 0


@pytest.mark.parametrize("text", ["", "   ", "\n\t "])
@pytest.mark.parametrize(
    ("lang", "told"), [("vi", "Viết vài chữ rồi gửi."), ("en", "Write a few words, then send.")]
)
def test_of_room_alone_no_note_is_kept(
    desk: Desk, work: dict[str, str], text: str, lang: str, told: str
) -> None:
    browser = desk.at(Role.OFFICER, BEFORE, lang=lang)

    answer = browser.post(f"/reports/{work['code']}/notes", id=uuid4(), text=text)

    assert answer.status_code == 422
    assert told in words(answer)
    assert notes(desk, work["id"]) == 0


@pytest.mark.parametrize("kind", ["notes", "comments"])
def test_nor_does_the_api_keep_it_and_words_are_kept_without_the_room_around_them(
    desk: Desk, work: dict[str, str], kind: str
) -> None:
    token = desk.official(Role.OFFICER, BEFORE)

    def says(said_id: UUID, text: str) -> int:
        answer = desk.app.test_client().post(
            f"/api/v1/reports/{work['id']}/{kind}",
            json={"id": str(said_id), "text": text},
            headers={"Authorization": f"Bearer {token}"},
        )
        return answer.status_code

    said_id = uuid4()

    assert says(uuid4(), " \n ") == 422
    assert says(said_id, f"  {WORDS}\n") == 201
    assert says(said_id, f"  {WORDS}\n") == 200  # the same again
    kept = desk.scalar(f"select text from {kind.removesuffix('s')} where id = :id", id=said_id)
    assert kept == WORDS


def test_words_for_a_report_that_went_to_another_office_come_back_to_be_copied(
    desk: Desk, work: dict[str, str]
) -> None:
    browser = desk.at(Role.OFFICER, BEFORE)
    order = order_in(browser.get(f"/reports/{work['code']}?step=ask").text)
    moves_on(desk, work)

    step = browser.post(f"/reports/{work['code']}/steps/ask", **order, note=WORDS)
    part = asks_part(browser, f"/reports/{work['code']}/steps/ask", **order, note=WORDS)
    note = browser.post(f"/reports/{work['code']}/notes", id=uuid4(), text=WORDS)

    for answer in (step, part, note):
        assert answer.status_code == 404
        assert "đã được chuyển cho đơn vị khác" in words(answer)
        assert WORDS in answer.text
    assert "<main" not in part.text
    assert part.headers[PART] == "place"
    assert notes(desk, work["id"]) == 0


def test_of_a_code_that_there_is_not_the_same_is_said(desk: Desk, work: dict[str, str]) -> None:
    """Who guesses a code learns nothing."""
    browser = desk.at(Role.OFFICER, AFTER)
    order = {"id": str(uuid4()), "seen": "1", "note": WORDS}

    def said(code: str) -> str:
        return words(browser.post(f"/reports/{code}/steps/ask", **order)).replace(code, "")

    assert said(work["code"]) == said("482-173-906-K")


def test_an_office_that_hands_a_report_back_is_told_that_it_is_done(
    desk: Desk, work: dict[str, str]
) -> None:
    browser = desk.at(Role.OFFICER, BEFORE)
    order = order_in(browser.get(f"/reports/{work['code']}?step=return").text)

    answer = asks_part(browser, f"/reports/{work['code']}/steps/return", **order, note=WORDS)
    after = browser.client.get(answer.headers["Location"], headers=BY_SCRIPT)
    # The answer was lost on the way: the same form once more.
    again = asks_part(browser, f"/reports/{work['code']}/steps/return", **order, note=WORDS)

    for told in (after, again):
        assert told.status_code == 200
        assert "notice-done" in told.text
        assert "không còn ở đơn vị bạn" in words(told)


def test_what_is_wrong_is_told_in_words_alone_where_a_part_was_asked(desk: Desk) -> None:
    browser = desk.at(Role.LEADER)
    sent = desk.submits()

    missing = browser.get("/reports/482-173-906-K", **BY_SCRIPT)
    forbidden = asks_part(browser, f"/reports/{sent['code']}/notes", id=uuid4(), text=WORDS)
    whole = browser.get("/reports/482-173-906-K")

    assert (missing.status_code, forbidden.status_code) == (404, 403)
    for answer in (missing, forbidden):
        assert answer.headers[PART] == "words"
        assert "<main" not in answer.text
        assert "<html" not in answer.text
    assert "Không tìm thấy phản ánh này." in words(missing)
    assert whole.status_code == 404
    assert "<main" in whole.text
    assert PART not in whole.headers


def test_a_script_whose_session_ended_is_told_so_and_gets_no_page(desk: Desk) -> None:
    counts = desk.stranger().get("/counts", follow=False, **BY_SCRIPT)

    assert counts.status_code == 401
    assert counts.text == ""

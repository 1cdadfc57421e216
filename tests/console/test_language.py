"""The switch to the other language, on every kind of page: nothing that one is at is lost by it."""

import re
from html import unescape

import pytest
from werkzeug.test import TestResponse

from reports.statuses import Role
from tests.console.conftest import Browser, Desk, words
from tests.console.people import appoint
from tests.console.test_bulk import begins, in_progress, pick


def form_of(page: TestResponse) -> dict[str, str]:
    """What the page's own form would send as it stands."""
    form = page.text.split('id="carried"')[1].split("</form>")[0]
    inputs = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form)
    areas = re.findall(r'<textarea[^>]* name="(\w+)"[^>]*>(.*?)</textarea>', form, re.S)
    return {name: unescape(text) for name, text in [*inputs, *areas]}


def switches(browser: Browser, page: TestResponse, **typed: str) -> TestResponse:
    """Press the other language where the switch is a button of the page's form."""
    button = re.search(r'<button[^>]* form="carried" formaction="/console([^"]*)"', page.text)
    assert button, words(page)[:600]
    return browser.post(button[1], **(form_of(page) | typed))


def test_a_page_that_was_asked_for_is_asked_for_again_as_it_is(desk: Desk) -> None:
    dispatcher = desk.at(Role.DISPATCHER)

    page = dispatcher.get("/queue?status=submitted&lang=vi")

    assert 'href="/console/queue?status=submitted&amp;lang=en"' in page.text
    assert "Tiếng Việt" in words(dispatcher.get("/queue?status=submitted&lang=en"))


def test_a_choice_of_reports_goes_along_to_the_other_language(desk: Desk) -> None:
    dispatcher = desk.at(Role.DISPATCHER)
    chosen = dispatcher.post("/bulk/new", picked=pick(desk, desk.submits(), desk.submits()))

    in_english = switches(dispatcher, chosen)

    assert "2 reports chosen" in words(in_english)
    assert form_of(in_english)["picked"] == form_of(chosen)["picked"]
    assert "Đã chọn 2 phản ánh" in words(switches(dispatcher, in_english))


def test_a_choice_that_no_step_fits_goes_along_too(desk: Desk) -> None:
    sent = in_progress(desk)
    elsewhere = desk.at(Role.OFFICER, "so-y-te")

    chosen = elsewhere.post("/bulk/new", picked=pick(desk, sent))

    assert "There is no step to take on these" in words(switches(elsewhere, chosen))


@pytest.mark.parametrize("before_that", ["looked", "refused"])
def test_the_words_typed_for_many_go_along_and_nothing_is_done(
    desk: Desk, before_that: str
) -> None:
    sent = in_progress(desk, category="khac")
    officer = desk.at(Role.OFFICER, desk.office_of(sent["id"]))
    if before_that == "refused":
        form = begins(officer, "resolve", pick(desk, sent), note="")
    else:
        form = officer.post("/bulk/new", picked=pick(desk, sent), step="resolve")
    before = desk.scalar("select count(*) from bulk_run")

    in_english = switches(officer, form, note="Đã thay bóng đèn.", outcome="fixed")

    assert in_english.status_code == 200
    assert "Report the result: 1 report" in words(in_english)
    assert form_of(in_english)["note"] == "Đã thay bóng đèn."
    assert form_of(in_english)["id"] == form_of(form)["id"]
    assert re.search(r'value="fixed" checked', in_english.text)
    assert desk.scalar("select count(*) from bulk_run") == before


def test_a_verified_log_is_verified_in_the_other_language(desk: Desk) -> None:
    admin = desk.at(Role.ADMIN)

    assert "The chain is whole" in words(switches(admin, admin.post("/audit/verify")))


def test_what_can_be_seen_this_once_is_not_left_without_a_word(desk: Desk) -> None:
    officer, _ = appoint(desk, Role.OFFICER, "so-y-te")

    once = desk.at(Role.ADMIN).post(f"/admin/accounts/{officer}/password")
    in_english = desk.at(Role.ADMIN, lang="en").post(f"/admin/accounts/{officer}/password")

    assert "Gửi hoặc đóng biểu mẫu này rồi hãy đổi sang tiếng Anh." in words(once)
    assert "Send or close this form first, then change to Vietnamese." in words(in_english)
    assert "lang=en" not in once.text


def test_a_refused_form_keeps_what_was_typed_and_says_when_to_change(desk: Desk) -> None:
    answer = desk.at(Role.ADMIN).post("/admin/accounts/invite", name="Bà Lan", email="sai")

    assert answer.status_code == 422
    assert "Bà Lan" in answer.text
    assert "Gửi hoặc đóng biểu mẫu này rồi hãy đổi sang tiếng Anh." in words(answer)


def test_the_door_is_had_in_both_languages_after_a_wrong_password_too(desk: Desk) -> None:
    stranger = desk.stranger()

    wrong = stranger.post("/sign-in", email="ai@hue.example", password="sai", next="/console/bulk")

    assert wrong.status_code == 401
    assert 'href="/console/sign-in?next=/console/bulk&amp;lang=en"' in wrong.text.replace(
        "%2F", "/"
    )


@pytest.mark.parametrize("path", ["/console/bulk/new", "/console/audit/verify"])
def test_whoever_signs_in_again_is_never_led_to_an_answer_of_a_form(desk: Desk, path: str) -> None:
    client = desk.stranger().client

    answer = client.get(f"/console/sign-in?next={path}")

    assert 'name="next" value="/console"' in answer.text

"""The turns that a report's story may take, on one phone, in Vietnamese and in English: danger, a
neighbour who was first, done badly, taken back, refused. Each begins at the app's door.

What each screen does in detail is tried in `test_submit.py` and `test_follow.py`.
"""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from reports.statuses import Role
from tests.web.conftest import NewPhone, Shots
from tests.web.said import Said, in_both_languages, place, reported
from tests.web.scenes import FLOODED
from tests.web.site import Site
from tests.web.waiting import until

pytestmark = in_both_languages


@pytest.fixture
def phone(said: Said, new_phone: NewPhone) -> BrowserContext:
    return new_phone(locale=said.locale)


def at_the_centre(site: Site, code: str) -> dict[str, object]:
    """The report as the centre sees it."""
    plain = code.replace("-", "")
    found = site.call("GET", f"/reports/{plain}", site.official(Role.DISPATCHER))
    return dict(found)


def answered(site: Site, report_id: str, note: str) -> None:
    """The office works on it and says that it is fixed."""
    officer = site.officer_of(report_id)
    if site.call("GET", f"/reports/{report_id}", officer)["status"] == "accepted":
        site.takes(officer, "start", report_id)
    photo = site.photo(officer, FLOODED.read_bytes())
    site.takes(officer, "resolve", report_id, outcome="fixed", photos=[photo], note=note)
    site.run_jobs()


def tell(page: Page, label: str, words: str, button: str) -> None:
    page.get_by_label(label).fill(words)
    page.get_by_role("button", name=button).tap()


def news_of(page: Page, said: Said, code: str) -> None:
    """What came is read under messages, and leads to the report."""
    place(page, said.messages)
    page.locator("a.message-link").filter(has_text=code).first.tap()
    expect(page.get_by_role("heading", level=1)).to_have_text(code)


def stands(page: Page, status: str) -> None:
    expect(page.locator(".facts .chip").first).to_have_text(status)


def test_in_danger_the_numbers_come_first_and_the_report_goes_as_urgent(
    page: Page, site: Site, said: Said, shots: Shots
) -> None:
    page.goto("/")
    expect(page.locator(".around-danger a")).to_have_text(["113", "114", "115"])
    place(page, said.report)

    page.locator("#submit-words textarea").fill(said.danger)

    expect(page.locator(".submit-strip a[href='tel:115']")).to_be_in_viewport()
    page.get_by_role("button", name=said.more_numbers).tap()
    told = page.get_by_role("alert").filter(has_text=said.call_first)
    expect(told).to_be_in_viewport()
    calls = told.get_by_role("link")
    expect(calls.first).to_have_attribute("href", "tel:115")
    expect(told.get_by_role("link", name=re.compile("^19001909"))).to_be_visible()
    expect(told.get_by_role("link", name=re.compile("^19001075"))).to_be_visible()
    shots(page, f"danger-{said.locale}")

    told.get_by_role("button", name=said.go_on).tap()
    expect(page.get_by_role("radio", name=said.danger_kind)).to_be_checked()
    page.get_by_role("button", name=said.send).tap()

    code = page.locator(".submit-code-big").inner_text()
    expect(page.get_by_text(said.urgent)).to_be_visible()
    assert at_the_centre(site, code)["urgent"] is True


def test_a_neighbour_was_first_me_too_and_hearing_how_it_ends(
    new_phone: NewPhone, site: Site, said: Said, shots: Shots
) -> None:
    spot = {"latitude": 16.4551, "longitude": 107.5612, "accuracy": 8}
    theirs = site.submits(lat=16.4551, lng=107.5613, description=f"{said.words} ({said.locale})")
    if theirs["status"] == "submitted":
        site.accepted(theirs["id"])
    page = new_phone(locale=said.locale, geolocation=spot).new_page()
    before = site.reports_stored()
    page.goto("/")
    place(page, said.report)
    page.locator("#submit-words textarea").fill(said.words)

    same = page.locator(".submit-same", has_text=theirs["description"])
    same.get_by_role("button", name=said.me_too).tap()

    expect(page.get_by_role("heading", name=said.thanks, level=1)).to_be_visible()
    shots(page, f"me-too-{said.locale}")
    until(page, lambda: at_the_centre(site, theirs["code"])["supporters"] == 1)
    assert site.reports_stored() == before
    answered(site, theirs["id"], "Đã nạo vét 120 m cống.")

    page.goto("/mine")
    page.get_by_role("tab", name=said.followed).tap()
    expect(page.get_by_role("link", name=theirs["description"])).to_be_visible()
    news_of(page, said, theirs["code"])
    expect(page.get_by_text("Đã nạo vét 120 m cống.")).to_be_visible()
    expect(page.get_by_text(said.following)).to_be_visible()


def test_done_badly_it_is_opened_again_with_a_photo_and_then_done(
    page: Page, site: Site, said: Said, shots: Shots
) -> None:
    code = reported(page, said)
    report = str(at_the_centre(site, code)["id"])
    site.accepted(report)
    answered(site, report, "Đã nạo vét.")

    page.goto("/")
    news_of(page, said, code)
    page.get_by_role("button", name=said.not_done).tap()
    page.locator("input[type=file]").set_input_files(FLOODED)
    expect(page.locator(".photo-kept img")).to_be_visible()
    tell(page, said.whats_left, said.left, said.send_not_done)
    again = page.locator(".timeline .entry").filter(has_text=said.left)
    expect(again.locator("img")).to_have_count(1)
    stands(page, said.at_work)
    shots(page, f"opened-again-{said.locale}")

    answered(site, report, "Đã thay hai tấm đan.")
    page.reload()
    expect(page.get_by_text("Đã thay hai tấm đan.")).to_be_visible()
    page.get_by_role("button", name=said.done).tap()
    stands(page, said.closed)


def test_a_report_is_taken_back(page: Page, site: Site, said: Said) -> None:
    code = reported(page, said)
    page.locator(f"a[href='/reports/{code.replace('-', '')}']").tap()

    page.get_by_role("button", name=said.withdraw).tap()
    page.get_by_role("dialog").get_by_role("button", name=said.withdraw_yes).tap()

    stands(page, said.withdrawn)
    until(page, lambda: at_the_centre(site, code)["status"] == "withdrawn")


def test_refused_it_is_looked_at_again_and_accepted(
    page: Page, site: Site, said: Said, shots: Shots
) -> None:
    code = reported(page, said)
    report = str(at_the_centre(site, code)["id"])
    dispatcher = site.official(Role.DISPATCHER)
    site.takes(dispatcher, "reject", report, reason="unclear", note="Ở trường nào vậy bạn?")
    site.run_jobs()

    page.goto("/")
    news_of(page, said, code)
    why = page.get_by_role("region", name=said.why_refused)
    expect(why).to_contain_text(said.unclear)
    expect(why).to_contain_text("Ở trường nào vậy bạn?")
    shots(page, f"refused-{said.locale}")
    why.get_by_role("button", name=said.look_again).tap()
    tell(page, said.why_again, said.again, said.send_again)
    stands(page, said.sent)

    site.accepted(report)
    page.reload()
    stands(page, said.accepted)
    expect(page.locator(".timeline")).to_contain_text(said.again)

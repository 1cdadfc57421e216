"""The whole story on one phone, in Vietnamese and in English.

A report is written without a network, the app is closed, what waits is sent when the network is
back; then asked, answered, resolved, confirmed, rated.
"""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from reports.statuses import Role
from tests.web.conftest import NewPhone, Shots, watched
from tests.web.said import Said, in_both_languages
from tests.web.scenes import FLOODED
from tests.web.site import Site
from tests.web.waiting import kept, until

pytestmark = in_both_languages


@pytest.fixture
def phone(said: Said, new_phone: NewPhone) -> BrowserContext:
    return new_phone(locale=said.locale)


def written_without_a_network(phone: BrowserContext, site: Site, said: Said, shots: Shots) -> None:
    page = phone.new_page()
    complaints = watched(page)
    page.goto(site.url)
    kept(page)
    page.get_by_role("link", name=said.report, exact=True).tap()
    expect(page.locator("#submit-kind label").first).to_be_visible()

    phone.set_offline(True)
    page.locator("input[capture]").set_input_files(FLOODED)
    page.locator("#submit-words textarea").fill(said.words)
    expect(page.get_by_role("radio", name=said.kind)).to_be_checked()
    page.get_by_role("button", name=said.save).tap()
    expect(page.get_by_text(said.waits).first).to_be_visible()
    shots(page, f"kept-{said.locale}")
    assert complaints == []
    page.close()


def opened_again_and_sent(phone: BrowserContext, site: Site, said: Said) -> Page:
    page = phone.new_page()
    page.goto(site.url)  # still no network: the app opens all the same
    page.get_by_role("link", name=said.mine).tap()
    expect(page.get_by_text(said.waits).first).to_be_visible()

    before = site.reports_stored()
    phone.set_offline(False)
    until(page, lambda: site.reports_stored() > before)
    return page


def newest(site: Site) -> dict[str, str]:
    """The report that came last, as the centre sees it."""
    token = site.official(Role.DISPATCHER)
    found = site.call("GET", "/queue?sort=newest&limit=1", token)["items"][0]
    return dict(found)


def test_the_whole_story(phone: BrowserContext, site: Site, said: Said, shots: Shots) -> None:
    before = site.reports_stored()
    written_without_a_network(phone, site, said, shots)
    assert site.reports_stored() == before

    page = opened_again_and_sent(phone, site, said)
    complaints = watched(page)
    assert site.reports_stored() == before + 1
    report = newest(site)
    photos = "select count(*) from photo where report_id = :id"
    assert (report["description"], site.scalar(photos, id=report["id"])) == (said.words, 1)

    site.accepted(report["id"])
    officer = site.officer_of(report["id"])
    site.takes(officer, "ask", report["id"], note=said.asked)
    site.run_jobs()
    page.get_by_role("link", name=said.messages).tap()
    page.locator("main a[href^='/reports/']").filter(has_text=report["code"]).first.tap()
    expect(page.get_by_text(said.asked).first).to_be_visible()
    shots(page, f"asked-{said.locale}")
    page.get_by_label(said.your_answer).fill(said.answer)
    page.get_by_role("button", name=said.send_answer).tap()
    expect(page.locator(".timeline")).to_contain_text(said.answer)

    site.takes(officer, "start", report["id"])
    after = site.photo(officer, FLOODED.read_bytes())
    note = "Đã nạo vét 120 m cống."
    site.takes(officer, "resolve", report["id"], outcome="fixed", note=note, photos=[after])
    page.reload()
    expect(page.get_by_text(note)).to_be_visible()
    page.get_by_role("button", name=said.done).tap()
    page.get_by_role("radio", name=said.stars).check(force=True)
    page.get_by_role("button", name=said.rate).tap()
    expect(page.get_by_text(said.rated)).to_be_visible()
    expect(page.locator(".facts .chip")).to_have_text(said.closed)
    shots(page, f"closed-{said.locale}")
    assert complaints == []

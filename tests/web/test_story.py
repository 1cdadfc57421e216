"""The whole story on one phone, in Vietnamese and in English.

A report is written without a network, the app is closed, what waits is sent when the network is
back; then asked, answered, resolved, confirmed, rated.
"""

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from reports.statuses import Role
from tests.web.conftest import NewPhone, Shots, watched
from tests.web.scenes import FLOODED
from tests.web.site import Site
from tests.web.waiting import until

CODE = re.compile(r"^\d{3}-\d{3}-\d{3}-[A-Z]$")


@dataclass(frozen=True)
class Said:
    """What stands on the screen in one language, and what this resident writes."""

    locale: str
    report: str
    words: str
    kind: str
    save: str
    mine: str
    waits: re.Pattern[str]
    messages: str
    asked: str
    your_answer: str
    answer: str
    send_answer: str
    done: str
    stars: str
    rate: str
    rated: str
    closed: str


VI = Said(
    locale="vi-VN", report="Phản ánh", words="Cống nghẹt, nước ngập tới đầu gối",
    kind="Ngập úng, thoát nước", save="Lưu, gửi khi có mạng", mine="Của tôi",
    waits=re.compile("sẽ tự gửi|chưa có mạng", re.IGNORECASE), messages="Thông báo",
    asked="Trước số nhà nào?", your_answer="Bạn trả lời", answer="Trước số 27 Lê Lợi",
    send_answer="Gửi trả lời", done="Xong rồi", stars="5 trên 5 sao", rate="Gửi đánh giá", rated="Bạn đã chấm 5 trên 5 sao.", closed="Đã kết thúc",
)  # fmt: skip
EN = Said(
    locale="en-GB", report="Report", words="A blocked drain, flooding up to the knee",
    kind="Flooding and drains", save="Save, send when online", mine="Mine",
    waits=re.compile("no network|sends? itself|by itself", re.IGNORECASE), messages="Messages",
    asked="Trước số nhà nào?", your_answer="Your answer", answer="In front of 27 Lê Lợi",
    send_answer="Send answer", done="It is done", stars="5 of 5 stars",
    rate="Send rating", rated="You gave 5 of 5 stars.", closed="Closed",
)  # fmt: skip


@pytest.fixture(params=[VI, EN], ids=["vi", "en"])
def said(request: pytest.FixtureRequest) -> Said:
    found: Said = request.param
    return found


@pytest.fixture
def phone(said: Said, new_phone: NewPhone) -> BrowserContext:
    return new_phone(locale=said.locale)


def written_without_a_network(phone: BrowserContext, site: Site, said: Said, shots: Shots) -> None:
    page = phone.new_page()
    complaints = watched(page)
    page.goto(site.url)
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")
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

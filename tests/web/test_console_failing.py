"""What does not come through, in a real browser: the line is cut, a proxy or the server answers,
the session ends in an open tab. What was typed stays, one is told, and it works again by itself.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from reports.statuses import Role
from tests.web.conftest import Shots
from tests.web.desks import desk_of, opened, status_of
from tests.web.site import Site
from tests.web.walking import chromium_arguments  # noqa: F401 (a fixture)
from web.console.session import COOKIE, HOME

WORDS = "Nước ngập tới đâu, từ mấy giờ?"


@pytest.fixture
def page(chromium: Browser, site: Site) -> Iterator[Page]:
    context = desk_of(chromium, site, Role.DISPATCHER)
    yield context.new_page()
    context.close()


def bar(page: Page) -> Locator:
    return page.locator("#failing")


def goes_wrong(site: Site, where: str, **how: object) -> None:
    faults = site.faults
    faults.where, faults.times = where, 1_000
    for name, value in how.items():
        setattr(faults, name, value)


def asks(page: Page, code: str) -> Locator:
    """The question to the reporter, written and not sent yet; its words."""
    opened(page, code)
    page.keyboard.press("h")
    page.locator("#f-note").fill(WORDS)
    return page.locator("#f-note")


def sends(page: Page) -> None:
    page.locator("#step-form button.button-primary").click()


@contextmanager
def without_a_session(page: Page) -> Iterator[None]:
    cookies = page.context.cookies()
    page.context.clear_cookies(name=COOKIE)
    yield
    page.context.add_cookies([one for one in cookies if one["name"] == COOKIE])  # type: ignore[typeddict-item]


def test_a_step_that_the_line_swallows_is_sent_again_as_it_was(
    page: Page, site: Site, shots: Shots
) -> None:
    code = site.submits()["code"]
    note = asks(page, code)
    goes_wrong(site, r"POST .*/steps/", cut="answer")  # it was done; nobody hears

    sends(page)

    expect(bar(page)).to_contain_text("Chưa gửi được: mất kết nối. Những gì bạn viết còn nguyên")
    expect(page.locator("#aloud")).to_contain_text("Chưa gửi được")
    expect(note).to_have_value(WORDS)
    shots(page, "no-connection")
    site.faults.heal()
    bar(page).get_by_role("button", name="Thử lại").click()
    expect(page.get_by_text("Đã gửi câu hỏi.")).to_be_visible()
    expect(bar(page)).to_be_hidden()
    asked = "select count(*) from status_change c join report r on r.id = c.report_id"
    asked += " where r.code = :code and c.step = 'ask'"
    assert site.scalar(asked, code=code.replace("-", "")) == 1


@pytest.mark.parametrize("status", [502, 500])
def test_a_proxys_page_takes_no_forms_place(page: Page, site: Site, status: int) -> None:
    code = site.submits()["code"]
    note = asks(page, code)
    goes_wrong(site, r"POST .*/steps/", status=status)

    sends(page)

    expect(bar(page)).to_contain_text(f"Chưa gửi được: máy chủ gặp trục trặc ({status}).")
    expect(note).to_have_value(WORDS)
    expect(page.get_by_text("the proxy's own page")).to_have_count(0)
    assert status_of(site, code) == "submitted"


def test_a_row_that_does_not_open_leaves_what_is_open(page: Page, site: Site) -> None:
    one, other = site.submits(description="Đèn hỏng ở kiệt 4."), site.submits()
    opened(page, one["code"])
    page.goto(f"/console/reports/{one['code']}?status=submitted&sort=newest")
    goes_wrong(site, r"GET /console/reports/", cut="request")

    page.locator(f"#row-{other['code'].replace('-', '')} .row-title").click()

    expect(bar(page)).to_contain_text("Chưa mở được: mất kết nối.")
    expect(page.locator(f"#report-{one['code']}")).to_be_visible()
    assert one["code"] in page.url
    site.faults.heal()
    page.locator(f"#row-{other['code'].replace('-', '')} .row-title").click()
    expect(page.locator(f"#report-{other['code']}")).to_be_visible()
    expect(bar(page)).to_be_hidden()


def test_what_the_server_refuses_is_told_in_its_words(page: Page, site: Site) -> None:
    code = site.submits()["code"]
    note = asks(page, code)
    page.locator("#step-form [name=id]").evaluate("field => (field.value = 'x')")

    sends(page)

    expect(bar(page)).to_contain_text("Không tìm thấy phản ánh này.")
    expect(note).to_have_value(WORDS)
    expect(page.locator("main")).to_have_count(1)


def test_a_list_that_is_not_kept_up_says_since_when_and_then_no_more(
    page: Page, site: Site
) -> None:
    page.clock.install()
    page.goto("/console/queue")
    goes_wrong(site, r"GET /console/(queue|counts)", status=502)

    page.clock.run_for(31_000)

    expect(bar(page)).to_have_text(re.compile(r"^Danh sách chưa được cập nhật từ \d\d:\d\d\.$"))
    site.faults.heal()
    page.clock.run_for(31_000)
    expect(bar(page)).to_be_hidden()


def test_a_session_that_ended_in_an_open_tab_costs_no_word(
    page: Page, site: Site, shots: Shots
) -> None:
    code = site.submits()["code"]
    page.clock.install()
    note = asks(page, code)
    with without_a_session(page):
        page.clock.run_for(31_000)
        expect(bar(page)).to_contain_text("Phiên làm việc đã hết.")

        sends(page)

        expect(note).to_have_value(WORDS)
        shots(page, "session-ended")
        bar(page).get_by_role("link", name="Đăng nhập lại").click()
        expect(page.locator("#password")).to_be_visible()
        back = page.locator("[name=next]").input_value()

    page.goto(back)

    expect(page.locator("#f-note")).to_have_value(WORDS)


def test_a_step_forgets_no_note_that_is_being_written(page: Page, site: Site) -> None:
    sent = site.submits()
    site.accepted(sent["id"])
    opened(page, sent["code"])
    page.locator("#note-text").fill("Đã gọi tổ dân phố, chờ trả lời.")
    page.keyboard.press("Escape")
    page.locator("#main").focus()
    page.keyboard.press("h")
    page.locator("#f-note").fill(WORDS)

    sends(page)

    expect(page.get_by_text("Đã gửi câu hỏi.")).to_be_visible()
    expect(page.locator("#note-text")).to_have_value("Đã gọi tổ dân phố, chờ trả lời.")
    page.reload()
    expect(page.locator("#note-text")).to_have_value("Đã gọi tổ dân phố, chờ trả lời.")
    page.get_by_role("button", name="Lưu ghi chú").click()
    expect(page.locator(".notice-done")).to_be_visible()
    expect(page.locator("#note-text")).to_have_value("")


def test_all_that_was_chosen_for_a_caller_comes_back_after_the_session(
    page: Page, site: Site
) -> None:
    page.goto("/console/enter")
    page.locator("#category").select_option("ngap-nuoc")  # whose questions come at once
    page.get_by_role("radio", name="Đầu gối", exact=True).check()
    page.locator("[name=source][value=letter]").check()
    page.locator("#description").fill(WORDS)
    page.locator("#phone").fill("0912 345 678")
    page.locator("#place").fill("16.4675, 107.5885")
    page.get_by_role("radio", name=re.compile("Ẩn danh")).check()
    page.locator("#consent").check()
    with without_a_session(page):
        page.locator(".form-actions .button-primary").click()
        expect(page.locator("#password")).to_be_visible()

    page.goto("/console/enter")

    expect(page.get_by_role("radio", name="Đầu gối", exact=True)).to_be_checked()
    expect(page.locator("[name=source][value=letter]")).to_be_checked()
    expect(page.locator("#description")).to_have_value(WORDS)
    expect(page.locator("#phone")).to_have_value("0912 345 678")
    expect(page.locator("#place")).to_have_value("16.4675, 107.5885")
    expect(page.get_by_role("radio", name=re.compile("Ẩn danh"))).to_be_checked()
    expect(page.locator("#consent")).to_be_checked()
    assert page.evaluate("localStorage.length") == 0

    # Whoever signs in next at this computer finds nothing of it.
    token = site.official(Role.DISPATCHER, "hue-ioc")
    cookie = {"name": COOKIE, "value": token, "domain": "127.0.0.1", "path": HOME}
    page.context.add_cookies([cookie])  # type: ignore[list-item]
    page.goto("/console/enter")
    expect(page.locator("#phone")).to_have_value("")
    expect(page.locator("#consent")).not_to_be_checked()


def test_in_triage_the_line_may_go_and_no_report_is_lost(page: Page, site: Site) -> None:
    for number in (1, 2, 3):
        site.submits(description=f"Việc {number}.", lat=16.49 + number / 900)
    page.goto("/console/triage")
    article = page.locator("article.triage")
    first = article.get_attribute("data-code") or ""
    page.wait_for_load_state("networkidle")  # the one after it is here
    goes_wrong(site, r"/console/", cut="request")

    page.keyboard.press("a")

    said = page.locator("#triage-said")
    expect(said).to_contain_text("Chưa gửi được: phản ánh vừa rồi chưa được lưu.")
    second = article.get_attribute("data-code")
    page.keyboard.press("a")  # and nothing comes after it
    expect(said).to_contain_text("Những gì bạn viết còn nguyên ở đây.")
    expect(article).to_have_attribute("data-code", second or "")
    site.faults.heal()
    page.keyboard.press("a")
    expect(article).not_to_have_attribute("data-code", second or "")
    assert status_of(site, first) == "submitted"

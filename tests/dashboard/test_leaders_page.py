"""The figures of the leaders' page: the same as the API's, in the address, kept for ever; what a
head sees; without scripts.
"""

import csv
import io
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from reports.statuses import Role
from tests.dashboard.conftest import drawn, leader_of
from tests.dashboard.planted import MIDDLES, RECEIVED, Planted, make_figures
from tests.web.conftest import Shots
from tests.web.desks import desk_of
from tests.web.site import Site

HEPCO = "hepco"


@pytest.fixture
def plain(chromium: Browser, site: Site) -> Iterator[Page]:
    """A browser that runs no script."""
    context = leader_of(chromium, site, java_script_enabled=False)
    yield context.new_page()
    context.close()


def card(page: Page, key: str) -> str:
    return page.locator(f"#figure-{key}").inner_text()


def test_the_figures_are_those_of_the_api(site: Site, plain: Page, planted: Planted) -> None:
    month = planted.month
    asked = f"from={month.since}&to={month.until}&by=office"
    api = site.call("GET", f"/indicators?{asked}", site.official(Role.LEADER))

    plain.goto(f"/dashboard?period={month.code}")

    figures = api["total"]["figures"]
    assert figures["received"]["value"] == RECEIVED
    assert str(RECEIVED) in card(plain, "received")
    assert "+90%" in card(plain, "received")  # 19 after 10
    assert f"{figures['on_time']['value'] * 100:.1f}".replace(".", ",") in card(plain, "on_time")
    rows = plain.locator("#groups tbody tr")
    told = {one["name"]: one["sums"]["received"] for one in api["groups"]}
    assert rows.count() == sum(1 for many in told.values() if many)
    for row in rows.all():
        name, many = row.locator("th").inner_text(), row.locator("td").first.inner_text().split()[0]
        assert told[name] == int(many)


def test_what_became_of_the_reports_adds_up(plain: Page, planted: Planted) -> None:
    plain.goto(f"/dashboard?period={planted.month.code}")

    lines = plain.locator("section[aria-labelledby=fates-title] li:not(.within)")
    numbers = [int(one.locator(".number").inner_text()) for one in lines.all()]
    assert sum(numbers[:-1]) == numbers[-1] == RECEIVED


def test_without_scripts_another_period_and_category_are_a_form_away(
    plain: Page, planted: Planted
) -> None:
    plain.goto("/dashboard")

    plain.get_by_label("Kỳ", exact=True).select_option(planted.month.code)
    plain.get_by_label("Lĩnh vực").select_option("rac-thai")
    plain.locator(".asked-go").click()

    assert f"period={planted.month.code}" in plain.url
    assert re.search(r"\b6\b", card(plain, "received"))
    expect(plain.get_by_text("Bản đồ cần JavaScript")).to_be_visible()
    expect(plain.get_by_label("Tô màu theo")).to_be_hidden()


def test_a_choice_changes_the_figures_in_their_place_and_the_address(
    page: Page, planted: Planted
) -> None:
    page.goto(f"/dashboard?period={planted.month.code}&res=8")
    drawn(page)
    page.evaluate("document.querySelector('.heat-canvas').dataset.same = 'yes'")

    page.get_by_label("Lĩnh vực").select_option("rac-thai")

    expect(page.locator("#figure-received")).to_contain_text(re.compile(r"\b6\b"))
    drawn(page)
    page.get_by_text("Danh sách các ô").click()
    expect(page.locator(".heat-list tbody tr")).to_have_count(1)
    assert "category=rac-thai" in page.url
    assert page.locator(".heat-canvas[data-same=yes]").count() == 1
    assert page.locator("#aloud").inner_text() == "Số liệu đã đổi"


def test_going_back_shows_the_figures_of_before(page: Page, planted: Planted) -> None:
    page.goto(f"/dashboard?period={planted.month.code}")
    page.locator(".asked.by-script").wait_for()
    page.get_by_label("Lĩnh vực").select_option("rac-thai")
    expect(page.locator("#figure-received")).to_contain_text(re.compile(r"\b6\b"))

    page.go_back()

    expect(page.locator("#figure-received")).to_contain_text(str(RECEIVED))


def test_any_days_can_be_chosen(page: Page, planted: Planted) -> None:
    page.goto(f"/dashboard?period={planted.month.code}")
    third = f"{planted.month.since:%Y-%m}-03"

    page.get_by_label("Kỳ", exact=True).select_option("days")
    page.get_by_label("từ", exact=True).fill(third)
    page.get_by_label("đến hết").fill(third)
    page.locator("#asked-days button").click()

    expect(page.locator("#figure-received")).to_contain_text(re.compile(r"\b4\b"))


def test_a_figures_meaning_is_one_click_away_by_keyboard_too(page: Page, planted: Planted) -> None:
    page.goto(f"/dashboard?period={planted.month.code}")
    summary = page.locator("#figure-on_time .definition summary")

    summary.focus()
    page.keyboard.press("Enter")
    body = page.locator("#figure-on_time .definition-body")
    expect(body).to_contain_text("hạn đầu tiên")
    expect(body).to_contain_text("Mẫu: 19")
    page.keyboard.press("Escape")

    expect(body).to_be_hidden()
    expect(summary).to_be_focused()


def test_an_address_that_names_nothing_says_what_to_do(plain: Page) -> None:
    answer = plain.goto("/dashboard?period=2026-13")

    assert answer
    assert answer.status == 422
    expect(plain.locator("main")).to_contain_text("Chọn một tháng (2026-11)")
    plain.get_by_role("link", name="Xem tháng này").click()
    expect(plain.locator("#figure-received")).to_be_visible()


def test_a_permanent_link_stays_as_it_was(
    site: Site, page: Page, planted: Planted, shots: Shots
) -> None:
    page.goto("/dashboard")
    before = card(page, "received")
    number = int(re.search(r"\n(\d+)", before)[1])  # type: ignore[index]
    page.get_by_role("button", name="Đường dẫn cố định").click()
    page.wait_for_url("**/dashboard/links/*")
    address = page.url
    shots(page, "permanent")

    lat, lng = MIDDLES["empty"]
    site.submits(lat=lat, lng=lng)
    make_figures(site)

    page.goto("/dashboard")
    expect(page.locator("#figure-received")).to_contain_text(str(number + 1))
    page.goto(address)
    first = page.locator(".kept dd").first
    assert first.inner_text().split("\n")[0] == str(number)
    expect(page.locator("main")).to_contain_text("Trang này không đổi về sau")


def test_the_csv_has_the_pages_numbers(leader: BrowserContext, planted: Planted) -> None:
    answer = leader.request.get(f"/dashboard/figures.csv?period={planted.month.code}&by=category")

    rows = list(csv.reader(io.StringIO(answer.text().removeprefix("\ufeff"))))
    total = dict(zip(rows[0], rows[-1], strict=True))
    named = {row[0]: dict(zip(rows[0], row, strict=True)) for row in rows[1:-1]}
    received = rows[0][2]
    assert total[received] == str(RECEIVED)
    assert named["rac-thai"][received] == "6"


def test_a_head_sees_their_own_office_and_no_other(
    chromium: Browser, site: Site, planted: Planted
) -> None:
    context = leader_of(chromium, site, Role.HEAD, "ubnd-19789")
    page = context.new_page()

    page.goto(f"/dashboard?period={planted.month.code}")
    refused = context.request.get(
        f"/dashboard?period={planted.month.code}&office=so-y-te", headers={"Accept": "text/html"}
    )
    cells = context.request.get(
        f"/dashboard/heat?from={planted.month.since}&to={planted.month.until}"
    ).json()["cells"]

    expect(page.locator("h1")).to_contain_text("Thuận Hóa")
    assert page.get_by_label("Đơn vị", exact=True).count() == 0
    assert refused.status == 403
    own = int(re.search(r"\n(\d+)", card(page, "received"))[1])  # type: ignore[index]
    assert sum(one["count"] for one in cells) == own < RECEIVED
    context.close()


def test_whoever_is_not_signed_in_comes_back_after_the_door(
    chromium: Browser, site: Site, planted: Planted
) -> None:
    context = chromium.new_context(base_url=site.url)
    page = context.new_page()

    page.goto(f"/dashboard?period={planted.month.code}")

    assert "/console/sign-in" in page.url
    value = page.locator("input[name=next]").get_attribute("value")
    assert value == f"/dashboard?period={planted.month.code}"
    context.close()


def test_whoever_signed_in_before_at_the_console_is_known_here(
    chromium: Browser, site: Site
) -> None:
    context = desk_of(chromium, site, Role.LEADER)  # with the console's cookie alone
    page = context.new_page()
    page.goto("/console/queue")

    page.get_by_role("link", name="Toàn cảnh").click()

    expect(page.locator("#figure-received")).to_be_visible()
    assert page.url.endswith("/dashboard")
    context.close()


@pytest.mark.parametrize("role", [Role.OFFICER, Role.DISPATCHER, Role.ADMIN])
def test_others_are_not_offered_it_and_do_not_get_in(
    chromium: Browser, site: Site, role: Role
) -> None:
    context = leader_of(chromium, site, role, "ubnd-19789" if role is Role.OFFICER else None)
    page = context.new_page()
    page.goto("/console/")

    offered = page.get_by_role("link", name="Toàn cảnh").count()
    answer = context.request.get("/dashboard", headers={"Accept": "text/html"})

    assert offered == 0
    assert answer.status == 403
    context.close()

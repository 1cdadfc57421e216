"""Every screen of the leaders' pages as it is seen: axe-core finds nothing, nothing is wider than
the screen, what is touched is large enough, Tab comes to all; a picture of each is kept.
"""

import re

import pytest
from playwright.sync_api import Browser, FloatRect, Page, expect

from tests.dashboard.conftest import drawn, leader_of
from tests.dashboard.planted import Planted
from tests.web.conftest import Shots, watched
from tests.web.hands import violations
from tests.web.looking import too_small_to_touch, wider_than_the_screen
from tests.web.site import Site
from tests.web.walking import PHONE, SPILLS, unreached

PHONE_IN_HAND = {"viewport": PHONE, "is_mobile": True, "has_touch": True}
SCREENS = {
    "vi-desk-light": {"locale": "vi-VN", "color_scheme": "light"},
    "en-desk-dark": {"locale": "en-GB", "color_scheme": "dark"},
    "vi-phone-dark": {"locale": "vi-VN", "color_scheme": "dark", **PHONE_IN_HAND},
    "en-phone-light": {"locale": "en-GB", "color_scheme": "light", **PHONE_IN_HAND},
}
OPEN_ALL = """
() => document.querySelectorAll("details:not(.definition)").forEach((one) => { one.open = true; })
"""


def wrong_with(page: Page, name: str) -> list[str]:
    found = [*violations(page), *(f"wider: {one}" for one in wider_than_the_screen(page))]
    found += [f"spills: {one}" for one in page.evaluate(SPILLS)]
    if "phone" in name:
        found += [f"small: {one}" for one in too_small_to_touch(page)]
    return found


def where_it_stays(page: Page, part: str) -> FloatRect:
    """A part's place once the page has come to it."""
    before = None
    for _ in range(40):
        now = page.locator(part).bounding_box()
        if now and now == before and now["y"] < PHONE["height"] / 2:
            return now
        before = now
        page.wait_for_timeout(100)
    raise AssertionError(f"{part} does not come into sight")


@pytest.mark.parametrize("name", SCREENS)
def test_every_screen_is_whole_and_sound(
    chromium: Browser, site: Site, planted: Planted, shots: Shots, name: str
) -> None:
    context = leader_of(chromium, site, **SCREENS[name])
    page = context.new_page()
    complaints = watched(page)

    page.goto(f"/dashboard?period={planted.month.code}")
    drawn(page)
    shots(page, f"board-{name}")
    wrong = wrong_with(page, name)
    page.evaluate(OPEN_ALL)
    expect(page.locator(".heat-list tbody tr").first).to_be_visible()
    page.locator("#figure-received .definition summary").click()
    shots(page, f"open-{name}")
    wrong += wrong_with(page, name)
    for path in ("/dashboard/reports", "/dashboard?period=nonsense"):
        page.goto(path)
        shots(page, f"{re.sub('[^a-z]+', '-', path).strip('-')}-{name}")
        wrong += wrong_with(page, name)

    context.close()
    assert wrong == []
    assert complaints == []


LEFT_AND_RIGHT = """
(card) => ["h3", ".figure-value", ".line"].map((part) => {
  const one = card.querySelector(part), range = document.createRange();
  range.selectNodeContents(one);
  const { left, right } = (part === ".line" ? one : range).getBoundingClientRect();
  return [left, right];
})
"""


@pytest.mark.parametrize("width", [1366, 1920])
def test_a_number_stands_under_its_name_and_its_line_at_the_right(
    chromium: Browser, site: Site, planted: Planted, width: int
) -> None:
    context = leader_of(chromium, site, viewport={"width": width, "height": 900})
    page = context.new_page()
    page.goto(f"/dashboard?period={planted.month.code}")
    card = page.locator("#figure-received")
    card.locator(".line").wait_for()

    name, value, line = card.evaluate(LEFT_AND_RIGHT)
    box = card.bounding_box()

    context.close()
    assert box
    assert value[0] == pytest.approx(name[0], abs=2)
    assert value[1] < line[0]
    assert line[1] > box["x"] + box["width"] - 24


def test_tab_comes_to_everything(chromium: Browser, site: Site, planted: Planted) -> None:
    context = leader_of(chromium, site)
    page = context.new_page()
    page.goto(f"/dashboard?period={planted.month.code}")
    drawn(page)

    missed = unreached(page)

    context.close()
    assert missed == []


def test_twice_as_large_letters_fit(
    chromium: Browser, site: Site, planted: Planted, shots: Shots
) -> None:
    context = leader_of(chromium, site, **PHONE_IN_HAND)
    page = context.new_page()
    page.goto(f"/dashboard?period={planted.month.code}")
    page.locator("#figure-received").wait_for()

    page.evaluate("document.documentElement.style.fontSize = '200%'")
    page.wait_for_timeout(300)

    shots(page, "large-letters")
    wrong = wider_than_the_screen(page)
    context.close()
    assert wrong == []


def test_a_permanent_link_fits_a_phone(chromium: Browser, site: Site, planted: Planted) -> None:
    context = leader_of(chromium, site, **PHONE_IN_HAND)
    page = context.new_page()
    page.goto(f"/dashboard?period={planted.month.code}")

    page.get_by_role("button", name="Đường dẫn cố định").click()
    page.wait_for_url("**/dashboard/links/*")

    wrong = wider_than_the_screen(page)
    context.close()
    assert wrong == []


def test_on_a_phone_figures_come_first_and_a_cell_is_tapped_below(
    chromium: Browser, site: Site, planted: Planted, shots: Shots
) -> None:
    context = leader_of(chromium, site, **PHONE_IN_HAND)
    page = context.new_page()
    page.goto(f"/dashboard?period={planted.month.code}&res=8&view=16.4675,107.5885,12")
    drawn(page)
    figures, stage = (page.locator(one).bounding_box() for one in ("#figures", ".heat-stage"))

    page.evaluate("window.same = true")
    page.locator(".to-map").click()
    box = where_it_stays(page, ".heat-canvas")
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    expect(page.locator(".cell-card")).to_contain_text("12")
    shots(page, "phone-cell")
    assert page.evaluate("window.same")  # the way down is no new page
    assert figures
    assert stage
    assert figures["y"] < stage["y"]
    context.close()

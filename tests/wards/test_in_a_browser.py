"""The residents' figures in a real Chromium: on a phone and at a desk, in both languages, by day
and by night, with the keyboard, and without a script."""

from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.wards.conftest import AFAR, ALONE, HERE
from tests.web.conftest import Shots, watched
from tests.web.hands import violations
from tests.web.looking import too_small_to_touch, wider_than_the_screen
from tests.web.site import Site

NewReader = Callable[..., BrowserContext]
DESK = {"viewport": {"width": 1280, "height": 860}, "is_mobile": False, "has_touch": False,
        "device_scale_factor": 1}  # fmt: skip
LOOKS = {
    "vi-phone": {},
    "en-phone-dark": {"locale": "en-GB", "color_scheme": "dark"},
    "vi-desk-dark": {**DESK, "color_scheme": "dark"},
    "en-desk": {**DESK, "locale": "en-GB"},
}
#: The tones of the legend, palest first.
RAMP = ("#f3e8f7", "#ddbfe8", "#bf8fd3", "#9a5db8", "#733592", "#4c1b66")
LAND = "#efe9df"


#: A point of a ward with nothing else of the map within a finger's width.
WELL_WITHIN = """
code => {
  const path = document.querySelector(`[data-code="${code}"]`);
  const box = path.getBoundingClientRect();
  const top = (x, y) => document.elementsFromPoint(x, y).find(one => one.hasAttribute("data-code"));
  for (let n = 0; n < 2500; n++) {
    const x = box.x + box.width * (n % 50) / 50;
    const y = box.y + box.height * Math.floor(n / 50) / 50;
    const around = [[0, 0], [-6, 0], [6, 0], [0, -6], [0, 6]];
    if (around.every(([dx, dy]) => top(x + dx, y + dy) === path)) return [x, y];
  }
}
"""


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("city", "/figures"),
        ("ward", f"/figures/{HERE}"),
        ("lonely", f"/figures/{ALONE}"),
        ("found", "/figures?q=phu"),
        ("missing", "/figures/nowhere"),
    ],
)
def test_every_page_is_sound_and_fits(
    site: Site, new_reader: NewReader, shots: Shots, look: str, name: str, path: str
) -> None:
    page = new_reader(site, **LOOKS[look]).new_page()
    complaints = watched(page)

    page.goto(path)

    looked_over(page, shots, f"{name}-{look}", complaints)


@pytest.mark.parametrize("look", LOOKS)
def test_the_page_is_sound_before_anything_is_published(
    empty_site: Site, new_reader: NewReader, shots: Shots, look: str
) -> None:
    page = new_reader(empty_site, **LOOKS[look]).new_page()
    complaints = watched(page)

    page.goto("/figures")

    looked_over(page, shots, f"nothing-{look}", complaints)


def looked_over(page: Page, shots: Shots, name: str, complaints: list[str]) -> None:
    page.locator("h1").wait_for()
    page.evaluate("document.fonts.ready.then(() => 0)")
    shots(page, name)
    assert violations(page) == []
    # What a drawing cuts off at its edge is not out of the screen.
    assert [
        html for html in wider_than_the_screen(page) if not html.startswith(("<path", "<g"))
    ] == []
    assert too_small_to_touch(page) == []
    assert complaints == []


def test_the_map_is_drawn_in_the_tones_of_its_legend(page: Page) -> None:
    page.goto("/figures")

    drawn = picture(page.locator(".map svg"))
    colours = {colour for _, colour in drawn.getcolors(1 << 24) or []}
    assert rgb(LAND) in colours
    for cell in page.locator(".cells path").all():
        tone = int((cell.get_attribute("class") or "").removeprefix("heat-"))
        assert rgb(RAMP[tone - 1]) in colours
    legend = picture(page.locator(".ramp"))
    assert {rgb(tone) for tone in RAMP} <= {c for _, c in legend.getcolors(1 << 24) or []}


def test_a_hexagon_lies_where_the_reports_are_and_says_how_many(page: Page) -> None:
    page.goto(f"/figures/{HERE}")

    hexagons = page.locator(".cells path")
    expect(hexagons).to_have_count(1)  # all 25 and 9 are of one place
    assert hexagons.locator("title").text_content() == "ít nhất 34 phản ánh"
    hexagons.scroll_into_view_if_needed()
    middle = page.evaluate(
        """() => {
          const box = document.querySelector(".cells path").getBoundingClientRect();
          const under = document.elementsFromPoint(box.x + box.width / 2, box.y + box.height / 2);
          return under.map(one => one.getAttribute("data-code")).find(one => one);
        }"""
    )
    assert middle == HERE


def test_a_tap_on_the_map_leads_to_the_ward_there(page: Page) -> None:
    page.goto("/figures?month=2026-03")
    ward = page.locator(f".land path[data-code='{HERE}']")
    ward.scroll_into_view_if_needed()
    spot = page.evaluate(WELL_WITHIN, HERE)

    page.touchscreen.tap(*spot)

    page.wait_for_url(f"**/figures/{HERE}?month=2026-03")
    expect(page.locator("h1")).to_have_text("Phường Thuận Hóa")


def test_names_come_while_one_types_new_or_former_with_marks_or_none(page: Page) -> None:
    page.goto("/figures")
    field, found = page.get_by_label("Tên phường, xã"), page.locator(".finder .found a")

    field.fill("vy d")
    expect(found).to_have_text(["Phường Vỹ Dạ"])
    field.fill("Phú Hội")
    expect(found.first).to_have_text("Phường Thuận Hóa trước là Phú Hội")
    field.fill("Sài Gòn")
    expect(page.locator(".finder-said")).to_have_text("Không có phường, xã nào tên “Sài Gòn”.")
    field.fill("")
    expect(found).to_have_count(0)
    field.fill("thuan hoa")
    found.first.click()

    page.wait_for_url(f"**/figures/{HERE}")


def test_where_one_stands_is_found_and_goes_into_no_address(site: Site, page: Page) -> None:
    page.goto("/figures")
    site.faults.seen.clear()

    page.get_by_role("button", name="Nơi tôi đang đứng").click()

    page.wait_for_url("**/figures/1*")
    assert "POST /api/v1/places/name" in site.faults.seen
    assert not any("107." in address for address in site.faults.seen)


@pytest.mark.parametrize(
    ("differs", "said"),
    [
        ({"permissions": []}, "Máy chưa cho trang này biết vị trí."),
        (
            {"geolocation": {"latitude": 21.03, "longitude": 105.85}},
            "ở ngoài thành phố",
        ),
    ],
)
def test_where_it_cannot_be_found_that_is_said(
    site: Site, new_reader: NewReader, differs: dict[str, object], said: str
) -> None:
    page = new_reader(site, **differs).new_page()
    page.goto("/figures")

    page.get_by_role("button", name="Nơi tôi đang đứng").click()

    expect(page.locator(".here-said")).to_contain_text(said)
    expect(page.get_by_role("button", name="Nơi tôi đang đứng")).to_be_enabled()


def test_the_keyboard_alone_leads_from_the_city_to_a_ward_and_back(
    site: Site, new_reader: NewReader
) -> None:
    page = new_reader(site, **DESK).new_page()
    page.goto("/figures")

    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.get_by_label("Tên phường, xã").focus()
    page.keyboard.type("a luoi 2")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/figures/{AFAR}")
    page.locator(".back").focus()
    page.keyboard.press("Enter")

    page.wait_for_url("**/figures")


def test_all_of_it_is_there_without_a_script(site: Site, new_reader: NewReader) -> None:
    page = new_reader(site, java_script_enabled=False).new_page()
    page.goto("/figures")

    assert rgb(LAND) in colours_of(page.locator(".map svg"))
    expect(page.get_by_role("button", name="Nơi tôi đang đứng")).to_have_count(0)
    page.get_by_text("Tất cả 40 phường, xã").click()
    page.locator(".all-wards a", has_text="Thuận Hóa").click()
    expect(page.locator("h1")).to_have_text("Phường Thuận Hóa")
    page.go_back()
    page.get_by_label("Tên phường, xã").fill("vỹ dạ")
    page.get_by_role("button", name="Tìm").click()

    expect(page.locator("h1")).to_have_text("Phường Vỹ Dạ")


def test_the_app_leads_to_it(page: Page) -> None:
    page.goto("/me")

    page.get_by_role("link", name="Phường, xã trả lời ra sao").click()

    expect(page.locator("h1")).to_have_text("Thành phố Huế trả lời phản ánh thế nào")


def picture(element: Locator) -> Image.Image:
    return Image.open(BytesIO(element.screenshot())).convert("RGB")


def colours_of(element: Locator) -> set[object]:
    return {colour for _, colour in picture(element).getcolors(1 << 24) or []}


def rgb(written: str) -> tuple[int, ...]:
    return tuple(int(written[n : n + 2], 16) for n in (1, 3, 5))

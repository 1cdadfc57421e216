"""The heatmap as it is really drawn: colours at the places of known cells, through time, beside
another period; the way from a cell to its reports."""

import re
from math import atanh, cos, radians, sin
from urllib.parse import parse_qs, urlsplit

import h3.api.basic_int as h3
import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.dashboard.conftest import at_rest, drawn, leader_of, picture
from tests.dashboard.planted import MIDDLES, Planted, Spot
from tests.web.conftest import Shots, watched
from tests.web.site import Site
from tests.web.test_around import NO_WEBGL

CENTRE: Spot = (16.4690, 107.5700)  # no cell lies under the legend
ZOOM = 12.0
LAND = (0xEF, 0xE9, 0xDF)
#: The ramp and, for what fell, the greys: as in web/dashboard/frame.css, over land.
HEAT = ("#f3e8f7", "#ddbfe8", "#bf8fd3", "#9a5db8", "#733592", "#4c1b66")
LESS = ("#d9e2e4", "#a9bcc1", "#6f8a92")
OPACITY = 0.86
ASIDE = (0, 15)  # beside the number in a cell's middle, in pixels

Colour = tuple[int, int, int]


def opened(page: Page, planted: Planted, **more: str) -> Page:
    lat, lng = CENTRE
    asked = {"period": planted.month.code, "res": "8", "view": f"{lat},{lng},{ZOOM}"} | more
    page.goto("/dashboard?" + "&".join(f"{name}={text}" for name, text in asked.items()))
    return drawn(page)


def place_of(seen: Image.Image, spot: Spot) -> tuple[float, float]:
    """Where a point of the ground is drawn, by Web Mercator."""
    scale = 512 * 2**ZOOM / 360
    east = (spot[1] - CENTRE[1]) * scale
    north = (_up(spot[0]) - _up(CENTRE[0])) * scale
    return seen.width / 2 + east, seen.height / 2 - north


def _up(lat: float) -> float:
    """Latitude in Mercator's degrees."""
    return atanh(sin(radians(lat))) * 180 / 3.141592653589793


def colour_of(seen: Image.Image, cell: str, aside: tuple[int, int] = ASIDE) -> Colour:
    x, y = place_of(seen, MIDDLES[cell])
    found = seen.getpixel((round(x + aside[0]), round(y + aside[1])))
    assert isinstance(found, tuple)
    return found[0], found[1], found[2]


def over_land(ink: str) -> Colour:
    rgb = [int(ink[n : n + 2], 16) for n in (1, 3, 5)]
    mixed = [round(OPACITY * a + (1 - OPACITY) * b) for a, b in zip(rgb, LAND, strict=True)]
    return mixed[0], mixed[1], mixed[2]


def near(colour: Colour) -> object:
    return pytest.approx(colour, abs=5)


def test_each_cell_has_the_tone_of_its_count(page: Page, planted: Planted, shots: Shots) -> None:
    """12, 6 and 1 reports: tones of 3 each."""
    seen = picture(opened(page, planted))
    shots(page, "counts")

    assert colour_of(seen, "full") == near(over_land(HEAT[4]))
    assert colour_of(seen, "late") == near(over_land(HEAT[2]))
    assert colour_of(seen, "calm") == near(over_land(HEAT[0]))
    assert colour_of(seen, "empty") == near(LAND)
    expect(page.locator(".ramp-labels")).to_have_text(re.compile(r"0\s*9\s*15\+"))


def test_another_figure_colours_the_same_cells_and_leaves_those_with_few_blank(
    page: Page, planted: Planted, shots: Shots
) -> None:
    opened(page, planted)

    page.get_by_label("Tô màu theo").select_option("overdue")
    at_rest(page)

    seen = picture(page)
    shots(page, "late-share")
    assert colour_of(seen, "full") == near(over_land(HEAT[0]))
    assert colour_of(seen, "late") == near(over_land(HEAT[5]))
    assert colour_of(seen, "calm") == near(LAND)
    expect(page.locator(".legend-note")).to_contain_text("dưới 5")
    assert "metric=overdue" in page.url


def test_the_slider_shows_one_day_after_the_other(page: Page, planted: Planted) -> None:
    """On the third four reports in one cell; on the tenth all three have some."""
    opened(page, planted)
    slider = page.get_by_role("slider", name="Thời gian")
    month = planted.month.since.month

    slider.fill("2")
    at_rest(page)
    third = picture(page)
    told = slider.get_attribute("aria-valuetext")
    slider.fill("9")
    at_rest(page)
    tenth = picture(page)

    assert told == f"3/{month}"
    assert colour_of(third, "full") == near(over_land(HEAT[2]))
    assert colour_of(third, "late") == near(LAND)
    assert colour_of(tenth, "full") == near(over_land(HEAT[4]))
    assert colour_of(tenth, "late") != near(LAND)


def test_the_slider_goes_by_arrow_keys_and_adds_up(page: Page, planted: Planted) -> None:
    opened(page, planted)
    slider = page.get_by_role("slider", name="Thời gian")
    slider.focus()

    page.keyboard.press("Home")
    at_rest(page)
    first = picture(page)
    page.get_by_label("cộng dồn").check()
    slider.focus()
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    at_rest(page)
    added = picture(page)

    assert colour_of(first, "late") == near(LAND)  # in the middle it says that there are none
    assert colour_of(added, "late") != near(LAND)
    assert str(slider.get_attribute("aria-valuetext")).startswith("1 – ")


def test_time_plays_to_its_end_and_stops(page: Page, planted: Planted) -> None:
    opened(page, planted, period=planted.month.code)
    slider = page.get_by_role("slider", name="Thời gian")
    slider.fill(str(planted.month.days - 2))
    at_rest(page)
    almost = slider.get_attribute("aria-valuetext")

    page.get_by_role("button", name="Phát theo thời gian").click()

    expect(page.get_by_role("button", name="Dừng")).to_be_visible()
    expect(page.get_by_role("button", name="Phát theo thời gian")).to_be_visible(timeout=10_000)
    assert slider.get_attribute("aria-valuetext") != almost
    assert slider.input_value() == slider.get_attribute("max")


def test_what_rose_and_fell_is_told_by_colour_and_by_number(
    page: Page, planted: Planted, shots: Shots
) -> None:
    """12 after 2, 6 after 1, 1 after 7."""
    opened(page, planted)

    page.get_by_text("Thêm lựa chọn").click()
    page.get_by_label("Tăng, giảm so với kỳ được so").check()
    expect(page.locator(".ramp-labels")).to_contain_text("tăng")
    page.get_by_text("Thêm lựa chọn").click()  # it lies over the cells
    at_rest(page)

    seen = picture(page)
    shots(page, "change")
    assert colour_of(seen, "full") == near(over_land(HEAT[3]))
    assert colour_of(seen, "calm") == near(over_land(LESS[1]))
    page.get_by_text("Danh sách các ô").click()
    expect(page.locator(".heat-list tbody tr")).to_have_count(3)
    words = page.locator(".heat-list").inner_text()
    assert re.search(r"12\s+\+10\b", words)
    assert re.search(r"6\s+\+5\b", words)
    assert re.search(r"1\s+−6\b", words)
    assert "change=1" in page.url


def test_a_click_on_a_cell_tells_its_figures_and_leads_to_its_reports(
    page: Page, planted: Planted, shots: Shots
) -> None:
    seen = picture(opened(page, planted))
    x, y = place_of(seen, MIDDLES["late"])

    page.locator(".heat-canvas canvas").click(position={"x": x, "y": y})

    card = page.locator(".cell-card")
    expect(card).to_contain_text("6, 6 quá hạn")
    expect(card).to_contain_text("0 trong 6")
    shots(page, "cell")
    link = card.get_by_role("link", name="Xem các phản ánh")
    asked = parse_qs(urlsplit(str(link.get_attribute("href"))).query)
    assert asked["cell"] == [f"{h3.latlng_to_cell(*MIDDLES['late'], 8):x}"]
    link.click()
    expect(page.locator(".row")).to_have_count(6)


def test_enter_tells_the_cell_in_the_middle_of_the_map(page: Page, planted: Planted) -> None:
    lat, lng = MIDDLES["full"]
    opened(page, planted, view=f"{lat:.6f},{lng:.6f},{ZOOM}")

    page.locator(".heat-canvas canvas").focus()
    page.keyboard.press("Enter")

    expect(page.locator(".cell-card")).to_contain_text(re.compile(r"Phản ánh\s*12"))
    expect(page.locator("#aloud")).to_contain_text("12")


@pytest.mark.parametrize(
    ("zoom", "resolution"), [("9.0", 6), ("10.0", 7), ("11.5", 8), ("13.0", 9), ("15.0", 10)]
)
def test_the_closer_the_smaller_the_cells(
    page: Page, planted: Planted, zoom: str, resolution: int
) -> None:
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if "/dashboard/heat" in one.url else None)

    opened(page, planted, res="0", view=f"{CENTRE[0]},{CENTRE[1]},{zoom}")

    assert parse_qs(urlsplit(asked[-1]).query)["resolution"] == [str(resolution)]


@pytest.mark.parametrize(("zoom", "resolution"), [("12.35", 8), ("13.00", 9), ("13.95", 9)])
def test_a_wide_screen_has_cells_that_the_server_tells_of_so_much_ground(
    chromium: Browser, site: Site, planted: Planted, zoom: str, resolution: int
) -> None:
    context = leader_of(chromium, site, viewport={"width": 2560, "height": 1440})
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if "/dashboard/heat" in one.url else None)

    opened(page, planted, res="0", view=f"{CENTRE[0]},{CENTRE[1]},{zoom}")

    assert parse_qs(urlsplit(asked[-1]).query)["resolution"] == [str(resolution)]
    expect(page.locator(".heat-trouble")).to_be_hidden()
    context.close()


def test_a_link_shows_the_same_map(page: Page, planted: Planted, leader: BrowserContext) -> None:
    opened(page, planted)
    page.get_by_label("Tô màu theo").select_option("days")
    at_rest(page)
    before = picture(page)

    other = leader.new_page()
    other.goto(page.url)
    drawn(other)

    assert other.get_by_label("Tô màu theo").input_value() == "days"
    seen = picture(other)
    for cell in MIDDLES:
        assert colour_of(seen, cell) == near(colour_of(before, cell))


def test_without_webgl_the_cells_are_a_list_with_the_same_figures(
    leader: BrowserContext, planted: Planted, shots: Shots
) -> None:
    leader.add_init_script(NO_WEBGL)
    page = leader.new_page()
    complaints = watched(page)

    page.goto(f"/dashboard?period={planted.month.code}&res=8")

    expect(page.locator(".heat-no-map")).to_contain_text("không vẽ được bản đồ")
    rows = page.locator(".heat-list tbody tr")
    expect(rows).to_have_count(3)
    shots(page, "no-webgl")
    assert [one.split("\t")[1] for one in rows.all_inner_texts()] == ["12", "6", "1"]
    assert complaints == []


def test_a_failure_says_what_to_do_and_the_figures_stay(
    site: Site, page: Page, planted: Planted, shots: Shots
) -> None:
    site.faults.where, site.faults.status, site.faults.times = "GET /dashboard/heat", 500, 1_000
    page.goto(f"/dashboard?period={planted.month.code}&res=8")
    trouble = page.locator(".heat-trouble")
    expect(trouble).to_be_visible()
    shots(page, "map-failed")
    expect(page.locator("#figure-received")).to_contain_text("19")

    site.faults.heal()
    trouble.get_by_role("button", name="Tải lại bản đồ").click()

    expect(trouble).to_be_hidden()
    drawn(page)


def test_a_month_without_reports_says_so(page: Page, planted: Planted, shots: Shots) -> None:
    long_ago = f"{planted.month.since.year - 1}-{planted.month.since.month:02}"

    page.goto(f"/dashboard?period={long_ago}")
    drawn(page)

    shots(page, "empty")
    expect(page.locator(".heat-empty")).to_be_visible()
    expect(page.locator("#groups")).to_contain_text("Kỳ này chưa có phản ánh nào")


def test_cells_are_as_large_as_the_legend_says() -> None:
    """The sizes in the chooser are the distances between neighbours' middles."""
    at = h3.latlng_to_cell(*CENTRE, 8)
    beside = next(one for one in h3.grid_disk(at, 1) if one != at)

    apart = h3.great_circle_distance(h3.cell_to_latlng(at), h3.cell_to_latlng(beside), unit="m")

    assert apart == pytest.approx(920, rel=0.1)
    assert cos(radians(CENTRE[0])) > 0.9

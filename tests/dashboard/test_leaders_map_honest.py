"""What the heatmap must not say: a day held against a month, a part coloured as the whole, too few
where there are too many."""

import csv
import io
import re
from datetime import timedelta

import h3.api.basic_int as h3
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from app.clock import now
from reports.statuses import Role
from tests.dashboard.conftest import at_rest, drawn, leader_of, picture
from tests.dashboard.planted import MIDDLES, ZONE, Planted, make_figures
from tests.dashboard.test_leaders_map import (
    HEAT,
    LAND,
    colour_of,
    near,
    opened,
    over_land,
    place_of,
)
from tests.web.site import Site


def test_no_part_of_a_period_is_held_against_a_whole_one(page: Page, planted: Planted) -> None:
    opened(page, planted)
    slider = page.get_by_role("slider", name="Thời gian")
    slider.fill("2")
    at_rest(page)

    page.get_by_text("Thêm lựa chọn").click()
    page.get_by_label("Tăng, giảm so với kỳ được so").check()

    expect(slider).to_be_hidden()
    expect(page.locator(".ramp-labels")).to_contain_text("tăng")
    page.get_by_text("Danh sách các ô").click()
    expect(page.locator(".heat-list tbody tr")).to_have_count(3)
    assert re.search(r"12\s+\+10\b", page.locator(".heat-list").inner_text())

    page.get_by_label("Tô màu theo").select_option("per_1000")
    expect(slider).to_be_visible()


def test_days_that_are_not_over_are_not_held_against_others(
    page: Page, site: Site, planted: Planted
) -> None:
    """What came today is on the map, and counts for nothing in what rose."""
    today = now().astimezone(ZONE).date()
    since, lat, lng = today - timedelta(days=26), *MIDDLES["empty"]
    site.submits(lat=lat, lng=lng)
    make_figures(site)

    with page.expect_response(lambda one: "compare_from=" in one.url) as asked:
        opened(page, planted, period=f"{since}..{today}", change="1")
    held = {one["cell"]: one["count"] for one in asked.value.json()["cells"]}
    address = f"/dashboard/heat?from={since}&to={today + timedelta(days=1)}"
    whole = {one["cell"]: one["count"] for one in page.request.get(address).json()["cells"]}

    cell = f"{h3.latlng_to_cell(lat, lng, 8):x}"
    assert held.get(cell, 0) == 0
    assert whole[cell] > 0
    note = page.locator(".legend-note")
    expect(note).to_contain_text(re.compile(rf"{since.day}/{since.month}.*so với"))


def test_a_map_of_a_later_moment_than_the_figures_says_so(
    site: Site, page: Page, planted: Planted
) -> None:
    moment = opened(page, planted).locator(".legend-moment")
    expect(moment).to_be_hidden()

    lat, lng = MIDDLES["empty"]
    site.submits(lat=lat, lng=lng)
    make_figures(site)
    page.get_by_text("Thêm lựa chọn").click()
    page.get_by_label("Cỡ ô").select_option("7")

    expect(moment).to_contain_text("không cùng lúc với các số liệu khác")
    page.reload()
    drawn(page)
    expect(moment).to_be_hidden()


def test_adding_up_ends_with_the_tones_of_the_whole_period(page: Page, planted: Planted) -> None:
    opened(page, planted)

    page.get_by_label("cộng dồn").check()
    page.get_by_role("slider", name="Thời gian").fill(str(planted.month.days - 1))
    at_rest(page)

    seen = picture(page)
    assert colour_of(seen, "full") == near(over_land(HEAT[4]))
    assert colour_of(seen, "late") == near(over_land(HEAT[2]))
    expect(page.locator(".ramp-labels")).to_have_text(re.compile(r"0\s*9\s*15\+"))


def test_a_share_goes_over_time_too(page: Page, planted: Planted) -> None:
    """Of the third there are too few; of the tenth eight were answered in time and six are late."""
    opened(page, planted, metric="overdue")
    slider = page.get_by_role("slider", name="Thời gian")
    seen = []

    for day in ("2", "9"):
        with page.expect_response("**/dashboard/heat?*"):
            slider.fill(day)
        at_rest(page)
        seen.append(picture(page))

    third, tenth = seen
    assert colour_of(third, "full") == near(LAND)
    assert colour_of(tenth, "full") == near(over_land(HEAT[0]))
    assert colour_of(tenth, "late") == near(over_land(HEAT[5]))


def test_where_no_median_is_worked_out_nobody_is_told_of_too_few(
    page: Page, planted: Planted
) -> None:
    """As the server answers for more reports than it sorts at once."""

    def so_many(route: Route) -> None:
        told = route.fetch().json()
        for cell in told["cells"]:
            cell["resolve_median_s"] = None
        route.fulfill(json=told | {"medians": False})

    page.route("**/dashboard/heat?*", so_many)
    seen = picture(opened(page, planted, metric="days"))

    expect(page.locator(".legend-note")).to_contain_text("không tính trung vị")
    x, y = place_of(seen, MIDDLES["full"])
    page.locator(".heat-canvas canvas").click(position={"x": x, "y": y})
    expect(page.locator(".cell-card")).to_contain_text("không tính cho khoảng ngày này")


def test_a_head_is_told_that_the_list_has_only_what_the_office_was_given(
    chromium: Browser, site: Site, leader: BrowserContext, planted: Planted
) -> None:
    table = leader.request.get(f"/dashboard/figures.csv?period={planted.month.code}").text()
    rows = csv.reader(io.StringIO(table.removeprefix("\ufeff")))
    office = next(row[0] for row in [*rows][1:-1] if row[2] != "0")
    context = leader_of(chromium, site, Role.HEAD, office)
    page = opened(context.new_page(), planted)

    page.get_by_text("Danh sách các ô").click()
    expect(page.locator(".heat-list")).to_contain_text("Danh sách chỉ có phản ánh đã giao")
    page.locator(".heat-list tbody button").first.click()

    expect(page.locator(".cell-card")).to_contain_text("Danh sách chỉ có phản ánh đã giao")
    context.close()

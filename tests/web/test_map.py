"""The maps of the phone as they are really drawn: the small one with a pin, names of wards at every
zoom, and what is there when the map's own files are not."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.web.conftest import TRUONG_TIEN, NewPhone, Shots, watched
from tests.web.site import Site
from tests.web.test_around import LAND, NO_WEBGL, at_rest, drawn, open_map, spots
from tests.web.waiting import opened, rows, until

PIN = (0x5E, 0x2B, 0x83)
INK = (0x6A, 0x64, 0x72)
AT_FIRST = {"lat": TRUONG_TIEN["latitude"], "lng": TRUONG_TIEN["longitude"]}
MAP_FILES = r"/built/map-"
Place = tuple[float, float]


def small_map(page: Page) -> Locator:
    """A report is begun at the bridge: the picture of where it is."""
    page.goto("/new")
    picture = page.locator("#submit-place .pin-map")
    picture.wait_for()
    return picture


def large_map(page: Page) -> Locator:
    """… and the place is put right on the larger one."""
    small_map(page)
    page.locator("#submit-place").get_by_role("button", name="Sửa").click()
    return page.get_by_role("dialog").locator(".pin-map")


def drawn_map(page: Page) -> Locator:
    large = large_map(page)
    large.locator(".map-zoom").wait_for(timeout=20_000)
    at_rest(page, large)
    return large


def pin_of(page: Page) -> Place:
    """Where the report that is being written is, as the phone keeps it."""
    pin = (rows(page, "drafts") or [{"pin": AT_FIRST}])[-1]["pin"]
    return pin["lat"], pin["lng"]


def moved_from(page: Page, before: Place) -> Place:
    def elsewhere() -> Place | None:
        now = pin_of(page)
        return now if now != before else None

    found: Place = until(page, elsewhere)
    return found


def metres(before: Place, after: Place) -> tuple[float, float]:
    """How far north, how far east."""
    return (after[0] - before[0]) * 111_320, (after[1] - before[1]) * 111_320 * 0.959


def asked_for(site: Site, pattern: str) -> list[str]:
    return [request for request in site.faults.seen if re.search(pattern, request)]


# The pin ---------------------------------------------------------------------------------------


def test_the_picture_of_a_place_needs_none_of_the_maps_files(
    site: Site, page: Page, shots: Shots
) -> None:
    picture = small_map(page)
    at_rest(page, picture)
    shots(page, "picture")

    seen = drawn(picture)
    assert spots(seen, PIN, 40) == [pytest.approx((seen.width / 2, seen.height / 2), abs=2)]
    assert sum(n for n, colour in seen.getcolors(1_000_000) or [] if colour == LAND) > 10_000
    expect(picture.get_by_role("img", name="Bản đồ nhỏ, ghim ở Phường")).to_be_visible()
    assert picture.get_by_role("button").count() == 0
    assert asked_for(site, MAP_FILES) == []


def test_the_pin_is_dragged_to_another_place(page: Page, shots: Shots) -> None:
    large = drawn_map(page)
    shots(page, "sheet")
    before = pin_of(page)
    pin = large.locator(".map-pin")
    box = pin.bounding_box()
    assert box
    x, y = box["x"] + 22, box["y"] + 22

    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 30, y - 20, steps=4)
    page.mouse.move(x + 60, y - 40, steps=4)
    page.mouse.up()

    north, east = metres(before, moved_from(page, before))
    assert north / east == pytest.approx(40 / 60, rel=0.05)
    assert 100 < east < 400  # at this zoom


def test_a_tap_puts_the_pin_there(page: Page) -> None:
    large = drawn_map(page)
    before = pin_of(page)
    box = large.bounding_box()
    assert box

    page.touchscreen.tap(box["x"] + box["width"] / 2 - 80, box["y"] + box["height"] / 2)

    north, east = metres(before, moved_from(page, before))
    assert abs(north) < 5
    assert east < -100


def test_arrow_keys_move_the_pin_and_say_where_it_is(page: Page) -> None:
    large = drawn_map(page)
    before = pin_of(page)
    pin = large.get_by_role("button", name="Ghim vị trí.")

    pin.press("ArrowUp")
    north, east = metres(before, moved_from(page, before))
    assert (north, east) == (pytest.approx(5, abs=0.1), pytest.approx(0, abs=0.1))

    between = pin_of(page)
    pin.press("Shift+ArrowLeft")
    north, east = metres(between, moved_from(page, between))
    assert (north, east) == (pytest.approx(0, abs=0.1), pytest.approx(-50, abs=1))
    expect(large.locator("[aria-live]")).to_have_text(re.compile("Ghim ở Phường"))


def test_without_webgl_the_place_is_still_chosen(site: Site, new_phone: NewPhone) -> None:
    phone = new_phone()
    phone.add_init_script(NO_WEBGL)
    page = phone.new_page()

    expect(small_map(page).locator("canvas")).to_be_visible()  # a picture needs no WebGL
    page.locator("#submit-place").get_by_role("button", name="Sửa").click()

    sheet = page.get_by_role("dialog")
    expect(sheet.get_by_role("button", name="Bắc")).to_be_visible()
    expect(sheet.locator(".pin-map")).to_have_count(0)
    assert asked_for(site, MAP_FILES) == []


# Names -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("closer", [0, 4], ids=["ward", "street"])
def test_the_names_of_wards_are_seen(
    closer: int, phone: BrowserContext, page: Page, shots: Shots
) -> None:
    canvas = open_map(page, "&near=0")
    page.get_by_role("button", name="Vị trí của tôi").click()
    page.locator(".map-me").wait_for()
    for _ in range(closer):
        page.get_by_role("button", name="Phóng to").click()
        at_rest(page)
    at_rest(page)
    shots(page, f"names-{closer}")

    ink = [n for n, colour in drawn(canvas).getcolors(1_000_000) or [] if colour == INK]
    assert sum(ink) > 40


def test_the_names_of_wards_are_seen_over_the_whole_city(page: Page, shots: Shots) -> None:
    canvas = open_map(page, "&near=0")
    at_rest(page)
    for _ in range(6):
        page.get_by_role("button", name="Thu nhỏ").click()
        at_rest(page)
    shots(page, "names-city")

    ink = [n for n, colour in drawn(canvas).getcolors(1_000_000) or [] if colour == INK]
    assert sum(ink) > 200


# Without its files -----------------------------------------------------------------------------


def cut(site: Site, pattern: str) -> None:
    site.faults.where, site.faults.cut, site.faults.times = pattern, "request", 1_000_000


def back_on_line(phone: BrowserContext, site: Site) -> None:
    """The network goes and comes back, as the phone notices it."""
    phone.set_offline(True)
    site.faults.heal()
    phone.set_offline(False)


@pytest.mark.parametrize("missing", [r"/built/map-worker", r"/built/map-style"])
def test_a_map_whose_files_do_not_come_is_a_sketch_until_they_do(
    missing: str, site: Site, phone: BrowserContext, page: Page, shots: Shots
) -> None:
    cut(site, missing)
    large = large_map(page)
    expect(large.get_by_text("Chưa tải được bản đồ.")).to_be_visible()
    at_rest(page, large)
    shots(page, "sketch")
    assert spots(drawn(large), PIN, 40)
    expect(page.get_by_role("button", name="Bắc")).to_be_visible()

    back_on_line(phone, site)

    large.locator(".map-zoom").wait_for(timeout=20_000)
    expect(large.get_by_text("Chưa tải được bản đồ.")).to_have_count(0)
    at_rest(page, large)
    assert sum(n for n, c in drawn(large).getcolors(1_000_000) or [] if c == LAND) > 10_000


def test_a_worker_that_is_lost_after_all_is_no_crash(
    site: Site, phone: BrowserContext, page: Page
) -> None:
    """The file was fetched, and is gone again when the browser starts the worker."""
    phone.add_init_script(
        "const Real = Worker; let lost = false;"
        "Worker = class extends Real { constructor(url, how) {"
        " super(lost ? url : url + '.gone', how); lost = true; } };"
    )
    large = large_map(page)
    expect(large.get_by_text("Chưa tải được bản đồ.")).to_be_visible(timeout=20_000)

    large.get_by_role("button", name="Tải lại").click()

    large.locator(".map-zoom").wait_for(timeout=20_000)


def test_a_worker_that_is_lost_each_time_is_not_started_in_circles(
    site: Site, phone: BrowserContext, page: Page
) -> None:
    phone.add_init_script(
        "const Real = Worker; window.started = 0;"
        "Worker = class extends Real { constructor(url, how) {"
        " super(url + '.gone', how); window.started += 1; } };"
    )
    large = large_map(page)
    expect(large.get_by_text("Chưa tải được bản đồ.")).to_be_visible(timeout=20_000)
    at_first = page.evaluate("started")

    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_timeout(3000)

    assert page.evaluate("started") <= 2 * at_first
    expect(large.get_by_text("Chưa tải được bản đồ.")).to_be_visible()


def test_the_map_of_reports_is_the_list_until_its_files_come(
    site: Site, phone: BrowserContext, page: Page, shots: Shots
) -> None:
    site.accepted(site.submits()["id"])
    cut(site, r"/built/map-")
    page.goto("/?view=map")

    expect(page.get_by_text("Chưa tải được bản đồ, nên đây là danh sách.")).to_be_visible()
    page.locator(".report-card").first.wait_for()
    shots(page, "list-instead")
    back_on_line(phone, site)

    page.locator(".around-map-me").wait_for(timeout=20_000)
    expect(page.locator(".report-card")).to_have_count(0)


@pytest.fixture
def seen_once(site: Site, phone: BrowserContext) -> Iterator[Callable[[], Page]]:
    """A map was looked at on the very first visit; then the app was closed, the network is gone."""
    first = opened(phone.new_page(), site, "/?view=map")
    first.locator(".around-map-me").wait_for(timeout=20_000)
    at_rest(first)
    first.close()
    phone.set_offline(True)
    heard: list[list[str]] = []

    def again() -> Page:
        page = phone.new_page()
        page.context.new_cdp_session(page).send("Network.clearBrowserCache")  # weeks have passed
        heard.append(watched(page))
        page.goto(site.url + "/?view=map")
        return page

    yield again
    assert not any(heard), heard


def test_a_map_used_once_is_drawn_without_a_network(
    seen_once: Callable[[], Page], site: Site, shots: Shots
) -> None:
    site.faults.seen.clear()
    page = seen_once()
    page.locator(".around-map-me").wait_for(timeout=20_000)
    at_rest(page)
    shots(page, "offline")

    seen = drawn(page.locator(".around-map-canvas"))
    assert sum(n for n, colour in seen.getcolors(1_000_000) or [] if colour == LAND) > 10_000
    assert asked_for(site, "/built/|/api/") == []

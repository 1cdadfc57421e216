"""Around me, in a real browser: the list, the map as it is really drawn, filters in the address,
following a place; with no network, with no WebGL, and nothing from any other host."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect
from sqlalchemy import text

from app.clock import now
from app.database import db
from reports.statuses import Role
from tests.web.conftest import NewPhone, Shots, watched
from tests.web.site import Site
from tests.web.waiting import until

LAND, WATER, TIM = (0xEF, 0xE9, 0xDF), (0xE4, 0xEE, 0xF2), (0x5E, 0x2B, 0x83)
WORKED_ON = (0x8A, 0x53, 0x00)
HILLS: dict[str, Any] = {
    "code": "20044",
    "lat": 16.27263,
    "lng": 107.23019,
}  # A Lưới 2, where no other test goes
EMPTY_SEA = {"latitude": 16.62, "longitude": 107.75, "accuracy": 10}
METRE = 1 / 111_320
NO_WEBGL = """
const getContext = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
  return String(kind).startsWith("webgl") ? null : getContext.call(this, kind, ...rest);
};
"""
COUNTS_QUESTIONS = """
window.asked = 0;
const ask = Geolocation.prototype.getCurrentPosition;
Geolocation.prototype.getCurrentPosition = function (...rest) {
  window.asked += 1;
  return ask.apply(this, rest);
};
"""
SAVES_DATA = """
Object.defineProperty(navigator, "connection", { value: { saveData: true, effectiveType: "4g" } });
"""


@dataclass
class Hills:
    """Reports in a far ward: three close together, one a kilometre away, one of last season."""

    site: Site
    near: list[dict[str, Any]]
    far: dict[str, Any]
    old: dict[str, Any]
    unseen: dict[str, Any]


@pytest.fixture(scope="module")
def hills(served_site: Site) -> Hills:
    served_site.faults.heal()
    near = [_public(served_site, f"Ổ gà số {n}", 600 + 40 * n, 0, "duong-hong") for n in (1, 2, 3)]
    far = _public(served_site, "Cống nghẹt ở đầu dốc", 0, 1500, "ngap-nuoc")
    old = _public(served_site, "Chuyện từ mùa trước", 0, 200, "ngap-nuoc")
    _sent_days_ago(served_site, old["id"], 60)
    unseen = _sent(served_site, "Chưa ai xem việc này", 0, 100, "rac-thai")
    return Hills(served_site, near, far, old, unseen)


def _sent(site: Site, words: str, east: float, north: float, category: str) -> dict[str, Any]:
    return site.submits(
        category=category, description=words,
        lat=HILLS["lat"] + north * METRE, lng=HILLS["lng"] + east * METRE / 0.96,
    )  # fmt: skip


def _public(site: Site, words: str, east: float, north: float, category: str) -> dict[str, Any]:
    report = _sent(site, words, east, north, category)
    dispatcher = site.official(Role.DISPATCHER)
    if site.call("GET", f"/reports/{report['id']}", dispatcher)["status"] == "submitted":
        site.accepted(report["id"])
    return report


def _execute(site: Site, sql: str, **values: Any) -> None:
    with site.app.app_context(), db.engine.begin() as connection:
        connection.execute(text(sql), values)


def _sent_days_ago(site: Site, report_id: str, days: int) -> None:
    then = now() - timedelta(days=days)
    sql = "update report set submitted_at = :at where id = :id"
    _execute(site, sql, at=then, id=report_id)


@pytest.fixture
def in_hills(new_phone: NewPhone) -> BrowserContext:
    """A phone that stands in the hills and has not been asked for its place yet."""
    spot = {"latitude": HILLS["lat"], "longitude": HILLS["lng"], "accuracy": 8}
    return new_phone(geolocation=spot, permissions=[])


@pytest.fixture
def there(in_hills: BrowserContext) -> Iterator[Page]:
    shown = in_hills.new_page()
    complaints = watched(shown)
    yield shown
    assert complaints == []


def titles(page: Page) -> list[str]:
    return page.locator(".report-card .card-title").all_inner_texts()


def card(page: Page, words: str) -> Locator:
    return page.locator(".report-card", has_text=words)


def heading(page: Page) -> Locator:
    return page.locator(".around-heading h2")


# The list --------------------------------------------------------------------------------------


def test_the_list_shows_what_is_public_in_a_ward_newest_first(hills: Hills, there: Page) -> None:
    there.goto(f"/?area={HILLS['code']}")
    expect(card(there, hills.far["description"])).to_be_visible()

    assert titles(there) == [
        hills.far["description"],
        *(report["description"] for report in reversed(hills.near)),
    ]
    expect(heading(there)).to_contain_text("A Lưới 2")


def test_a_long_list_comes_page_by_page(site: Site, hills: Hills, there: Page) -> None:
    for number in range(22):
        puddle = _public(site, f"Vũng nước {number}", 10 * number, 1600, "ngap-nuoc")
        _sent_days_ago(site, puddle["id"], 70)
    there.goto(f"/?area={HILLS['code']}&category=ngap-nuoc&days=90")
    expect(there.locator(".report-card")).to_have_count(20)

    there.get_by_role("button", name="Xem thêm", exact=True).click()

    expect(there.locator(".report-card")).to_have_count(24)
    assert len(set(titles(there))) == 24
    expect(there.get_by_role("button", name="Xem thêm", exact=True)).to_have_count(0)


def test_nobody_is_asked_for_their_place_at_the_door(
    hills: Hills, in_hills: BrowserContext
) -> None:
    in_hills.add_init_script(COUNTS_QUESTIONS)
    page = in_hills.new_page()
    page.goto("/")
    page.locator(".report-card").first.wait_for()

    assert page.evaluate("asked") == 0


def test_near_me_shows_the_nearest_first_and_keeps_my_place_out_of_the_address(
    hills: Hills, in_hills: BrowserContext, there: Page
) -> None:
    there.goto("/")
    there.locator(".report-card").first.wait_for()  # it has seen that it may not ask yet
    in_hills.grant_permissions(["geolocation"])

    there.get_by_role("button", name="Gần tôi").click()

    expect(heading(there)).to_have_text("Trong vòng 1 km")
    expect(there.locator(".report-card")).to_have_count(3)
    assert titles(there) == [report["description"] for report in hills.near]
    expect(there.locator(".card-facts").first).to_contain_text("cách 640 m")
    there.get_by_role("button", name="Tìm rộng hơn, 3 km").click()
    expect(card(there, hills.far["description"])).to_be_visible()
    assert "16." not in there.url
    assert "107." not in there.url


def test_who_keeps_their_place_to_themselves_is_told_how_to_go_on(
    hills: Hills, there: Page
) -> None:
    there.goto("/")

    there.get_by_role("button", name="Gần tôi").click()

    expect(there.get_by_text("Trình duyệt không cho Xóm biết vị trí.")).to_be_visible()
    there.get_by_role("button", name="Chọn phường, xã").click()
    there.get_by_role("dialog").get_by_text("Xã A Lưới 2", exact=True).click()
    expect(card(there, hills.far["description"])).to_be_visible()


def test_where_nothing_is_near_a_wider_look_is_offered(site: Site, new_phone: NewPhone) -> None:
    page = new_phone(geolocation=EMPTY_SEA).new_page()
    page.goto("/")

    expect(page.get_by_role("heading", name="Chưa có phản ánh trong vòng 1 km")).to_be_visible()
    page.get_by_role("button", name="Tìm rộng hơn, 3 km").click()

    expect(page.get_by_role("heading", name="Chưa có phản ánh trong vòng 3 km")).to_be_visible()


# Filters ---------------------------------------------------------------------------------------


def test_filters_stand_in_the_address_and_back_takes_them_away(hills: Hills, there: Page) -> None:
    there.goto(f"/?area={HILLS['code']}")
    expect(card(there, hills.near[0]["description"])).to_be_visible()

    there.locator("[data-part=category]").click()
    there.get_by_role("dialog").get_by_text("Ngập úng, thoát nước").click()

    expect(there).to_have_url(re.compile(r"area=20044&category=ngap-nuoc$"))
    expect(there.locator(".report-card")).to_have_count(1)
    assert titles(there) == [hills.far["description"]]
    there.go_back()
    expect(card(there, hills.near[0]["description"])).to_be_visible()
    expect(there).to_have_url(re.compile(r"area=20044$"))


def test_what_is_old_is_out_of_the_way_until_asked_for(hills: Hills, there: Page) -> None:
    there.goto(f"/?area={HILLS['code']}&category=ngap-nuoc")
    expect(card(there, hills.far["description"])).to_be_visible()
    expect(card(there, hills.old["description"])).to_have_count(0)

    there.locator("[data-part=days]").click()
    there.get_by_role("dialog").get_by_text("90 ngày").click()

    expect(card(there, hills.old["description"])).to_be_visible()


def test_filtered_to_nothing_offers_to_take_the_filters_off(hills: Hills, there: Page) -> None:
    there.goto(f"/?area={HILLS['code']}&status=done")
    expect(there.get_by_role("heading", name="Không có phản ánh nào như vậy")).to_be_visible()

    there.locator(".state").get_by_role("button", name="Bỏ lọc").click()

    expect(there).to_have_url(re.compile(r"/$"))
    there.locator(".report-card").first.wait_for()


@pytest.mark.parametrize(
    ("typed", "found", "former"),
    [
        ("Thuận Lộc", "Phường Phú Xuân", "trước là Phường Thuận Lộc"),
        ("thuan loc", "Phường Phú Xuân", "trước là Phường Thuận Lộc"),
        ("vy da", "Phường Vỹ Dạ", None),
    ],
)
def test_a_ward_is_found_by_its_new_and_former_names(
    hills: Hills, there: Page, typed: str, found: str, former: str | None
) -> None:
    there.goto("/")
    there.locator("[data-part=area]").click()

    there.get_by_label("Tên phường, xã").fill(typed)

    row = there.get_by_role("dialog").locator("li").first
    expect(row).to_contain_text(found)
    if former:
        expect(row).to_contain_text(former)


# Danger and notices ----------------------------------------------------------------------------


def test_the_numbers_to_call_stand_first_and_dial(hills: Hills, there: Page) -> None:
    there.goto("/")

    lines = there.locator(".around-danger a")
    expect(lines).to_have_text(["113", "114", "115"])
    dialled = lines.evaluate_all("all => all.map(a => a.getAttribute('href'))")
    assert dialled == ["tel:113", "tel:114", "tel:115"]
    expect(there.locator("a.hotline")).to_have_attribute("href", re.compile(r"^tel:\d+$"))


def test_a_notice_stands_first_and_stays_hidden_once_hidden(
    site: Site, hills: Hills, there: Page
) -> None:
    words = f"Đang ngập đường Hồ Chí Minh, trung tâm đã biết ({uuid4().hex[:6]})."
    site.call("POST", "/notices", site.official(Role.DISPATCHER), json={
        "id": str(uuid4()), "kind": "flood", "text_vi": words, "areas": [HILLS["code"]],
        "ends_at": (now() + timedelta(hours=2)).isoformat(),
    })  # fmt: skip
    there.goto(f"/?area={HILLS['code']}")
    notice = there.locator(".around-notice", has_text=words)
    expect(notice).to_be_visible()
    assert notice.bounding_box()["y"] < there.locator(".around-views").bounding_box()["y"]  # type: ignore[index]

    notice.get_by_role("button", name="Ẩn tin này").click()

    expect(notice).to_have_count(0)
    there.reload()
    there.locator(".report-card").first.wait_for()
    expect(notice).to_have_count(0)


# The map ---------------------------------------------------------------------------------------


def open_map(page: Page, query: str = "") -> Locator:
    page.goto(f"/?view=map{query}")
    page.locator(".around-map-me").wait_for(timeout=20_000)
    expect(page.locator(".around-map-count")).to_contain_text("phản ánh", timeout=20_000)
    page.locator(".around-map").evaluate("map => map.scrollIntoView({block: 'center'})")
    return page.locator(".around-map-canvas")


def stand_in_the_hills(page: Page, phone: BrowserContext) -> Locator:
    phone.grant_permissions(["geolocation"])
    canvas = open_map(page, "&near=0")
    page.get_by_role("button", name="Vị trí của tôi").click()
    page.locator(".map-me").wait_for()
    at_rest(page)
    return canvas


def at_rest(page: Page, canvas: Locator | None = None) -> None:
    """The map has come to rest: two looks at it are the same."""
    canvas = canvas or page.locator(".around-map-canvas")
    before = b""
    for _ in range(40):
        page.wait_for_timeout(300)
        seen = canvas.screenshot()
        if seen == before:
            return
        before = seen
    raise AssertionError("the map never rests")


def drawn(canvas: Locator) -> Image.Image:
    """What is really seen, one pixel a CSS pixel."""
    shot = Image.open(BytesIO(canvas.screenshot())).convert("RGB")
    box = canvas.bounding_box()
    assert box
    return shot.resize((round(box["width"]), round(box["height"])), Image.Resampling.NEAREST)


def spots(
    image: Image.Image, colour: tuple[int, int, int], least: int = 30
) -> list[tuple[int, int]]:
    """The middles of the patches of a colour."""
    near = {
        (x, y)
        for y in range(image.height)
        for x in range(image.width)
        if max(abs(a - b) for a, b in zip(image.getpixel((x, y)), colour, strict=True)) < 12  # type: ignore[arg-type]
    }
    found = []
    while near:
        patch, edge = [], [near.pop()]
        while edge:
            x, y = edge.pop()
            patch.append((x, y))
            beside = {(x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)} & near
            near -= beside
            edge += beside
        if len(patch) >= least:
            xs, ys = [x for x, _ in patch], [y for _, y in patch]
            found.append(((min(xs) + max(xs)) // 2, (min(ys) + max(ys)) // 2))
    return found


def tap(page: Page, canvas: Locator, spot: tuple[int, int]) -> None:
    box = canvas.bounding_box()
    assert box
    page.touchscreen.tap(box["x"] + spot[0], box["y"] + spot[1])


def beside_me(canvas: Locator, colour: tuple[int, int, int], least: int) -> list[tuple[int, int]]:
    """Patches of a colour, but for the dot that is me and what lies under the buttons."""
    image = drawn(canvas)
    middle = (image.width / 2, image.height / 2)
    return [
        (x, y)
        for x, y in spots(image, colour, least)
        if abs(x - middle[0]) + abs(y - middle[1]) > 40 and 50 < y < image.height - 130
    ]


def test_the_map_is_drawn_in_the_pages_own_colours(hills: Hills, there: Page, shots: Shots) -> None:
    canvas = open_map(there)
    at_rest(there)
    for _ in range(2):
        there.get_by_role("button", name="Thu nhỏ").click()
        at_rest(there)

    seen = drawn(canvas).getcolors(1_000_000) or []
    share = {colour: count for count, colour in seen}
    total = sum(share.values())
    shots(there, "map")
    assert share.get(LAND, 0) / total > 0.05
    assert share.get(WATER, 0) / total > 0.2
    assert share.get(TIM, 0) > 100  # the bubbles


def test_a_cluster_falls_apart_and_what_is_tapped_shows_its_card(
    hills: Hills, in_hills: BrowserContext, there: Page
) -> None:
    canvas = stand_in_the_hills(there, in_hills)
    bubbles = beside_me(canvas, TIM, 120)
    assert len(bubbles) == 1
    assert beside_me(canvas, WORKED_ON, 40) == []

    tap(there, canvas, bubbles[0])
    at_rest(there)

    single = spots(drawn(canvas), WORKED_ON, 40)
    assert len(single) == 3
    tap(there, canvas, sorted(single)[0])
    expect(card(there, hills.near[0]["description"])).to_be_visible()
    card(there, hills.near[0]["description"]).locator("a").click()
    expect(there).to_have_url(re.compile(hills.near[0]["code"].replace("-", "")))


def test_reports_of_one_spot_are_leafed_through(
    site: Site, hills: Hills, in_hills: BrowserContext, there: Page
) -> None:
    both = {f"Hai việc một chỗ {n} {uuid4().hex[:4]}" for n in (1, 2)}
    for words in both:
        _public(site, words, -500, 0, "duong-hong")
    canvas = stand_in_the_hills(there, in_hills)
    left = min(beside_me(canvas, TIM, 120))

    for _ in range(4):  # closer and closer, until nothing is left to fall apart
        tap(there, canvas, left)
        at_rest(there)
        if there.locator(".around-stack").count():
            break
        left = min(spots(drawn(canvas), TIM, 120), key=lambda at: abs(at[0] - 195))

    stack = there.locator(".around-stack")
    expect(stack).to_contain_text("1/2 ở chỗ này")
    whole = stack.locator("a.card-link")  # not what the map itself knows, until the report came
    first = whole.locator(".card-title").inner_text()
    stack.get_by_role("button", name="Phản ánh sau").click()
    expect(stack).to_contain_text("2/2 ở chỗ này")
    expect(whole.locator(".card-title")).not_to_have_text(first)
    assert {first, whole.locator(".card-title").inner_text()} == both
    stack.get_by_role("button", name="Đóng").click()
    expect(stack).to_have_count(0)


def test_too_many_for_one_phone_come_as_numbers_and_open_where_they_lie(
    site: Site, hills: Hills, in_hills: BrowserContext, there: Page
) -> None:
    with crowd(site, hills.far["id"]):
        canvas = open_map(there, "&days=all&near=0")
        at_rest(there)
        for _ in range(2):
            there.get_by_role("button", name="Thu nhỏ").click()
            at_rest(there)
        expect(there.locator(".around-map-count")).to_contain_text(re.compile(r"2\.\d{3} phản ánh"))
        bubbles = spots(drawn(canvas), TIM, 120)
        assert bubbles

        before = there.locator(".around-map-count").inner_text()
        tap(there, canvas, bubbles[0])
        at_rest(there)

        expect(there.locator(".around-map-count")).not_to_have_text(before)


class crowd:  # noqa: N801
    """For as long as the block lasts, a report has 2,400 others around it."""

    def __init__(self, site: Site, report_id: str) -> None:
        self.site, self.report_id = site, report_id

    def __enter__(self) -> None:
        told = (
            "select string_agg(column_name, ',') from information_schema.columns "
            "where table_name = 'report' and is_generated = 'NEVER'"
        )
        names = str(self.site.scalar(told)).split(",")
        other = {
            "id": "gen_random_uuid()", "code": "'C' || lpad(n::text, 9, '0')",
            "lat": "lat + (n % 49) * 0.0008", "lng": "lng + (n / 49) * 0.0008",
            "spot": "point(spot[0] + (n / 49) * 89, spot[1] + (n % 49) * 93)",
        }  # fmt: skip
        values = ",".join(other.get(name, name) for name in names)
        sql = (
            f"insert into report ({','.join(names)}) select {values} "
            "from report, generate_series(1, 2400) n where report.id = :id"
        )
        _execute(self.site, sql, id=self.report_id)

    def __exit__(self, *_: object) -> None:
        _execute(self.site, "delete from report where code like 'C0000%'")


def test_the_chosen_ward_stands_out(hills: Hills, there: Page) -> None:
    canvas = open_map(there, f"&area={HILLS['code']}")
    at_rest(there)

    border = [n for n, colour in drawn(canvas).getcolors(1_000_000) or [] if colour == TIM]
    assert sum(border) > 300
    expect(there.locator(".around-map-count")).not_to_contain_text("Không có")


def test_a_map_that_was_looked_at_is_there_when_the_network_is_not(
    site: Site, hills: Hills, there: Page
) -> None:
    open_map(there, "&near=0")
    at_rest(there)

    site.faults.where, site.faults.cut, site.faults.times = r"/reports", "request", 1_000_000
    there.reload()
    there.locator(".around-map-me").wait_for()

    expect(there.locator(".around-map-count")).to_have_text(
        "Chưa có mạng. Đây là những gì máy đã lưu."
    )
    at_rest(there)
    assert spots(drawn(there.locator(".around-map-canvas")), TIM, 120)


# Without ---------------------------------------------------------------------------------------


def test_without_webgl_there_is_the_list_and_no_map_is_fetched(
    site: Site, hills: Hills, in_hills: BrowserContext
) -> None:
    in_hills.add_init_script(NO_WEBGL)
    page = in_hills.new_page()
    page.goto(f"/?view=map&area={HILLS['code']}")

    expect(card(page, hills.far["description"])).to_be_visible()
    expect(page.get_by_text("Máy này không vẽ được bản đồ")).to_be_visible()
    page.get_by_role("button", name="Bản đồ").click()
    expect(card(page, hills.far["description"])).to_be_visible()
    assert not [one for one in site.faults.seen if "map-" in one]
    assert not [one for one in site.faults.seen if "/reports/points" in one]


def test_who_saves_data_gets_the_list_until_asking_for_the_map(
    site: Site, hills: Hills, in_hills: BrowserContext
) -> None:
    in_hills.add_init_script(SAVES_DATA)
    page = in_hills.new_page()
    page.goto("/")
    page.evaluate("localStorage.setItem('xom-around-view', 'map')")
    page.goto("/")
    page.locator(".report-card").first.wait_for()
    assert not [one for one in site.faults.seen if "map-" in one]

    page.get_by_role("button", name="Bản đồ").click()

    page.locator(".around-map-me").wait_for()


def test_the_choice_between_list_and_map_is_remembered(hills: Hills, there: Page) -> None:
    open_map(there)
    there.get_by_role("button", name="Danh sách", exact=True).click()
    there.locator(".report-card").first.wait_for()
    there.get_by_role("button", name="Bản đồ", exact=True).click()
    there.locator(".around-map-me").wait_for()

    there.goto("/")

    there.locator(".around-map-me").wait_for()
    expect(there.locator(".report-card")).to_have_count(0)


def test_without_a_network_the_list_is_as_it_was_kept(
    site: Site, hills: Hills, there: Page
) -> None:
    there.goto(f"/?area={HILLS['code']}")
    expect(card(there, hills.far["description"])).to_be_visible()

    site.faults.where, site.faults.cut, site.faults.times = r"/api/v1/", "request", 1_000_000
    there.reload()

    expect(card(there, hills.far["description"])).to_be_visible()
    expect(there.locator(".kept-line")).to_contain_text("Đây là những gì máy lưu lúc")


def test_without_a_network_and_nothing_kept_it_says_what_is_safe(
    site: Site, hills: Hills, there: Page
) -> None:
    site.faults.where, site.faults.cut, site.faults.times = r"/api/v1/", "request", 1_000_000
    there.goto("/?days=365")
    expect(there.get_by_role("heading", name="Chưa có mạng")).to_be_visible()

    site.faults.heal()
    there.get_by_role("button", name="Tải lại").click()

    there.locator(".report-card").first.wait_for()


def test_where_one_answer_never_comes_it_is_not_asked_for_in_circles_and_comes_by_itself(
    site: Site, hills: Hills, there: Page
) -> None:
    site.faults.where, site.faults.cut, site.faults.times = r"/api/v1/reports", "request", 1_000_000
    there.goto("/?days=364")
    expect(there.get_by_role("heading", name="Chưa có mạng")).to_be_visible()
    there.wait_for_timeout(3000)
    asked = [one for one in site.faults.seen if one == "GET /api/v1/reports"]
    assert len(asked) <= 3

    site.faults.heal()

    there.locator(".report-card").first.wait_for(timeout=30_000)


def test_nothing_comes_from_another_host(site: Site, hills: Hills, there: Page) -> None:
    outside: list[str] = []

    def seen(route: Route) -> None:
        if not route.request.url.startswith((site.url, "data:", "blob:")):
            outside.append(route.request.url)
        route.continue_()

    there.context.route("**/*", seen)
    open_map(there)
    at_rest(there)
    there.get_by_role("button", name="Danh sách", exact=True).click()
    there.locator(".report-card").first.wait_for()

    assert outside == []


# Following -------------------------------------------------------------------------------------


def test_a_ward_and_a_kind_are_followed_let_go_and_followed_again(
    site: Site, hills: Hills, there: Page
) -> None:
    before = site.scalar("select count(*) from subscription")
    there.goto(f"/?area={HILLS['code']}&category=ngap-nuoc")
    there.get_by_role("button", name="Theo dõi", exact=True).click()
    sheet = there.get_by_role("dialog")
    expect(sheet.get_by_text("Bạn chưa theo dõi nơi nào")).to_be_visible()

    sheet.get_by_role("button", name="Theo dõi", exact=True).click()

    row = sheet.locator(".around-followed li")
    expect(row).to_have_text(["Ngập úng, thoát nước · Xã A Lưới 2"])
    assert site.scalar("select count(*) from subscription") == before + 1
    row.get_by_role("button", name="Bỏ theo dõi").click()
    expect(row).to_have_count(0)
    assert site.scalar("select count(*) from subscription") == before
    there.get_by_role("button", name="Đóng").click()
    there.get_by_role("button", name="Theo dõi lại").click()
    until(there, lambda: site.scalar("select count(*) from subscription") == before + 1)
    there.goto("/me/following")
    expect(there.locator(".around-followed li")).to_have_count(1)


def test_a_circle_around_here_is_followed_with_its_radius(
    site: Site, hills: Hills, in_hills: BrowserContext, there: Page
) -> None:
    there.goto("/")
    there.get_by_role("button", name="Theo dõi", exact=True).click()
    sheet = there.get_by_role("dialog")
    sheet.get_by_role("button", name="Quanh đây").click()
    sheet.get_by_role("button", name="Theo dõi", exact=True).click()
    expect(sheet.get_by_text("Cần vị trí để vẽ vòng tròn.")).to_be_visible()

    in_hills.grant_permissions(["geolocation"])
    sheet.get_by_role("button", name="Lấy vị trí của tôi").click()
    sheet.get_by_label("Bán kính, mét").fill("2500")
    sheet.get_by_role("button", name="Theo dõi", exact=True).click()

    expect(sheet.locator(".around-followed li")).to_have_text(["Trong vòng 2,5 km, Xã A Lưới 2"])
    sql = "select radius_m from subscription order by created_at desc limit 1"
    assert site.scalar(sql) == 2500


def test_a_place_is_not_followed_without_a_network_and_it_says_so(
    site: Site, hills: Hills, there: Page
) -> None:
    there.goto(f"/?area={HILLS['code']}")
    there.get_by_role("button", name="Theo dõi", exact=True).click()
    sheet = there.get_by_role("dialog")
    sheet.get_by_text("Bạn chưa theo dõi nơi nào").wait_for()
    site.faults.where, site.faults.cut, site.faults.times = r"/api/v1/", "request", 1_000_000

    sheet.get_by_role("button", name="Theo dõi", exact=True).click()

    expect(sheet.get_by_text("Chưa có mạng, nên chưa đổi được gì.")).to_be_visible()

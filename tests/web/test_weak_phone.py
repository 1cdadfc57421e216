"""A small, old phone: 360 × 640, a processor four times slower than this machine's, no WebGL. What
its owner sees while reporting, following and looking around; never how long it takes.
"""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.conftest import PATIENCE_MS
from tests.web.conftest import NewPhone, Shots, watched
from tests.web.scenes import FLOODED
from tests.web.site import Site

SLOWLY = 60_000  # ms until an expectation gives up; the machine may have other work besides
#: A driver that does not work: what Chromium's own `--disable-3d-apis` does to a page, but for this
#: phone alone, so that the browser that is running already serves it too.
NO_WEBGL = """
for (const canvas of [HTMLCanvasElement, OffscreenCanvas]) {
  const getContext = canvas.prototype.getContext;
  canvas.prototype.getContext = function (kind, ...rest) {
    return /webgl|webgpu/.test(kind) ? null : getContext.call(this, kind, ...rest);
  };
}
"""


@pytest.fixture
def phone(new_phone: NewPhone) -> BrowserContext:
    return weak(new_phone)


def weak(new_phone: NewPhone, **differs: object) -> BrowserContext:
    small = {"viewport": {"width": 360, "height": 640}, "device_scale_factor": 1.5}
    context = new_phone(**small, **differs)
    context.set_default_timeout(SLOWLY)
    context.add_init_script(NO_WEBGL)
    context.on("page", _slow)
    return context


def _slow(page: Page) -> None:
    devtools = page.context.new_cdp_session(page)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": 4})


@pytest.fixture(autouse=True)
def _patience() -> Iterator[None]:
    expect.set_options(timeout=SLOWLY)
    yield
    expect.set_options(timeout=PATIENCE_MS)


def within_its_width(page: Page) -> None:
    """Nothing has to be scrolled sideways."""
    wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wider) == 0


def test_a_photo_and_the_phones_place_become_a_report_that_is_followed(
    page: Page, site: Site, shots: Shots
) -> None:
    page.goto("/")
    page.get_by_role("link", name="Phản ánh", exact=True).tap()
    expect(page.locator(".submit-place-text")).to_contain_text("Thuận Hóa")
    send = page.get_by_role("button", name="Gửi phản ánh")
    expect(send).to_be_in_viewport(ratio=1)
    page.locator("input[capture]").set_input_files(FLOODED)
    expect(page.locator(".submit-photo img")).to_be_visible()
    within_its_width(page)
    shots(page, "written")

    send.tap()

    code = page.locator(".submit-code-big")
    expect(code).to_have_text(re.compile(r"^\d{3}-\d{3}-\d{3}-[A-Z]$"))
    expect(page.get_by_role("heading", name="Đã gửi", level=2)).to_be_visible()
    within_its_width(page)
    shots(page, "sent")
    spoken = code.inner_text()
    plain = spoken.replace("-", "")
    photos = "select count(*) from photo where report_id = (select id from report where code = :c)"
    assert site.scalar(photos, c=plain) == 1

    site.accepted(str(site.scalar("select id from report where code = :c", c=plain)))
    site.run_jobs()
    page.goto("/messages")
    page.locator("a.message-link").filter(has_text=spoken).first.tap()
    expect(page.locator(".facts .chip").first).to_have_text("Đã tiếp nhận")
    expect(page.locator(".timeline")).to_contain_text("Bạn đã gửi")
    within_its_width(page)
    shots(page, "followed")


def test_around_is_a_list_and_says_why(page: Page, site: Site, shots: Shots) -> None:
    theirs = site.submits(description="Cống nghẹt trước chợ, thấy từ máy yếu")
    if theirs["status"] == "submitted":
        site.accepted(theirs["id"])

    page.goto("/?view=map")

    expect(page.get_by_role("link", name=theirs["description"])).to_be_visible()
    expect(page.get_by_text("Máy này không vẽ được bản đồ, nên đây là danh sách.")).to_be_visible()
    expect(page.locator("canvas")).to_have_count(0)
    within_its_width(page)
    shots(page, "around")
    page.get_by_role("link", name=theirs["description"]).tap()
    expect(page.get_by_role("heading", name=theirs["description"])).to_be_visible()
    page.get_by_role("button", name="Tôi cũng gặp").tap()
    expect(page.get_by_text("Bạn đang theo dõi việc này.")).to_be_visible()


def test_where_no_place_is_told_it_is_chosen_by_its_name(
    new_phone: NewPhone, site: Site, shots: Shots
) -> None:
    page = weak(new_phone, permissions=[], geolocation=None).new_page()
    complaints = watched(page)
    asked_for: list[str] = []

    def seen(route: Route) -> None:
        asked_for.append(route.request.url)
        route.continue_()

    page.route("**/built/**", seen)
    page.goto("/new")
    page.get_by_label("Kể ngắn gọn").fill("Đống rác bốc mùi trước đình")
    expect(page.get_by_role("radio", name="Rác thải, vệ sinh")).to_be_checked()
    page.get_by_role("button", name="Chọn nơi").tap()

    sheet = page.get_by_role("dialog", name="Việc này ở đâu?")
    expect(sheet.get_by_text("Máy này không hiện được bản đồ.")).to_be_visible()
    sheet.get_by_role("searchbox").fill("xuan phu")  # its name until 2025
    found = sheet.get_by_role("button", name="Phường Vỹ Dạ")
    expect(found).to_contain_text("trước là Phường Xuân Phú")
    shots(page, "place")
    found.tap()
    sheet.get_by_role("button", name="Xong").tap()
    expect(page.locator(".submit-place-text")).to_contain_text("Vỹ Dạ")
    page.get_by_role("button", name="Gửi phản ánh").tap()

    code = page.locator(".submit-code-big")
    expect(code).to_have_text(re.compile(r"^\d{3}-\d{3}-\d{3}-[A-Z]$"))
    plain = code.inner_text().replace("-", "")
    ward = "select area.code from report join area on area.id = area_id where report.code = :c"
    assert site.scalar(ward, c=plain) == "19777"
    assert not [url for url in asked_for if "map-" in url]  # nothing of it was fetched in vain
    assert complaints == []

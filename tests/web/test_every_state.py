"""What the screens become under a finger: forms half filled, sheets, what waits, what was refused,
what went wrong. Each state is come to by tapping, and looked at like every screen:
in Vietnamese by day, and in English by night on a small phone.
"""

import json
import secrets
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Route, expect

from reports.statuses import Role
from tests.web.conftest import NewPhone, Shots
from tests.web.hands import be
from tests.web.looking import Eyes, settled
from tests.web.reachable import Town, reachable
from tests.web.scenes import FLOODED, Scene, lived_in
from tests.web.site import Site
from tests.web.test_push import STUB
from tests.web.waiting import a_photo, a_report, kept, put, rows

LOOKS = {
    "vi-light": {"locale": "vi-VN", "color_scheme": "light"},
    "en-small-dark": {
        "locale": "en-GB",
        "color_scheme": "dark",
        "viewport": {"width": 360, "height": 640},
    },
}
DA_NANG = {"lat": 16.0678, "lng": 108.2208, "from": "hand"}
SLOWLY = 20_000  # ms: photos are made small one at a time


@pytest.fixture(scope="module")
def town(
    server_url: str, city_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Town]:
    """A city that sends text messages, letters and pushes."""
    files = tmp_path_factory.mktemp("states")
    with reachable(server_url, city_template, "states", files) as town:
        yield town


@pytest.fixture(scope="module")
def scene(town: Town) -> Scene:
    return lived_in(town.site)


@pytest.fixture
def site(town: Town, scene: Scene) -> Iterator[Site]:
    town.site.faults.heal()
    yield town.site
    town.site.faults.heal()


@pytest.fixture(params=LOOKS)
def look(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def phone(look: str, new_phone: NewPhone) -> BrowserContext:
    return new_phone(**LOOKS[look])


@pytest.fixture
def eyes(phone: BrowserContext, look: str, shots: Shots) -> Iterator[Eyes]:
    eyes = Eyes.of(phone, look, shots)
    yield eyes
    eyes.is_content()


@pytest.fixture
def me(eyes: Eyes, site: Site) -> str:
    """The token of the guest whose phone this is."""
    token = site.resident()
    be(eyes.page, site, token)
    put(eyes.page, wake=True, sessions=[])
    return token


def path_of(report: dict[str, Any]) -> str:
    return f"/reports/{report['code'].replace('-', '')}"


def told_by_another(site: Site, **facts: Any) -> dict[str, Any]:
    """Somebody else's report, shown to everybody."""
    report = site.submits(**facts)
    centre = site.official(Role.DISPATCHER)
    if site.call("GET", f"/reports/{report['id']}", centre)["status"] == "submitted":
        site.accepted(report["id"])
    return report


# Writing a report ------------------------------------------------------------------------------


def test_a_report_being_written(eyes: Eyes, site: Site) -> None:
    page = eyes.page
    eyes.opens("/new")
    eyes.taps("Khác", "Other", within="#submit-kind")
    eyes.sees("new-all-kinds")
    page.locator("dialog input[type=search]").fill("zzz")
    eyes.sees("new-no-kind")
    eyes.closes()

    page.locator("#submit-place .submit-place-words button").click()
    eyes.sees("new-place")
    page.locator("dialog input[type=search]").fill("vy da")
    page.locator(".submit-result").first.wait_for()
    eyes.sees("new-place-found")
    page.locator("dialog input[type=search]").fill("zzzz")
    eyes.sees("new-place-not-found")
    eyes.closes()

    page.locator(".submit-line[aria-expanded]").click()
    page.locator(".submit-identity-choices").scroll_into_view_if_needed()
    eyes.sees("new-identity")
    page.locator(".submit-bar .button-primary").click()
    eyes.sees("new-lacks")

    files = [
        {"name": f"{n}.jpg", "mimeType": "image/jpeg", "buffer": FLOODED.read_bytes() + bytes([n])}
        for n in range(2)
    ]
    page.locator("input[type=file]:not([capture])").set_input_files(files)  # type: ignore[arg-type]
    expect(page.locator(".submit-photo img")).to_have_count(2, timeout=SLOWLY)
    page.evaluate("scrollTo(0, 0)")
    eyes.sees("new-photos")
    page.locator(".submit-photo-open").last.click()
    eyes.sees("new-photo-sheet")
    eyes.closes()
    broken = {"name": "x.jpg", "mimeType": "image/jpeg", "buffer": b"no photo"}
    page.locator("input[type=file]:not([capture])").set_input_files(broken)  # type: ignore[arg-type]
    page.locator(".submit-told p:not(.muted)").wait_for()
    eyes.sees("new-broken-photo")


def test_kinds_that_ask_for_more_than_a_report(eyes: Eyes, site: Site) -> None:
    page = eyes.page
    eyes.opens("/new?category=tham-nhung")
    page.locator(".submit-legal").scroll_into_view_if_needed()
    eyes.sees("new-legal-channel")

    eyes.opens("/new?category=den-duong")
    page.locator("#question-tinh-trang").scroll_into_view_if_needed()
    eyes.sees("new-questions")
    page.locator("#submit-words textarea").fill("Anh Nguyễn Văn An, số 0905123456, đốt rác")
    page.locator(".submit-warning p").first.wait_for()
    page.locator(".submit-bar .button-primary").click()
    eyes.sees("new-question-unanswered")

    page.locator("#submit-words textarea").fill("Nhà bên đang cháy")
    page.locator(".submit-strip").wait_for()
    eyes.sees("new-danger-below")
    page.locator(".submit-strip-more").click()
    page.locator(".submit-strip").wait_for(state="detached")
    eyes.sees("new-danger")


def test_the_same_thing_was_told_already(eyes: Eyes, site: Site, me: str) -> None:
    told_by_another(site, category="dong-vat", description="Bò đứng giữa đường", lat=16.4676)
    eyes.opens("/new?category=dong-vat")
    same = eyes.page.locator(".submit-same").first
    same.scroll_into_view_if_needed()
    eyes.sees("new-similar")

    same.get_by_role("button").click()
    eyes.page.locator(".submit-sent-head").wait_for()
    eyes.sees("new-me-too")


def test_a_report_on_its_way(eyes: Eyes, phone: BrowserContext, site: Site) -> None:
    page = eyes.page
    eyes.opens("/new")
    settled(page)
    kept(page)
    phone.set_offline(True)
    page.locator("#submit-words textarea").fill("Đống rác bốc mùi trước chợ")
    page.locator(".submit-network").wait_for()
    eyes.sees("new-offline")
    page.locator(".submit-bar .button-primary").click()
    page.locator(".submit-sent").wait_for()
    eyes.sees("sent-queued")

    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)  # nothing is answered until it is let go below

    phone.route("**/api/v1/reports", hold)
    phone.set_offline(False)
    expect(page.locator(".submit-sent-head h2")).to_have_text(eyes.said("Đang gửi", "Sending"))
    eyes.sees("sent-sending", asides=".submit-sent")
    for route in held:
        route.continue_()
    held.clear()
    phone.unroute_all(behavior="ignoreErrors")
    page.locator(".submit-code-big").wait_for()
    eyes.sees("sent")


def test_what_waits_and_what_was_refused(eyes: Eyes, site: Site, me: str) -> None:
    """Kept as the screens keep it, then sent for real, and refused for real."""
    page = eyes.page
    photo = a_photo()
    refused = a_report(pin=DA_NANG, photos=[photo], description="Ngập ở ngoài thành phố")
    put(page, wake=True, drafts=[refused], photos=[photo])
    eyes.opens(f"/new?draft={refused['id']}")
    page.locator(".submit-refused").wait_for(timeout=SLOWLY)
    eyes.sees("new-refused")

    site.faults.where, site.faults.status, site.faults.times = r"POST /api/v1/reports", 503, 99
    waiting = a_report(description="Đèn đường tắt cả đoạn", session="me", category="rac-thai")
    written = a_report(state="writing", description="", category=None)
    put(page, wake=True, drafts=[waiting, written])
    eyes.opens("/mine")
    page.locator(".send-state").nth(2).wait_for()
    eyes.sees("mine-unsent")
    eyes.opens(f"/new?draft={waiting['id']}")
    page.locator(".submit-sent").wait_for()
    eyes.sees("sent-server-busy")
    eyes.opens(f"/reports/{waiting['id']}")
    eyes.sees("report-unsent")
    eyes.opens("/new?draft=00000000-0000-4000-8000-000000000000")
    eyes.sees("new-draft-gone")


# A report's page -------------------------------------------------------------------------------


def test_what_is_done_on_a_reports_page(eyes: Eyes, site: Site, scene: Scene) -> None:
    page = eyes.page
    be(page, site, scene.token)
    put(page, wake=True, sessions=[])
    eyes.opens(path_of(scene.reports["submitted"]))
    eyes.taps("Rút phản ánh", "Withdraw report")
    eyes.sees("report-withdraw")
    eyes.closes()
    eyes.taps("Viết bình luận", "Write a comment")
    eyes.sees("report-comment")

    eyes.opens(path_of(scene.reports["resolved"]))
    eyes.taps("Chưa xong", "Not done")
    eyes.taps("Gửi: chưa xong", "Send: not done")
    eyes.sees("report-not-done-without-words")
    eyes.opens(path_of(scene.reports["closed"]))
    page.locator(".stars label").nth(3).click()
    eyes.sees("report-stars")
    eyes.taps("Chưa xong? Báo lại", "Not done? Say so")
    eyes.sees("report-reopen")
    page.locator(".picture-half").first.click()
    page.locator("dialog.viewer").wait_for()
    eyes.sees("report-viewer")
    eyes.closes()

    eyes.opens(path_of(scene.reports["rejected"]))
    eyes.taps("Đề nghị xem lại", "Ask to look again")
    eyes.sees("report-reconsider")
    eyes.opens(path_of(scene.reports["waiting"]))
    eyes.taps("Gửi trả lời", "Send answer")
    eyes.sees("report-answer-without-words")


def test_reports_of_others_and_merged_ones(eyes: Eyes, site: Site, me: str) -> None:
    lead = told_by_another(site, description="Ngập cả đoạn đường", lat=16.4601)
    mine = site.submits(me, lat=16.4601)
    site.takes(site.official(Role.DISPATCHER), "merge", mine["id"], target=lead["id"])
    eyes.opens(path_of(mine))
    eyes.sees("report-merged")

    other = told_by_another(site, description="Nắp cống vỡ trước chợ", lat=16.4612)
    eyes.opens(path_of(other))
    eyes.sees("report-of-another")
    eyes.taps("Tôi cũng gặp", "Me too")
    eyes.button("Thôi theo dõi", "Stop following").wait_for()
    eyes.page.locator(".entry-pending").wait_for(state="detached")
    eyes.sees("report-followed")
    eyes.opens("/mine?tab=followed")
    eyes.page.locator(".report-card").first.wait_for()
    eyes.sees("mine-following")


def test_a_step_that_waits_and_one_that_came_too_late(
    eyes: Eyes, phone: BrowserContext, site: Site, me: str
) -> None:
    page = eyes.page
    report = site.submits(me)
    if site.call("GET", f"/reports/{report['id']}", me)["status"] == "submitted":
        site.accepted(report["id"])
    officer = site.officer_of(report["id"])
    site.takes(officer, "start", report["id"])
    after = site.photo(officer, FLOODED.read_bytes())
    done = {"outcome": "fixed", "photos": [after], "note": "Đã nạo vét."}
    site.takes(officer, "resolve", report["id"], **done)
    eyes.opens(path_of(report))
    settled(page)
    kept(page)
    phone.set_offline(True)
    eyes.taps("Xong rồi", "It is done")
    page.locator(".pending .send-state").wait_for()
    eyes.sees("report-step-waits")

    site.takes(site.official(Role.DISPATCHER), "send_back", report["id"], note="Thiếu ảnh.")
    phone.set_offline(False)
    page.locator(".pending .send-state-trouble").wait_for()
    eyes.sees("report-step-refused")


# Around me -------------------------------------------------------------------------------------


def test_filters_wards_and_following(eyes: Eyes, site: Site, scene: Scene) -> None:
    page = eyes.page
    eyes.opens("/")
    settled(page)
    for part in ("status", "days", "category", "area"):
        page.locator(f".around-chip[data-part={part}]").click()
        eyes.sees(f"around-{part}")
        if part != "area":
            eyes.closes()
    page.locator("dialog input[type=search]").fill("zzz")
    eyes.sees("around-no-ward")
    eyes.closes()

    eyes.taps("Theo dõi", "Follow")
    eyes.sees("around-follow")
    eyes.taps("Cả thành phố", "Whole city", within="dialog")
    eyes.taps("Theo dõi", "Follow", within="dialog")
    eyes.sees("around-follow-lacks")
    eyes.taps("Phường, xã", "Ward", within="dialog")
    page.locator("dialog .around-chosen").first.click()
    page.locator("dialog .around-rows button").first.click()
    eyes.taps("Theo dõi", "Follow", within="dialog")
    page.locator(".around-followed li").first.wait_for()
    eyes.sees("around-following")
    eyes.closes()
    eyes.opens("/me/following")
    page.locator(".around-followed li").first.wait_for()
    eyes.sees("me-following-some")

    eyes.opens("/?area=20044&category=cay-xanh&status=done")
    eyes.sees("around-filtered-to-nothing")


def test_notices_over_the_map_and_no_leave_to_know_the_place(
    eyes: Eyes, site: Site, scene: Scene
) -> None:
    page = eyes.page
    eyes.opens("/?view=map")
    settled(page)
    page.locator(".around-brief .around-chip").click()
    eyes.sees("around-map-notices")
    page.context.clear_permissions()
    eyes.opens("/?view=list")
    page.reload()
    page.locator(".around-ways > .around-chip").click()
    page.locator(".around-hint[role=status]").wait_for()
    eyes.sees("around-place-denied")


# Me --------------------------------------------------------------------------------------------


def asks_for_a_code(eyes: Eyes, number: str) -> None:
    eyes.fills("Số điện thoại", "Phone number", number)
    eyes.taps("Gửi mã cho tôi", "Send me a code")
    eyes.page.locator(".me-code input").wait_for()


def test_signing_in_and_what_a_resident_has(eyes: Eyes, town: Town, site: Site) -> None:
    page = eyes.page
    eyes.opens("/me/sign-in")
    eyes.fills("Số điện thoại", "Phone number", "123")
    eyes.taps("Gửi mã cho tôi", "Send me a code")
    page.locator(".field-error").wait_for()
    eyes.sees("sign-in-bad-number")
    number = f"0905{secrets.randbelow(1_000_000):06}"
    asks_for_a_code(eyes, number)
    eyes.sees("sign-in-code")
    code = town.texted_code("+84" + number[1:])
    page.locator(".me-code input").fill("000000" if code != "000000" else "111111")
    page.locator(".field-error").wait_for()
    page.locator(".me-help summary").click()
    eyes.sees("sign-in-wrong-code")
    page.locator(".me-code input").fill(code)
    page.locator(".me-code").wait_for(state="detached")
    eyes.sees("sign-in-done")

    eyes.opens("/me")
    eyes.taps("Đặt tên", "Give a name")
    eyes.sees("me-name")
    eyes.closes()
    eyes.sees("me-resident")
    for screen in ("phone", "email", "notifications"):
        eyes.opens(f"/me/{screen}")
        eyes.sees(f"me-{screen}-resident")
    eyes.opens("/me/email")
    page.locator("input[type=email]").fill(f"lan{number}@example.vn")
    eyes.taps("Gửi mã cho tôi", "Send me a code")
    page.locator(".me-code input").wait_for()
    eyes.sees("me-email-code")

    _ends_elsewhere(eyes, site)


def _ends_elsewhere(eyes: Eyes, site: Site) -> None:
    """The session is ended on another phone while something waits on this one."""
    page = eyes.page
    [session] = [row for row in rows(page, "sessions") if row["key"] == "me"]
    site.call("DELETE", "/auth/token", session["token"])
    put(page, wake=True, drafts=[a_report(session="me")])
    eyes.opens("/mine")
    page.locator(".sign-in-again").wait_for()
    eyes.sees("session-ended")


def test_leaving_and_being_forgotten(eyes: Eyes, site: Site, me: str) -> None:
    page = eyes.page
    hidden = site.call("POST", "/auth/guest", json={"anonymous": True})
    report = site.submits(hidden["token"], identity="anonymous")
    photo = a_photo()
    put(
        page, wake=True, sessions=[{"key": report["id"], **hidden}], photos=[photo],
        drafts=[a_report(photos=[photo], state="writing")],
    )  # fmt: skip
    eyes.opens("/me/leave")
    eyes.taps("Xóa khỏi máy này", "Clear this phone")
    page.locator("#me-choose-first").scroll_into_view_if_needed()
    eyes.sees("leave-choose-first")

    eyes.opens("/me/data")
    erase = eyes.button("Xóa tôi khỏi Xóm", "Erase me from Xóm")
    erase.click()
    page.locator(".field-error").scroll_into_view_if_needed()
    eyes.sees("erase-wrong-word")
    eyes.fills("Gõ chữ XÓA để xác nhận", "Type ERASE to confirm", eyes.said("XÓA", "ERASE"))
    with page.expect_navigation():
        erase.click()
    page.locator(".me-left").wait_for()
    eyes.sees("erased")


def test_notifications_off_and_on(
    eyes: Eyes, phone: BrowserContext, town: Town, site: Site, me: str
) -> None:
    subscription = json.dumps(town.pushes.subscription(f"states-{secrets.token_hex(4)}"))
    phone.add_init_script(f"({STUB})({subscription})")
    phone.grant_permissions(["notifications", "geolocation"], origin=site.url)
    eyes.page.goto("/me/notifications")
    eyes.sees("notifications-off")
    switch = eyes.page.get_by_role("switch").first
    switch.click()
    expect(switch).to_be_checked()
    eyes.sees("notifications-on")


# Trouble ---------------------------------------------------------------------------------------

ANYWHERE = ("/", "/mine", "/mine?tab=followed", "/messages", "/me", "/me/notifications",
            "/me/following", "/me/email", "/me/data", "/new", "/reports/123456789A")  # fmt: skip


@pytest.mark.parametrize("trouble", ["no-network", "busy"])
def test_every_screen_when_nothing_can_be_fetched(
    eyes: Eyes, phone: BrowserContext, site: Site, me: str, trouble: str
) -> None:
    """The app is there, and nothing of what the screens show."""
    page = eyes.page
    settled(page)
    kept(page)
    site.faults.where, site.faults.times = r"/api/v1/", 1_000_000
    site.faults.cut = "request" if trouble == "no-network" else None
    site.faults.status = 503 if trouble == "busy" else None
    for path in ANYWHERE:
        eyes.opens(path)
        eyes.sees(f"{trouble}-{path.strip('/').replace('/', '-').replace('?', '-') or 'around'}")
    eyes.opens("/follow")
    eyes.page.locator("main input").fill("482173906K")
    eyes.taps("Tìm", "Find")
    page.locator(".field-error").wait_for()
    eyes.sees(f"{trouble}-follow")
    eyes.opens("/me/sign-in")
    eyes.fills("Số điện thoại", "Phone number", "0905 123 456")
    eyes.taps("Gửi mã cho tôi", "Send me a code")
    page.locator(".field-error").wait_for()
    eyes.sees(f"{trouble}-sign-in")


def test_an_address_that_there_is_not(eyes: Eyes, site: Site) -> None:
    eyes.page.goto("/nowhere")
    eyes.page.locator("h1").wait_for()
    eyes.shots(eyes.page, f"no-such-page-{eyes.name}")
    eyes.page.locator("a[href='/']").first.click()
    eyes.page.locator("nav.tabs").wait_for()

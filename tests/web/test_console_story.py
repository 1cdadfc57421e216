"""The console in a real browser: a dispatcher's morning by the keyboard alone, an officer's day on
a phone, a head who gives work out, two people on one report, and a browser without scripts.
"""

import re
from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from reports.statuses import Role
from tests.web.conftest import Shots, watched
from tests.web.desks import a_jpeg, desk_of, opened, status_of
from tests.web.site import Site
from tests.web.walking import chromium_arguments  # noqa: F401 (a fixture)

NewDesk = Callable[..., Page]
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}


@pytest.fixture
def new_desk(chromium: Browser, site: Site) -> Iterator[NewDesk]:
    """`new_desk(Role.HEAD, "ubnd-19789")`: a page at their desk; complaints fail the test."""
    made: list[tuple[BrowserContext, list[str]]] = []

    def make(role: Role, office: str | None = None, **differs: object) -> Page:
        context = desk_of(chromium, site, role, office, **differs)
        page = context.new_page()
        made.append((context, watched(page)))
        return page

    yield make
    for context, complaints in made:
        context.close()
        assert complaints == []


def test_a_dispatchers_morning_needs_no_mouse(site: Site, new_desk: NewDesk, shots: Shots) -> None:
    word = uuid4().hex[:8]
    for number in ("một", "hai", "ba"):
        site.submits(description=f"Việc {number} của sáng {word}.", category="o-nhiem")
    page = new_desk(Role.DISPATCHER)
    page.goto(f"/console/queue?status=submitted&q={word}")
    expect(page.get_by_role("heading", name="3 phản ánh")).to_be_visible()
    rows = page.locator(".row").all()
    first, second, third = (str(row.get_attribute("data-code")) for row in rows)

    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.locator(f"#report-{first}").wait_for()
    page.keyboard.press("a")
    expect(page.get_by_text("Đã tiếp nhận.")).to_be_visible()

    page.keyboard.press("j")
    page.locator(f"#report-{second}").wait_for()
    page.keyboard.press("x")
    tabs_to(page, "#f-reason")
    page.keyboard.type("Chưa")
    tabs_to(page, "#f-note")
    page.keyboard.type("Bạn cho biết đèn ở trước số nhà nào.")
    shots(page, "dispatcher-rejects")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Đã báo không tiếp nhận.")).to_be_visible()

    page.keyboard.press("j")
    page.locator(f"#report-{third}").wait_for()
    page.keyboard.press("h")
    tabs_to(page, "#f-note")
    page.keyboard.type("Đèn tắt từ hôm nào?")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Đã gửi câu hỏi.")).to_be_visible()

    assert [status_of(site, code) for code in (first, second, third)] == [
        "accepted",
        "rejected",
        "waiting",
    ]
    # The list still holds what one was reading: what left it is pale, nothing has jumped.
    expect(page.locator(".row")).to_have_count(3)
    expect(page.locator(".row-gone")).to_have_count(3)


def tabs_to(page: Page, field: str, *, most: int = 2) -> None:
    """On from where the focus is, as a form that has just opened holds it: field after field."""
    page.locator(f"#step-form {field}").wait_for()
    page.locator("#step-form :focus").wait_for()
    for _ in range(most):
        if page.locator(f"{field}:focus").count():
            return
        page.keyboard.press("Tab")
    expect(page.locator(field)).to_be_focused()


def test_an_officers_day_on_a_phone(site: Site, new_desk: NewDesk, shots: Shots) -> None:
    sent = site.submits(description="Ổ gà sâu trước trường.", category="lan-chiem")
    site.accepted(sent["id"])
    page = new_desk(Role.OFFICER, site.office_of(sent["id"]), **PHONE)
    page.goto(f"/console/queue?q={sent['code']}")
    shots(page, "officer-list")

    page.locator(".row-title").first.tap()
    page.locator(f"#report-{sent['code']}").wait_for()
    page.get_by_role("button", name=re.compile("Bắt đầu xử lý")).tap()
    expect(page.get_by_text("Đã bắt đầu xử lý.")).to_be_visible()
    page.get_by_role("link", name=re.compile("Báo kết quả")).first.tap()
    page.get_by_role("radio", name="Đã lên kế hoạch").check()
    expect(page.locator("#f-planned_for")).to_be_visible()
    page.get_by_role("radio", name="Đã khắc phục").check()
    expect(page.locator("#f-planned_for")).to_be_hidden()
    page.get_by_label(re.compile("Trả lời người phản ánh")).fill("Đã vá ổ gà sáng nay.")
    page.locator("#step-form button.button-primary").tap()

    # The category asks for evidence: said beside the field, and nothing typed is lost.
    expect(page.locator("#wrong-photos")).to_be_visible()
    expect(page.locator("#f-note")).to_have_value("Đã vá ổ gà sáng nay.")
    shots(page, "officer-needs-a-photo")
    picture = {"name": "sau.jpg", "mimeType": "image/jpeg", "buffer": a_jpeg()}
    page.locator("#f-photos").set_input_files(picture)
    expect(page.get_by_alt_text("Ảnh đã chọn 1: sau.jpg")).to_be_visible()
    expect(page.locator("#wrong-photos")).to_have_count(0)
    page.locator("#step-form button.button-primary").tap()

    expect(page.get_by_text("Đã gửi kết quả.")).to_be_visible()
    expect(page.get_by_text("Sau", exact=True)).to_be_visible()
    shots(page, "officer-resolved")
    assert status_of(site, sent["code"]) == "resolved"


def test_a_head_gives_work_to_a_person_who_then_finds_it(site: Site, new_desk: NewDesk) -> None:
    sent = site.submits(description="Cây gãy cành trước cổng chợ.", category="lan-chiem")
    site.accepted(sent["id"])
    office = site.office_of(sent["id"])
    site.official(Role.OFFICER, office)
    page = opened(new_desk(Role.HEAD, office), sent["code"])

    page.keyboard.press("g")
    page.locator("#f-person").select_option(label=f"officer {office}")
    page.locator("#step-form button.button-primary").click()
    expect(page.get_by_text("Đã giao người xử lý.")).to_be_visible()

    theirs = new_desk(Role.OFFICER, office)
    theirs.goto(f"/console/queue?person=me&q={sent['code']}")
    expect(theirs.locator(".row")).to_have_count(1)
    expect(theirs.locator(".row-facts")).to_contain_text(f"officer {office}")


def test_a_head_hands_over_all_that_a_colleague_had(site: Site, new_desk: NewDesk) -> None:
    office = "ubnd-19777"
    colleague = site.account_of(site.official(Role.OFFICER, office))
    sent = [site.submits(category="lan-chiem") for _ in range(2)]
    for one in sent:
        site.accepted(one["id"], office=office)
        site.takes(site.official(Role.HEAD, office), "assign", one["id"], person=str(colleague))
    page = new_desk(Role.HEAD, office)
    page.goto("/console/queue")

    page.get_by_role("link", name="Bàn giao việc").click()
    page.get_by_role("link", name=f"Bàn giao việc của officer {office}").click()
    page.get_by_label("Người nhận").select_option(label=f"head {office}")
    page.get_by_role("button", name="Bàn giao 2 phản ánh").click()

    expect(page.get_by_text("Đã chuyển 2 trên 2 phản ánh.")).to_be_visible()
    page.goto("/console/queue?person=me")
    expect(page.locator(".row")).to_have_count(2)


def test_two_on_one_report_see_each_other_and_lose_nothing(
    site: Site, new_desk: NewDesk, shots: Shots
) -> None:
    sent = site.submits(description="Nước máy đục hai hôm nay.", category="o-nhiem")
    site.accepted(sent["id"])
    office = site.office_of(sent["id"])
    one = opened(new_desk(Role.OFFICER, office), sent["code"])
    one.keyboard.press("h")
    one.locator("#f-note").fill("Nước đục cả ngày hay chỉ buổi sáng?")
    two = opened(new_desk(Role.HEAD, office), sent["code"])

    expect(two.locator("#others")).to_contain_text(f"officer {office}")

    two.keyboard.press("s")
    expect(two.get_by_text("Đã bắt đầu xử lý.")).to_be_visible()
    one.locator("#step-form button.button-primary").click()

    expect(one.get_by_text("Trong lúc bạn soạn, đã có thay đổi:")).to_be_visible()
    expect(one.locator("#f-note")).to_have_value("Nước đục cả ngày hay chỉ buổi sáng?")
    shots(one, "changed-meanwhile")
    one.locator("#step-form button.button-primary").click()
    expect(one.get_by_text("Đã gửi câu hỏi.")).to_be_visible()
    assert status_of(site, sent["code"]) == "waiting"


def test_what_is_typed_outlives_a_look_at_another_report(site: Site, new_desk: NewDesk) -> None:
    sent, other = site.submits(), site.submits()
    page = opened(new_desk(Role.DISPATCHER), sent["code"])
    page.keyboard.press("h")
    page.locator("#f-note").fill("Nước ngập tới đâu?")

    opened(page, other["code"])
    opened(page, sent["code"])
    page.keyboard.press("h")

    expect(page.locator("#f-note")).to_have_value("Nước ngập tới đâu?")


def test_new_reports_wait_behind_a_button_and_move_nothing(site: Site, new_desk: NewDesk) -> None:
    word = uuid4().hex[:8]
    site.submits(description=f"Có trước {word}.")
    page = new_desk(Role.DISPATCHER)
    page.clock.install()
    page.goto(f"/console/queue?status=submitted&sort=newest&q={word}")
    expect(page.locator(".row")).to_have_count(1)

    site.submits(description=f"Đến sau {word}.")
    page.clock.run_for(21_000)

    expect(page.get_by_role("button", name="1 phản ánh mới. Hiện")).to_be_visible()
    expect(page.locator(".row")).to_have_count(1)
    page.get_by_role("button", name="1 phản ánh mới. Hiện").click()
    expect(page.locator(".row")).to_have_count(2)


def test_without_scripts_everything_still_works(site: Site, new_desk: NewDesk) -> None:
    sent = site.submits(description="Đèn đường tắt cả đoạn.", category="o-nhiem")
    page = new_desk(Role.DISPATCHER, java_script_enabled=False)
    page.goto(f"/console/queue?status=all&q={sent['code']}")

    page.locator(".row-title").click()
    page.get_by_role("button", name=re.compile("Tiếp nhận")).first.click()

    expect(page.get_by_text("Đã tiếp nhận.")).to_be_visible()
    page.get_by_role("link", name=re.compile("Hỏi thêm")).click()
    page.locator("#f-note").fill("Đèn ở trước số nhà nào?")
    page.locator("#step-form button.button-primary").click()
    expect(page.get_by_text("Đã gửi câu hỏi.")).to_be_visible()
    assert status_of(site, sent["code"]) == "waiting"


def test_the_list_of_reasons_closes_by_esc_and_the_focus_goes_back(
    site: Site, new_desk: NewDesk
) -> None:
    site.submits(description="Việc để xem lý do.")
    page = new_desk(Role.DISPATCHER)
    page.goto("/console/triage")
    opener, reasons = page.locator("[data-opens]"), page.locator("#reject")
    expect(opener).to_have_attribute("aria-expanded", "false")

    for keys, written in (["x"], "input[type=radio]"), (["x", "Tab"], "textarea"):
        for key in keys:
            page.keyboard.press(key)
        expect(reasons).to_be_visible()
        expect(opener).to_have_attribute("aria-expanded", "true")
        expect(reasons.locator(written).first).to_be_focused()
        page.keyboard.press("Escape")
        expect(reasons).to_be_hidden()
        expect(opener).to_be_focused()


def test_the_keys_that_are_promised_are_those_that_work_here(site: Site, new_desk: NewDesk) -> None:
    site.submits(description="Việc để xem phím.")
    page = new_desk(Role.DISPATCHER)
    told = page.locator("dialog.keys")

    page.goto("/console/triage")
    page.keyboard.press("?")
    expect(told).to_contain_text("đóng danh sách lý do")
    expect(told).not_to_contain_text("gửi biểu mẫu đang soạn")

    page.goto("/console/enter")
    page.keyboard.press("?")
    expect(told).to_contain_text("gửi biểu mẫu đang soạn")
    expect(told).not_to_contain_text("phản ánh sau, trước")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+Enter")

    expect(page.locator(".all-wrong")).to_be_focused()
    page.locator(".all-wrong a[href='#place']").click()
    expect(page.locator("#place")).to_be_focused()


def test_the_point_on_the_map_is_there_once_it_is_chosen(site: Site, new_desk: NewDesk) -> None:
    page = new_desk(Role.DISPATCHER)
    page.goto("/console/enter")
    pin = page.locator(".pin-map .pin")
    expect(pin).to_be_hidden()

    page.locator(".pin-map svg").click(position={"x": 120, "y": 60})

    expect(pin).to_be_visible()
    expect(page.locator("#place")).to_have_value(re.compile(r"^16\.\d+, 107\.\d+$"))


@pytest.mark.parametrize("screen", [{}, PHONE], ids=["desk", "phone"])
def test_whose_desk_it_is_and_the_way_out_stay_in_sight(
    site: Site, new_desk: NewDesk, screen: dict[str, object]
) -> None:
    page = new_desk(Role.DISPATCHER, **screen)
    page.goto("/console/limits")
    toggle = page.get_by_role("button", name="Các mục")
    if screen:
        toggle.tap()

    page.get_by_role("button", name="Đăng xuất").click(trial=True)  # nothing lies over it
    expect(page.get_by_role("button", name="Đăng xuất")).to_be_in_viewport(ratio=1)
    expect(page.locator(".who-name")).to_be_in_viewport(ratio=1)
    expect(page.locator(".side [aria-current]")).to_be_in_viewport(ratio=1)
    if screen:
        toggle.tap()
        expect(toggle).to_have_attribute("aria-expanded", "false")

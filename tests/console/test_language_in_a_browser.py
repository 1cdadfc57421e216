"""What scripts keep when the language is changed, and the button that copies what is shown once."""

from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect

from reports.statuses import Role
from tests.web.conftest import watched
from tests.web.desks import desk_of
from tests.web.site import Site


def test_ticked_rows_and_typed_words_are_there_in_the_other_language(
    chromium: Chromium, site: Site
) -> None:
    page = desk_of(chromium, site, Role.DISPATCHER).new_page()
    complaints = watched(page)
    for number in range(3):
        site.submits(description=f"Cột điện nghiêng số {number}")
    page.goto("/console/queue?q=Cột điện nghiêng")
    page.locator(".row-pick").nth(0).check()
    page.locator(".row-pick").nth(2).check()
    page.locator("#q").fill("Cột điện nghiêng gần chợ")

    page.get_by_role("link", name="English").click()

    expect(page.locator("#pick button")).to_have_text("In bulk (2)")
    expect(page.locator(".row-pick").nth(2)).to_be_checked()
    expect(page.locator("#q")).to_have_value("Cột điện nghiêng gần chợ")
    page.locator("#pick button").click()
    page.get_by_role("button", name="Ask the reporter").click()
    page.get_by_label("The question to the reporter").fill("Số nhà nào?")
    page.get_by_role("button", name="Tiếng Việt").click()
    expect(page.get_by_role("heading", name="Hỏi thêm: 2 phản ánh")).to_be_visible()
    expect(page.get_by_label("Câu hỏi gửi người phản ánh")).to_have_value("Số nhà nào?")
    assert complaints == []


def test_a_link_that_is_shown_once_is_copied_by_a_button(chromium: Chromium, site: Site) -> None:
    desk = desk_of(chromium, site, Role.ADMIN)
    desk.grant_permissions(["clipboard-read", "clipboard-write"])
    page = desk.new_page()
    page.goto("/console/admin/accounts/invite")
    page.get_by_label("Họ và tên").fill("Bà Lan")
    page.get_by_label("Email").fill("lan.chep@hue.example")
    page.get_by_label("Vai trò").select_option("officer")
    page.get_by_label("Đơn vị").select_option("so-y-te")
    page.get_by_role("button", name="Gửi thư mời").click()

    page.get_by_role("button", name="Chép liên kết").click()

    expect(page.locator("[data-copied]")).to_have_text("Đã chép")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.get_by_label("Liên kết").input_value()
    page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page.get_by_role("button", name="Chép liên kết").click()
    expect(page.locator("[data-copied]")).to_have_text("Đã chép")

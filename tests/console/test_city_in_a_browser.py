"""The administration with its scripts."""

from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect

from reports.statuses import Role
from tests.web.conftest import watched
from tests.web.desks import desk_of
from tests.web.site import Site


def test_the_audit_log_is_searched_after_its_chain_was_verified(
    chromium: Chromium, site: Site
) -> None:
    page = desk_of(chromium, site, Role.ADMIN).new_page()
    complaints = watched(page)
    page.goto("/console/audit")
    page.evaluate("localStorage.setItem('desk:push', '{}')")
    page.get_by_role("button", name="Kiểm tra chuỗi").click()
    page.get_by_label("Cán bộ", exact=True).fill("không có ai")

    page.get_by_role("button", name="Tìm", exact=True).click()

    expect(page.get_by_text("Không có mục nào như vậy.")).to_be_visible()
    assert "/console/audit?" in page.url
    assert complaints == []

"""Comparing two reports at the keyboard, from triage and back, in a real browser."""

from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect

from reports.statuses import Role
from tests.web.desks import desk_of, status_of
from tests.web.site import Site


def test_two_are_compared_by_a_letter_refused_by_another_and_merged_by_a_third(
    chromium: Chromium, site: Site
) -> None:
    spot = {"lat": 16.4411, "lng": 107.5522}
    known = site.submits(description="Nắp hố ga mất.", **spot)
    site.accepted(known["id"])
    new = site.submits(description="Hố ga không có nắp.", **spot)
    page = desk_of(chromium, site, Role.DISPATCHER).new_page()
    here = page.locator("article.triage")
    page.goto(f"/console/triage?at={new['code']}")
    page.locator(".same-list").wait_for()

    page.keyboard.press("v")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Cách nhau 0 m")
    expect(page.locator(".compare-side")).to_have_count(2)
    page.keyboard.press("n")
    expect(here).to_have_attribute("data-code", new["code"])
    page.keyboard.press("v")
    expect(page.locator(".compare-side")).to_have_count(2)
    page.keyboard.press("d")
    expect(page.locator("#triage-said")).to_contain_text("Đã gộp.")

    assert status_of(site, new["code"]) == "merged"

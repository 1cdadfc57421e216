"""Ticking rows and watching a run, in a real browser."""

import re

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect

from reports.statuses import Role
from tests.web.conftest import watched
from tests.web.desks import desk_of
from tests.web.site import Site


@pytest.fixture
def page(chromium: Chromium, site: Site) -> Page:
    return desk_of(chromium, site, Role.DISPATCHER).new_page()


def test_a_range_is_ticked_with_shift_and_its_run_is_watched_to_the_end(
    page: Page,
    site: Site,
) -> None:
    complaints = watched(page)
    sent = [site.submits(description=f"Cành gãy số {n}") for n in range(5)]
    page.goto("/console/queue?q=Cành gãy số")
    boxes = page.locator(".row-pick")

    boxes.nth(0).check()
    boxes.nth(3).click(modifiers=["Shift"])
    boxes.nth(2).uncheck()

    expect(page.locator("#pick button")).to_have_text("Làm hàng loạt (3)")
    page.locator("#pick button").click()
    page.get_by_role("button", name=re.compile("Tiếp nhận")).click()
    page.get_by_role("button", name="Tiếp nhận: 3 phản ánh").click()
    expect(page.get_by_text("Đang chờ tới lượt")).to_be_visible()
    site.run_jobs()
    expect(page.get_by_text("Đã làm 3 trên 3 phản ánh.")).to_be_visible()
    expect(page.locator("#run")).not_to_have_attribute("hx-trigger", "every 2s")
    left = "select count(*) from report where status = 'submitted' and id = any(:ids)"
    assert site.scalar(left, ids=[one["id"] for one in sent]) == 2
    assert complaints == []


def test_a_ticked_row_that_is_drawn_anew_stays_ticked_on_the_version_that_was_seen(
    page: Page,
    site: Site,
) -> None:
    sent = site.submits(description="Biển báo nghiêng")
    page.goto("/console/queue?q=Biển báo nghiêng")
    page.locator(".row-pick").check()

    site.takes(site.official(Role.DISPATCHER), "amend", sent["id"], urgent=True)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    expect(page.locator(".row .urgent-mark")).to_be_visible()
    expect(page.locator(".row-pick")).to_be_checked()
    expect(page.locator(".row-pick")).to_have_value(f"{sent['id'].replace('-', '')}.1")

"""What is being typed, kept in the tab and forgotten there, in a real browser."""

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect

from reports.statuses import Role
from tests.web.site import Site
from web.console.session import COOKIE

WORDS = "Bà cụ gọi: nước tràn vào nhà."


@pytest.fixture
def page(chromium: Chromium, site: Site) -> Page:
    context = chromium.new_context(base_url=site.url, locale="vi-VN")
    context.set_default_timeout(10_000)
    made = context.new_page()
    signs_in(made, site, Role.DISPATCHER)
    return made


def signs_in(page: Page, site: Site, role: Role, office: str | None = None) -> None:
    token = site.official(role, office)
    page.context.add_cookies([{"name": COOKIE, "value": token, "url": f"{site.url}/console"}])


def writes(page: Page) -> None:
    page.goto("/console/enter")
    page.locator("#description").fill(WORDS)


def test_what_was_entered_is_not_in_the_next_callers_form(page: Page) -> None:
    writes(page)
    page.goto("/console/enter")
    expect(page.locator("#description")).to_have_value(WORDS)
    page.locator("#category").select_option("ngap-nuoc")
    page.locator("#place").fill("16.4675, 107.5885")
    page.locator(".form-actions .button-primary").click()
    expect(page.locator(".big-code")).to_be_visible()

    page.goto("/console/enter")

    expect(page.locator("#description")).to_have_value("")


def test_another_official_at_the_same_desk_finds_nothing_of_it(page: Page, site: Site) -> None:
    writes(page)
    signs_in(page, site, Role.DISPATCHER, "hue-ioc")
    page.goto("/console/enter")
    expect(page.locator("#description")).to_have_value("")

    page.locator("#description").fill(WORDS)
    page.locator("[data-sign-out]").evaluate("form => form.requestSubmit()")
    expect(page.locator("#password")).to_be_visible()

    kept = page.evaluate("Object.keys(sessionStorage).filter(key => key.startsWith('desk:'))")
    assert kept == []

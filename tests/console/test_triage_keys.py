"""The centre's desk at the keyboard, in a real browser."""

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect

from reports.statuses import Role
from tests.console.forms import a_picture
from tests.web.desks import desk_of
from tests.web.site import Site


@pytest.fixture
def page(chromium: Chromium, site: Site) -> Page:
    return desk_of(chromium, site, Role.DISPATCHER).new_page()


def test_reports_are_settled_one_letter_each_and_the_next_is_there_at_once(
    page: Page,
    site: Site,
) -> None:
    """Accepted as proposed; given to another office, found by typing; rejected by a number."""
    spot = {"lat": 16.4719, "lng": 107.5933}
    known = site.submits(description="Cống nghẹt.", **spot)
    site.accepted(known["id"])
    sent = [site.submits(description=f"Việc {n}", lat=16.48 + n / 900) for n in (1, 2, 3)]
    sent.append(site.submits(description="Cống nghẹt nữa.", **spot))
    page.goto("/console/triage")
    done: dict[str, str] = {}
    said = page.locator("#triage-said")

    for act in ("a", "f", "x"):
        code = page.locator("article.triage").get_attribute("data-code") or ""
        done[code] = act
        with page.expect_response(lambda answer: answer.request.method == "POST"):
            if act == "f":
                page.keyboard.press("f")
                page.keyboard.type("so y te")
                page.keyboard.press("Enter")
                page.keyboard.press("a")
            elif act == "x":
                page.keyboard.press("x")
                page.keyboard.press("2")
            else:
                page.keyboard.press("a")
        expect(said).to_contain_text(code)
        expect(page.locator("article.triage")).not_to_have_attribute("data-code", code)

    # Whoever sent it: what other tests left in the list counts as well.
    stored = "select {} from report r join office o on o.id = r.office_id where r.code = :code"
    of = {act: code.replace("-", "") for code, act in done.items()}
    assert site.scalar(stored.format("r.status"), code=of["a"]) == "accepted"
    assert site.scalar(stored.format("o.code"), code=of["f"]) == "so-y-te"
    assert site.scalar(stored.format("r.status"), code=of["x"]) == "rejected"


def test_a_box_is_drawn_and_moved_without_a_mouse(page: Page, site: Site) -> None:
    somebody = site.resident()
    photo = site.photo(somebody, a_picture())
    site.submits(somebody, photos=[photo])
    page.goto(f"/console/photos/{photo}/redact")

    page.get_by_role("button", name="Thêm ô").press("Enter")
    box = page.locator(".redact-box")
    expect(box).to_be_focused()
    before = box.get_attribute("aria-label")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Shift+ArrowDown")
    assert box.get_attribute("aria-label") != before
    page.keyboard.press("Control+Enter")

    expect(page.locator(".notice-done")).to_contain_text("Đã che ảnh.")
    assert site.scalar("select redacted_at is not null from photo where id = :id", id=photo)


def token(site: Site) -> str:
    return site.official(Role.DISPATCHER)

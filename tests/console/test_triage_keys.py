"""The centre's desk at the keyboard, in a real browser."""

from uuid import uuid4

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect
from sqlalchemy import text

from app.database import db
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
    left = site.scalar("select count(*) from report where status = 'submitted'")
    expect(page.locator("[data-count='new']")).to_have_text(str(left))


#: How each of a dozen is settled, in order: what is pressed, and the status and whether it is
#: published that this comes to.
DOZEN = (
    ("a", "accepted", True),
    ("a", "accepted", True),
    ("x2", "rejected", False),
    ("a", "accepted", True),
    ("pa", "accepted", False),  # held back
    ("ea", "accepted", True),  # urgent
    ("d", "merged", False),
    ("a", "accepted", True),
    ("x1", "rejected", False),
    ("a", "accepted", True),
    ("s", "submitted", False),  # passed over
    ("a", "accepted", True),
)
COLOURS = ("maroon", "orange", "olive", "teal", "navy", "purple", "gray", "peru", "salmon", "khaki",
           "plum", "tan", "sienna")  # fmt: skip
STORED = "select status || (published_at is not null)::text from report where code = :code"


def test_a_dozen_reports_with_photos_take_one_press_or_two_and_no_page_is_loaded_anew(
    page: Page, site: Site
) -> None:
    """What fifty in ten minutes come down to, without a clock: one press for what is accepted as
    proposed, two for the rest, and nobody waits for a page."""
    _nothing_else_waits(site)
    lead = site.submits(description="Cống nghẹt ở đầu đường.", **_place(6))
    site.accepted(lead["id"])
    for number in range(len(DOZEN)):
        _with_a_photo(site, number)
    page.goto("/console/triage")
    page.evaluate("() => { window.firstPage = true; }")
    article, told = page.locator("article.triage"), list[tuple[str, str, bool]]()

    for keys, status, published in DOZEN:
        code = str(article.get_attribute("data-code"))
        expect(page.locator(f"article[data-code='{code}'] .triage-look img").first).to_be_visible()
        for key in keys:
            page.keyboard.press(key)
        expect(page.locator(f"article[data-code='{code}']")).to_have_count(0)
        told.append((code, status, published))

    expect(page.locator("#triage-said")).to_contain_text(told[-1][0])
    assert page.evaluate("() => window.firstPage"), "the page was loaded anew"
    assert max(len(keys) for keys, _, _ in DOZEN) == 2
    for code, status, published in told:
        stored = site.scalar(STORED, code=code.replace("-", ""))
        assert stored == f"{status}{str(published).lower()}", code


SLOW = """
const quick = window.fetch;
window.fetch = async (address, options) => {
  if (!options?.method) await new Promise((go) => setTimeout(go, 700));
  return quick(address, options);
};
"""


def test_a_key_that_is_pressed_before_the_next_one_is_there_touches_nothing(
    page: Page, site: Site
) -> None:
    _nothing_else_waits(site)
    for number in range(2):
        _with_a_photo(site, number)
    page.add_init_script(SLOW)
    page.goto("/console/triage")
    first = str(page.locator("article.triage").get_attribute("data-code"))

    page.keyboard.press("s")
    page.keyboard.press("a")
    expect(page.locator(f"article[data-code='{first}']")).to_have_count(0)

    second = str(page.locator("article.triage").get_attribute("data-code"))
    for code in (first, second):
        assert site.scalar(STORED, code=code.replace("-", "")) == "submittedfalse"


def _nothing_else_waits(site: Site) -> None:
    """What other tests sent is over."""
    over = text("update report set status = 'closed', closed_at = now() where closed_at is null")
    with site.app.app_context(), db.engine.begin() as connection:
        connection.execute(over)


def _place(number: int) -> dict[str, float]:
    """Far enough from each other that none is taken for another."""
    return {"lat": 16.41 + number / 200, "lng": 107.56}


def _with_a_photo(site: Site, number: int) -> None:
    somebody = site.resident()
    photo = site.photo(somebody, a_picture(COLOURS[number], COLOURS[-number - 1]))
    in_order = f"000000{number:02x}{str(uuid4())[8:]}"  # due at one time, they come by their ids
    sent = {"photos": [photo], "description": f"Việc {number}.", **_place(number)}
    site.submits(somebody, id=in_order, **sent)


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

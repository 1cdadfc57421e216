"""Who one is, and what goes on around, on one phone, in Vietnamese and in English: a guest signs in
and keeps what was sent, a ward is followed, a code is looked up, messages are read.

What each screen does in detail is tried in `test_me.py`, `test_around.py` and `test_follow.py`.
"""

import itertools
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.web.conftest import NewPhone, Shots
from tests.web.reachable import Town, reachable
from tests.web.said import EN, VI, Said, in_both_languages, place, reported
from tests.web.site import Site

pytestmark = in_both_languages
_numbers = (f"0905 {n:03} 789" for n in itertools.count(100))


@pytest.fixture(scope="module")
def town(
    server_url: str, city_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Town]:
    files = tmp_path_factory.mktemp("people")
    with reachable(server_url, city_template, "people", files) as town:
        yield town


@pytest.fixture
def site(town: Town) -> Site:
    town.site.faults.heal()
    return town.site


@pytest.fixture
def phone(said: Said, new_phone: NewPhone) -> BrowserContext:
    return new_phone(locale=said.locale)


def sign_in(page: Page, town: Town, said: Said, number: str) -> None:
    """From the list of what one has sent, by the code that comes as a text message."""
    page.get_by_label(said.number).fill(number)
    page.get_by_role("button", name=said.send_code).tap()
    expect(page.get_by_label(said.six)).to_be_focused()
    texted = town.texted_code("+84" + number.replace(" ", "")[1:])
    page.get_by_label(said.six).fill(texted)
    expect(page.get_by_role("heading", name=said.signed_in)).to_be_visible()


def in_vy_da(site: Site) -> dict[str, float]:
    """A spot in a ward across the river."""
    wards = site.call("GET", "/areas")["items"]
    vy_da = next(ward for ward in wards if ward["name"] in {VI.vy_da, EN.vy_da})
    return {"lat": vy_da["lat"], "lng": vy_da["lng"]}


def test_a_guest_signs_in_and_finds_what_was_sent_on_the_next_phone_too(
    page: Page, new_phone: NewPhone, town: Town, site: Site, said: Said, shots: Shots
) -> None:
    number = next(_numbers)
    reported(page, said)
    page.goto("/mine")
    expect(page.get_by_role("link", name=said.words)).to_be_visible()
    page.get_by_role("link", name=said.keep_them).tap()
    sign_in(page, town, said, number)
    expect(page.get_by_text(said.came)).to_be_visible()
    shots(page, f"signed-in-{said.locale}")

    page.goto("/mine")
    expect(page.get_by_role("link", name=said.words)).to_be_visible()

    next_one = new_phone(locale=said.locale).new_page()
    next_one.goto("/me/sign-in")
    sign_in(next_one, town, said, number)
    place(next_one, said.mine)
    next_one.get_by_role("link", name=said.words).tap()
    expect(next_one.get_by_role("button", name=said.withdraw)).to_be_visible()


def test_a_ward_is_followed_and_a_new_report_there_is_heard_of(
    page: Page, site: Site, said: Said, shots: Shots
) -> None:
    page.goto("/")
    page.get_by_role("button", name=said.follow, exact=True).tap()
    sheet = page.get_by_role("dialog")
    sheet.get_by_role("button", name=said.a_ward, exact=True).tap()
    sheet.locator(".around-chosen").first.tap()
    page.get_by_label(said.ward).fill("vy da")
    page.get_by_role("dialog").get_by_role("button", name=said.vy_da).tap()
    sheet.get_by_role("button", name=said.follow, exact=True).tap()
    expect(sheet.get_by_text(said.following_ward)).to_be_visible()
    shots(page, f"followed-{said.locale}")

    elsewhere = site.submits(description="Ở nơi khác")
    there = site.submits(description=f"Cây đổ bên đình ({said.locale})", **in_vy_da(site))
    for report in (elsewhere, there):
        if report["status"] == "submitted":
            site.accepted(report["id"])
    site.run_jobs()

    page.goto("/messages")
    expect(page.locator(".message")).to_have_count(1)
    news = page.locator("a.message-link")
    expect(news).to_contain_text(there["code"])
    shots(page, f"heard-of-{said.locale}")
    news.tap()
    expect(page.get_by_role("heading", name=there["description"])).to_be_visible()


def test_a_code_read_out_by_a_neighbour_is_looked_up(page: Page, site: Site, said: Said) -> None:
    theirs = site.submits(description=f"Nắp cống vỡ trước chợ ({said.locale})")
    if theirs["status"] == "submitted":
        site.accepted(theirs["id"])
    page.goto("/")
    place(page, said.mine)
    page.get_by_role("link", name=said.look_up).tap()

    page.get_by_label(said.code).fill(theirs["code"].replace("-", " ").lower())
    page.get_by_role("button", name=said.find).tap()

    expect(page.get_by_role("heading", name=theirs["description"])).to_be_visible()
    expect(page.locator(".facts .chip").first).to_have_text(said.accepted)
    expect(page.get_by_role("button", name=said.withdraw)).to_have_count(0)


def test_messages_are_counted_read_and_read_all_at_once(
    page: Page, site: Site, said: Said, shots: Shots
) -> None:
    code = reported(page, said)
    plain = code.replace("-", "")
    report = str(site.scalar("select id from report where code = :code", code=plain))
    site.accepted(report)
    officer = site.officer_of(report)
    site.takes(officer, "start", report)
    site.takes(officer, "ask", report, note=said.asked)
    site.run_jobs()

    page.goto("/")
    expect(page.locator("nav.tabs")).to_contain_text(f"3 {said.unread}")
    place(page, said.messages)
    unread = page.locator(".message.unread")
    expect(unread).to_have_count(3)
    shots(page, f"messages-{said.locale}")
    unread.locator("a").first.tap()
    expect(page.locator(".asked")).to_contain_text(said.asked)
    expect(page.locator("nav.tabs")).to_contain_text(f"2 {said.unread}")

    place(page, said.messages)
    page.get_by_role("button", name=said.read_all).tap()
    expect(unread).to_have_count(0)
    expect(page.locator("nav.tabs")).not_to_contain_text(said.unread)

"""Every screen as a resident sees it: both languages, by day and by night, two sizes of phone.

axe-core finds nothing, nothing is wider than the screen, what is touched is large enough; and a
picture is kept to be looked at.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.web.conftest import NewPhone, Shots, watched
from tests.web.hands import be, violations
from tests.web.scenes import Scene, lived_in
from tests.web.site import Site

#: The screen's name → its address; {name} is the code of the report in that state.
FULL = {
    "around": "/",
    "around-map": "/?view=map",
    "new": "/new",
    "mine": "/mine",
    "mine-followed": "/mine?tab=followed",
    "report-submitted": "/reports/{submitted}",
    "report-accepted": "/reports/{accepted}",
    "report-waiting": "/reports/{waiting}",
    "report-resolved": "/reports/{resolved}",
    "report-closed": "/reports/{closed}",
    "report-rejected": "/reports/{rejected}",
    "report-unknown": "/reports/123456789A",
    "follow": "/follow",
    "messages": "/messages",
    "me": "/me",
    "me-sign-in": "/me/sign-in",
    "me-notifications": "/me/notifications",
    "me-following": "/me/following",
    "me-phone": "/me/phone",
    "me-email": "/me/email",
    "me-data": "/me/data",
    "privacy": "/privacy",
}
#: What a phone shows that was never used.
EMPTY = {
    name: FULL[name] for name in ("mine", "messages", "me", "me-notifications", "me-following")
}

LOOKS = {
    "vi-light": {"locale": "vi-VN", "color_scheme": "light"},
    "en-dark": {"locale": "en-GB", "color_scheme": "dark"},
    "vi-small-dark": {
        "locale": "vi-VN",
        "color_scheme": "dark",
        "viewport": {"width": 360, "height": 640},
    },
}


@pytest.fixture(scope="module")
def scene(served_site: Site) -> Scene:
    served_site.faults.heal()
    return lived_in(served_site)


@pytest.fixture(params=LOOKS)
def look(
    request: pytest.FixtureRequest, new_phone: NewPhone
) -> Iterator[tuple[str, BrowserContext]]:
    yield request.param, new_phone(**LOOKS[request.param])


def settled(page: Page) -> None:
    """The screen is drawn: nothing is being fetched for it, no skeleton is left."""
    page.locator("main h1").first.wait_for()
    page.wait_for_load_state("networkidle")
    page.locator("main [aria-busy=true]").first.wait_for(state="detached")


def wider_than_the_screen(page: Page) -> list[str]:
    """What sticks out at the side."""
    return list(
        page.evaluate(
            """() => {
              const aside = ".maplibregl-map, .unseen, .skip";
              const scrolls = element => {
                for (let over = element; over; over = over.parentElement)
                  if (/auto|scroll/.test(getComputedStyle(over).overflowX)) return true;
                return element.closest(aside);
              };
              return [...document.querySelectorAll("body *")].filter(element => {
                const box = element.getBoundingClientRect();
                const out = box.right > innerWidth + 1 || box.left < -1;
                return box.width && out && !scrolls(element);
              }).map(element => element.outerHTML.slice(0, 160));
            }"""
        )
    )


def too_small_to_touch(page: Page) -> list[str]:
    """Buttons, links and fields below 44 px that stand by themselves (not within a sentence)."""
    return list(
        page.evaluate(
            """() => [...document.querySelectorAll("a[href], button, input, select, textarea")]
              .filter(element => {
                const box = (element.closest("label") ?? element).getBoundingClientRect();
                const aside = element.closest(".unseen, .skip, .maplibregl-ctrl-attrib");
                const unseen = !box.width || aside;
                const inText = getComputedStyle(element).display === "inline";
                return !unseen && !inText && (box.height < 43.5 || box.width < 43.5);
              }).map(element => element.outerHTML.slice(0, 160))"""
        )
    )


def looked_at(page: Page, url: str, name: str, look: str, shots: Shots) -> list[str]:
    """Open a screen, keep its picture, and tell what is wrong with it."""
    page.goto(url)
    settled(page)
    shots(page, f"{name}-{look}")
    wrong = [
        *violations(page),
        *(f"wider than the screen: {html}" for html in wider_than_the_screen(page)),
        *(f"too small to touch: {html}" for html in too_small_to_touch(page)),
    ]
    return [f"{name}: {text}" for text in wrong]


def test_every_screen_of_a_phone_in_use(
    look: tuple[str, BrowserContext], site: Site, scene: Scene, shots: Shots
) -> None:
    name, phone = look
    page = phone.new_page()
    complaints = watched(page)
    be(page, site, scene.token)
    codes = {state: scene.code(state) for state in scene.reports}

    wrong = [
        text
        for screen, path in FULL.items()
        for text in looked_at(page, site.url + path.format(**codes), screen, name, shots)
    ]

    assert wrong == []
    assert complaints == []


def test_every_screen_of_a_phone_that_was_never_used(
    look: tuple[str, BrowserContext], site: Site, shots: Shots
) -> None:
    name, phone = look
    page = phone.new_page()
    complaints = watched(page)

    wrong = [
        text
        for screen, path in EMPTY.items()
        for text in looked_at(page, site.url + path, f"empty-{screen}", name, shots)
    ]

    assert wrong == []
    assert complaints == []


def test_text_of_twice_the_size_fits(
    site: Site, scene: Scene, phone: BrowserContext, shots: Shots
) -> None:
    page = phone.new_page()
    be(page, site, scene.token)
    codes = {state: scene.code(state) for state in scene.reports}

    wrong = []
    for screen, path in FULL.items():
        page.goto(site.url + path.format(**codes))
        settled(page)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        shots(page, f"{screen}-large-text")
        wrong += [f"{screen}: {html}" for html in wider_than_the_screen(page)]

    assert wrong == []

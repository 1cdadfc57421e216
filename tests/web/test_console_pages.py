"""Every page of the console that its people are offered, as it is seen: axe-core finds nothing,
nothing is wider than the screen, what is touched is large enough; and a picture of each is kept.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Page

from reports.statuses import Role
from tests.web.conftest import Shots, watched
from tests.web.desks import a_jpeg, desk_of
from tests.web.hands import violations
from tests.web.looking import SMALL, WIDER
from tests.web.site import Site

#: Who looks first at what all may enter; each page is looked at once.
PEOPLE = (
    (Role.DISPATCHER, None),
    (Role.ADMIN, None),
    (Role.HEAD, "ubnd-19789"),
    (Role.OFFICER, "ubnd-19789"),
    (Role.LEADER, None),
)
SCREENS = {
    "vi-desk-light": {"locale": "vi-VN", "color_scheme": "light"},
    "en-phone-dark": {
        "locale": "en-GB",
        "color_scheme": "dark",
        "viewport": {"width": 390, "height": 844},
        "is_mobile": True,
        "has_touch": True,
    },
}


#: What a keyboard must reach: of radio buttons with one name, one.
ASK = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']"
LISTEN = """
() => document.addEventListener("focusin", (event) => { event.target.dataset.reached = "yes"; })
"""
REACHABLE = """
(ask) => [...document.querySelectorAll(ask)].filter((one) => one.checkVisibility() && !one.disabled)
"""
UNREACHED = f"""
(ask) => ({REACHABLE})(ask)
  .filter((one) => !one.dataset.reached && one.tabIndex >= 0)
  .filter((one) => one.type !== "radio" ||
    ![...document.getElementsByName(one.name)].some((other) => other.dataset.reached))
  .map((one) => one.outerHTML.slice(0, 160))
"""
#: How often Tab is pressed to come to all: a day and a time have parts.
STOPS = f"""
(ask) => ({REACHABLE})(ask)
  .reduce((all, one) => all + (/date|time/.test(one.type) ? 8 : 1), 3)
"""
HIDDEN_FOCUS = """
() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const box = one.getBoundingClientRect();
  if (/date|time/.test(one.type)) return null; // the browser marks the part that is in hand
  const seen = box.width > 1 && getComputedStyle(one).outlineStyle !== "none";
  return seen || one.id === "main" ? null : one.outerHTML.slice(0, 160);
}
"""


def unreached(page: Page) -> list[str]:
    """What the Tab key alone does not come to, or comes to unseen."""
    page.evaluate(LISTEN)
    unseen = []
    for _ in range(page.evaluate(STOPS, ASK)):
        page.keyboard.press("Tab")
        if hidden := page.evaluate(HIDDEN_FOCUS):
            unseen.append(f"focused unseen: {hidden}")
    return unseen + [f"not reached: {one}" for one in page.evaluate(UNREACHED, ASK)]


@dataclass
class Walk:
    """One screen's look at everything: what was found, by page."""

    name: str
    shots: Shots
    wrong: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def look(self, page: Page, path: str, name: str) -> None:
        complaints = watched(page)
        answer = page.goto(path)
        assert answer is not None
        page.locator("main :is(h1, h2):visible").first.wait_for()
        self.note(page, path, name)
        if "desk" in self.name:
            self.wrong += [f"{path}: {one}" for one in unreached(page)]
        self.wrong += [f"{path}: {one}" for one in complaints]
        if answer.status >= 400:
            self.wrong.append(f"{path}: {answer.status}")

    def told(self) -> str:
        return "\n".join(dict.fromkeys(self.wrong))

    def note(self, page: Page, path: str, name: str) -> None:
        self.shots(page, f"{self.name}-{name}")
        self.wrong += [f"{path}: {one}" for one in violations(page)]
        self.wrong += [f"{path} is wider: {one}" for one in page.evaluate(WIDER)]
        if "phone" in self.name:
            self.wrong += [f"{path} is small: {one}" for one in page.evaluate(SMALL)]


@pytest.fixture
def walk(request: pytest.FixtureRequest, shots: Shots) -> Iterator[Walk]:
    yield Walk(request.node.callspec.id, shots)


@pytest.mark.parametrize("screen", SCREENS.values(), ids=SCREENS)
def test_every_page_that_somebody_is_offered(
    chromium: Browser, site: Site, walk: Walk, screen: dict[str, object]
) -> None:
    for role, office in PEOPLE:
        context = desk_of(chromium, site, role, office, **screen)
        page = context.new_page()
        page.goto("/console/")
        hrefs = page.locator(".side a[href^='/console']").evaluate_all(
            "links => links.map(link => link.getAttribute('href'))"
        )
        for href in hrefs:
            if href not in walk.seen and "lang=" not in href:
                walk.seen.add(href)
                walk.look(page, href, f"{role}-{_named(href)}")
        context.close()

    assert len(walk.seen) > 10
    assert not walk.wrong, walk.told()


@pytest.mark.parametrize("screen", SCREENS.values(), ids=SCREENS)
def test_a_report_and_every_step_that_may_be_taken(
    chromium: Browser, site: Site, walk: Walk, screen: dict[str, object]
) -> None:
    sender = site.resident()
    photo = site.photo(sender, a_jpeg("#7a6a4f"))
    sent = site.submits(sender, category="lan-chiem", photos=[photo])
    context = desk_of(chromium, site, Role.DISPATCHER, **screen)
    page = context.new_page()
    walk.look(page, "/console/queue?q=khôngcógì", "empty")
    walk.look(page, "/console/queue?status=all&view=map", "map")
    walk.look(page, "/console/queue?status=all&view=table", "table")
    walk.look(page, "/console/reports/000-000-000-X", "no-such-report")
    walk.wrong = [one for one in walk.wrong if not one.endswith(": 404")]
    _walk_steps(walk, page, sent["code"])
    site.accepted(sent["id"])
    context.close()
    context = desk_of(chromium, site, Role.HEAD, site.office_of(sent["id"]), **screen)
    _walk_steps(walk, context.new_page(), sent["code"])
    context.close()

    assert not walk.wrong, walk.told()


@pytest.mark.parametrize("screen", SCREENS.values(), ids=SCREENS)
def test_the_door(chromium: Browser, site: Site, walk: Walk, screen: dict[str, object]) -> None:
    context = chromium.new_context(base_url=site.url, **screen)  # type: ignore[arg-type]
    walk.look(context.new_page(), "/console/sign-in", "sign-in")
    context.close()

    assert not walk.wrong, walk.told()


def _walk_steps(walk: Walk, page: Page, code: str) -> None:
    walk.look(page, f"/console/reports/{code}?q={code}", f"report-{_by(page)}")
    page.locator("details.more > summary").click()
    walk.note(page, "more", f"report-more-{_by(page)}")
    steps = page.locator("#steps a[href*='step=']").evaluate_all(
        "links => links.map(link => link.getAttribute('href'))"
    )
    assert steps
    for step in steps:
        walk.look(page, step, f"step-{re.search('step=([a-z_]+)', step)[1]}")  # type: ignore[index]


def _by(page: Page) -> str:
    return "centre" if page.locator("[data-count=new]").count() else "office"


def _named(href: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", href.removeprefix("/console/")).strip("-")[:60] or "home"

"""A look at the console's pages as they are seen: axe-core finds nothing, nothing is wider than the
screen, what is touched is large enough, Tab comes to all; and a picture of each is kept, in both
languages and in both sizes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page, ViewportSize

from tests.conftest import PLAIN_CHROMIUM
from tests.web.conftest import Shots, watched
from tests.web.hands import violations
from tests.web.looking import SMALL, WIDER

PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1366, "height": 768}
SCREENS = {
    "vi-desk-light": {"locale": "vi-VN", "color_scheme": "light"},
    "en-phone-dark": {
        "locale": "en-GB",
        "color_scheme": "dark",
        "viewport": PHONE,
        "is_mobile": True,
        "has_touch": True,
    },
}
#: In which size a page of that screen is looked at besides: both languages in both sizes.
OTHER = {"vi-desk-light": "vi-phone-light", "en-phone-dark": "en-desk-dark"}


#: What a keyboard must reach: of radio buttons with one name, one.
ASK = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']"
#: Notes, as the focus moves, what it came to and what it came to unseen.
LISTEN = """
() => {
  window.unseen = [];
  document.addEventListener("focusin", ({ target: one }) => {
    one.dataset.reached = "yes";
    if (/date|time/.test(one.type)) return; // the browser marks the part that is in hand
    const shown = one.getBoundingClientRect().width > 1;
    if (one.id !== "main" && !(shown && getComputedStyle(one).outlineStyle !== "none"))
      window.unseen.push(one.outerHTML.slice(0, 160));
  });
}
"""
#: Of a page whose side was walked before, what is in `main`: the focus begins there, as by the link
#: that skips the side.
REACHABLE = """
([ask, within]) => [...document.querySelector(within).querySelectorAll(ask)]
  .filter((one) => one.checkVisibility() && !one.disabled)
"""
UNREACHED = f"""
(asked) => ({REACHABLE})(asked)
  .filter((one) => !one.dataset.reached && one.tabIndex >= 0)
  .filter((one) => one.type !== "radio" ||
    ![...document.getElementsByName(one.name)].some((other) => other.dataset.reached))
  .map((one) => one.outerHTML.slice(0, 160))
"""
#: How often Tab is pressed to come to all: a day and a time have parts.
STOPS = f"""
(asked) => ({REACHABLE})(asked)
  .reduce((all, one) => all + (/date|time/.test(one.type) ? 8 : 1), 3)
"""

#: What goes on beyond the side of something that scrolls up and down: there, too, it is out of
#: sight. A table may go on; it says so.
SPILLS = """
() => [...document.querySelectorAll("body *")]
  .filter((one) => /auto|scroll/.test(getComputedStyle(one).overflowX))
  .filter((one) => !one.matches(".table-scroll, textarea, select"))
  .filter((one) => one.scrollWidth > one.clientWidth + 1)
  .flatMap((one) => [...one.querySelectorAll("*")]
    .filter((held) => held.getBoundingClientRect().right > one.getBoundingClientRect().right + 1)
    .filter((held) => !held.closest(".table-scroll"))
    .slice(0, 2))
  .map((one) => one.outerHTML.slice(0, 160))
"""

#: From where Tab goes into a part of the page.
BEFORE = {"#main": "#main", "#step-form": "#steps .more > summary"}


def unreached(page: Page, within: str = "body") -> list[str]:
    """What the Tab key alone does not come to, or comes to unseen."""
    asked = [ASK, within]
    page.evaluate(LISTEN)
    if within in BEFORE:
        page.locator(BEFORE[within]).focus()
    for _ in range(page.evaluate(STOPS, asked)):
        page.keyboard.press("Tab")
    unseen = [f"focused unseen: {one}" for one in page.evaluate("() => window.unseen")]
    return unseen + [f"not reached: {one}" for one in page.evaluate(UNREACHED, asked)]


@dataclass
class Walk:
    """One screen's look at everything: what was found, by page."""

    name: str
    shots: Shots
    wrong: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    sides: set[str] = field(default_factory=set)  # that Tab went through, as they read

    def look(
        self, page: Page, path: str, name: str, *, status: int = 200, new: str | None = None
    ) -> None:
        """`new`: what of the page was not walked by Tab before."""
        complaints = watched(page)
        answer = page.goto(path)
        assert answer is not None
        self.stay(page, path, name, new=new)
        self.wrong += [f"{path}: {one}" for one in complaints]
        if answer.status != status:
            self.wrong.append(f"{path}: {answer.status}")

    def stay(self, page: Page, path: str, name: str, *, new: str | None = None) -> None:
        """A look at where a form has led."""
        page.locator("main :is(h1, h2):visible").first.wait_for()
        self.note(page, path, name)
        if "desk" in self.name:
            self.wrong += [f"{path}: {one}" for one in unreached(page, new or self._not_yet(page))]

    def _not_yet(self, page: Page) -> str:
        """What Tab is to go through: all, and of a side that it knows, what is beside it."""
        side = page.locator(".side")
        reads = side.inner_text() if side.count() and page.locator("#main").count() else ""
        known = bool(reads) and re.sub(r"\d+", "", reads) in self.sides
        self.sides.add(re.sub(r"\d+", "", reads))
        return "#main" if known else "body"

    def told(self) -> str:
        return "\n".join(dict.fromkeys(self.wrong))

    def note(self, page: Page, path: str, name: str) -> None:
        self.shots(page, f"{self.name}-{name}")
        self.wrong += [f"{path}: {one}" for one in violations(page)]
        self._measure(page, path, self.name)
        self._note_in_the_other_size(page, path, name)

    def _note_in_the_other_size(self, page: Page, path: str, name: str) -> None:
        """A picture of the same page on a phone, or at a desk."""
        before, other = page.viewport_size, OTHER[self.name]
        assert before is not None
        page.set_viewport_size(DESK if "desk" in other else PHONE)
        self.shots(page, f"{other}-{name}")
        self._measure(page, path, other)
        page.set_viewport_size(before)

    def _measure(self, page: Page, path: str, screen: str) -> None:
        self.wrong += [f"{path} is wider ({screen}): {one}" for one in page.evaluate(WIDER)]
        self.wrong += [f"{path} spills ({screen}): {one}" for one in page.evaluate(SPILLS)]
        if "phone" in screen:
            self.wrong += [f"{path} is small ({screen}): {one}" for one in page.evaluate(SMALL)]


@pytest.fixture(scope="module")
def chromium_arguments() -> list[str]:
    """The console draws no map by WebGL: its browsers need none."""
    return PLAIN_CHROMIUM


@pytest.fixture
def walk(request: pytest.FixtureRequest, shots: Shots) -> Iterator[Walk]:
    yield Walk(request.node.callspec.id, shots)

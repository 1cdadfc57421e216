"""Looking at a screen as it is now: whether it is all there, and what is wrong with it.

A picture is kept of each, to be looked at by people.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import BrowserContext, Locator, Page

from tests.web.conftest import watched
from tests.web.hands import violations

Shots = Callable[[Page, str], Path]

#: Counts what the page has asked for and not heard yet, and when something last changed on it.
WATCH = """
window.unheard = 0;
window.changed = performance.now();
const ask = window.fetch;
window.fetch = async (...rest) => {
  window.unheard += 1;
  try { return await ask(...rest); } finally { window.unheard -= 1; }
};
new MutationObserver(() => { window.changed = performance.now(); })
  .observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
"""
SETTLED = """
([patience, asides]) => new Promise((done) => {
  const began = performance.now();
  const missing = () => {
    if (!document.querySelector("main h1")) return "no heading";
    const waits = document.querySelector("main [aria-busy=true], main .skeleton");
    if (waits && !waits.closest(asides)) return `still waits: ${waits.outerHTML.slice(0, 120)}`;
    if (window.unheard > 0 && !document.querySelector(asides))
      return `${window.unheard} questions without an answer`;
    if ([...document.images].some((image) => image.loading !== "lazy" && !image.complete))
      return "a picture is not there";
    if (performance.now() - window.changed < 100) return "it still changes";
    return document.fonts.status === "loaded" ? null : "the letters are not there";
  };
  const look = () => {
    const what = missing();
    if (!what || performance.now() - began > patience) done(what);
    else setTimeout(look, 20);
  };
  look();
})
"""
WIDER = """
() => {
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
}
"""
SMALL = """
() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
  .filter(element => {
    // A row's link covers the whole row.
    const row = element.matches(".row-title") && element.closest(".row, .aside-list li");
    const whole = element.closest("label") || row;
    const box = (whole || element).getBoundingClientRect();
    const aside = element.closest(".unseen, .skip, .maplibregl-ctrl-attrib");
    const unseen = !box.width || aside;
    const inText = getComputedStyle(element).display === "inline";
    return !unseen && !inText && (box.height < 43.5 || box.width < 43.5);
  }).map(element => element.outerHTML.slice(0, 160))
"""
GO = """
(to) => {
  history.pushState({ inside: true }, "", to);
  dispatchEvent(new PopStateEvent("popstate"));
}
"""
PATIENCE = 10_000  # ms


def settled(page: Page, asides: str = ".nothing-waits-here") -> None:
    """The screen is drawn: nothing is being asked for, no skeleton is left, and it is at rest.

    `asides`: where something may wait, because that is what is looked at."""
    missing = page.evaluate(SETTLED, [PATIENCE, asides])
    assert missing is None, f"{page.url}: {missing}"


def wider_than_the_screen(page: Page) -> list[str]:
    """What sticks out at the side."""
    return list(page.evaluate(WIDER))


def too_small_to_touch(page: Page) -> list[str]:
    """Buttons, links and fields below 44 px that stand by themselves (not within a sentence)."""
    return list(page.evaluate(SMALL))


@dataclass
class Eyes:
    """Somebody who looks at one phone's screens, and takes down what is wrong with them."""

    page: Page
    language: str
    name: str  # of this look, in the pictures' names
    shots: Shots
    wrong: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, phone: BrowserContext, name: str, shots: Shots) -> "Eyes":
        phone.add_init_script(WATCH)
        page = phone.new_page()
        return cls(page, name[:2], name, shots, complaints=watched(page))

    def opens(self, path: str) -> None:
        """As by a link within the app, once it runs."""
        if self.page.locator("nav.tabs, .submit-bar, .top").count() == 0:
            self.page.goto(path)
            return
        self.page.evaluate(GO, path)

    def sees(self, name: str, *, asides: str = ".nothing-waits-here") -> None:
        """The screen is whole, sound for a screen reader, no wider than the phone, for a thumb."""
        settled(self.page, asides)
        self.shots(self.page, f"{name}-{self.name}")
        found = [
            *violations(self.page),
            *(f"wider than the screen: {html}" for html in wider_than_the_screen(self.page)),
            *(f"too small to touch: {html}" for html in too_small_to_touch(self.page)),
        ]
        self.wrong += [f"{name}: {text}" for text in found]

    def said(self, vi: str, en: str) -> str:
        return vi if self.language == "vi" else en

    def button(self, vi: str, en: str, *, within: str = "body") -> Locator:
        place = self.page.locator(within)
        return place.get_by_role("button", name=self.said(vi, en), exact=True)

    def taps(self, vi: str, en: str, *, within: str = "body") -> None:
        self.button(vi, en, within=within).first.click()

    def fills(self, vi: str, en: str, text: str) -> None:
        self.page.get_by_label(self.said(vi, en)).first.fill(text)

    def closes(self) -> None:
        """What lies over the screen."""
        self.taps("Đóng", "Close", within="dialog")
        self.page.locator("dialog").wait_for(state="detached")

    def is_content(self) -> None:
        assert self.wrong == []
        assert self.complaints == []

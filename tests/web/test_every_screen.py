"""Every screen as a resident sees it: both languages, by day and by night, two sizes of phone.

axe-core finds nothing, nothing is wider than the screen, what is touched is large enough; and a
picture is kept to be looked at. What screens become under a finger is test_every_state.py's.
"""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext

from app.config import ROOT
from tests.web.conftest import NewPhone, Shots
from tests.web.hands import be
from tests.web.looking import Eyes, settled, wider_than_the_screen
from tests.web.scenes import Scene, lived_in
from tests.web.site import Site
from tests.web.waiting import a_photo, a_report, put

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
    "me-leave": "/me/leave",
    "me-number-lost": "/me/number-lost",
    "privacy": "/privacy",
}
#: What a phone shows that was never used.
EMPTY = {
    name: FULL[name]
    for name in ("mine", "messages", "me", "me-notifications", "me-following", "me-data")
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
def eyes(request: pytest.FixtureRequest, new_phone: NewPhone, shots: Shots) -> Iterator[Eyes]:
    eyes = Eyes.of(new_phone(**LOOKS[request.param]), request.param, shots)
    yield eyes
    eyes.is_content()


def lives_here(eyes: Eyes, site: Site, scene: Scene) -> None:
    """This phone sent the scene's reports, an anonymous one besides, and has a draft."""
    be(eyes.page, site, scene.token)
    hidden = site.call("POST", "/auth/guest", json={"anonymous": True})
    report = site.submits(hidden["token"], identity="anonymous")
    photo = a_photo()
    draft = a_report(photos=[photo], state="writing")
    put(
        eyes.page, wake=True, sessions=[{"key": report["id"], **hidden}],
        drafts=[draft], photos=[photo],
    )  # fmt: skip


def test_no_screen_is_forgotten() -> None:
    app = (ROOT / "web/phone/app.tsx").read_text()
    me = (ROOT / "web/phone/me/me.tsx").read_text()
    first = re.findall(r"^  (\w+): apart\(", app, re.MULTILINE)
    mine = re.findall(r'^  "?([\w-]+)"?: \w+Screen,', me, re.MULTILINE)

    looked_at = {path.split("?")[0] for path in FULL.values()}
    assert {f"/{name}" for name in first} - {"/reports"} <= looked_at
    assert {f"/me/{name}" for name in mine} <= looked_at
    assert len(first) > 5
    assert len(mine) > 5


def test_every_screen_of_a_phone_in_use(eyes: Eyes, site: Site, scene: Scene) -> None:
    lives_here(eyes, site, scene)
    codes = {state: scene.code(state) for state in scene.reports}

    for screen, path in FULL.items():
        eyes.opens(path.format(**codes))
        eyes.sees(screen)


def test_every_screen_of_a_phone_that_was_never_used(eyes: Eyes, site: Site) -> None:
    for screen, path in EMPTY.items():
        eyes.opens(path)
        eyes.sees(f"empty-{screen}")


def test_text_of_twice_the_size_fits(
    site: Site, scene: Scene, phone: BrowserContext, shots: Shots
) -> None:
    eyes = Eyes.of(phone, "vi-large", shots)
    lives_here(eyes, site, scene)
    codes = {state: scene.code(state) for state in scene.reports}
    eyes.page.evaluate("document.documentElement.style.fontSize = '200%'")

    wrong = []
    for screen, path in FULL.items():
        eyes.opens(path.format(**codes))
        settled(eyes.page)
        shots(eyes.page, f"{screen}-large-text")
        wrong += [f"{screen}: {html}" for html in wider_than_the_screen(eyes.page)]

    assert wrong == []

"""The first screen's budget: bytes, requests and layout, as `bench/phone_budget.py` counts them on
a phone's slow line. How long it takes is that script's to tell: here other work would tell lies.
"""

from dataclasses import replace

from playwright.sync_api import Browser

from bench.phone_budget import (
    MOST_BYTES,
    MOST_FLOORS,
    MOST_REQUESTS,
    MOST_SHIFT,
    Measured,
    measure,
)
from bench.phone_taps import MOST_TAPS, report, somewhere_in
from tests.conftest import needs
from tests.web.conftest import BUILT
from tests.web.scenes import lived_in
from tests.web.site import Site

GOOD = Measured(
    page_bytes=MOST_BYTES, data_bytes=0, font_bytes=0, picture_bytes=0, requests=MOST_REQUESTS,
    paint_ms=900, largest_ms=900, shift=MOST_SHIFT,
)  # fmt: skip


def test_the_first_screen_of_a_lived_in_city_keeps_its_budget(
    chromium: Browser, site: Site
) -> None:
    needs(any(BUILT.glob("*.js.gz")), "web/built as `make pages` makes it, compressed")
    lived_in(site)

    found = measure(chromium, site.url)

    assert 0 < found.page_bytes <= MOST_BYTES, found
    assert 0 < found.requests <= MOST_REQUESTS, found
    assert found.shift <= MOST_SHIFT, found
    assert found.data_bytes and found.font_bytes and found.picture_bytes  # counted, each by itself
    assert found.is_light


def test_the_form_too_stands_still_while_it_comes(chromium: Browser, site: Site) -> None:
    assert measure(chromium, site.url, "/new", until="#submit-kind label").shift <= MOST_SHIFT


def test_a_photo_is_sent_from_there_within_five_taps(chromium: Browser, site: Site) -> None:
    before = site.reports_stored()
    with somewhere_in(chromium, site.url) as page:
        story = report(page, site.url)
    assert 0 < story.taps <= MOST_TAPS
    assert site.reports_stored() == before + 1


def test_each_part_of_the_budget_can_be_exceeded() -> None:
    assert GOOD.keeps_the_budget(floor_ms=900 / MOST_FLOORS)
    assert not GOOD.keeps_the_budget(floor_ms=900 / MOST_FLOORS - 1)
    for worse in (
        {"page_bytes": MOST_BYTES + 1},
        {"requests": MOST_REQUESTS + 1},
        {"shift": MOST_SHIFT + 0.01},
    ):
        assert not replace(GOOD, **worse).is_light, worse  # type: ignore[arg-type]

"""How many taps and seconds a report takes: `python -m bench.phone_taps [ADDRESS]`.

A photo and the phone's own place, from opening the app to the code, on the phone and the line of
`phone_budget.py`. The owner's own time is none: each tap comes as soon as what it needs is shown.
The report that is sent stays in that city, so ask a demo city.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from time import monotonic

import httpx
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from bench.browser import chromium
from bench.phone_budget import ARGUMENTS, phone, slow

STREET = Path(__file__).resolve().parents[1] / "docs" / "flooded-street.jpg"
CAMERA = (4000, 3000)  # pixels: 12 megapixels, as phones take them
MOST_TAPS = 5
PATIENCE_MS = 120_000


@dataclass
class Story:
    """What was reached, in seconds after the start, and by how many taps."""

    began: float = field(default_factory=monotonic)
    reached: list[tuple[str, int, float]] = field(default_factory=list)
    taps: int = 0

    def tap(self, what: Locator) -> None:
        what.tap()
        self.taps += 1

    def now(self, what: str) -> None:
        self.reached.append((what, self.taps, monotonic() - self.began))


def report(page: Page, address: str) -> Story:
    """Open, report, take a photo, send."""
    picture = photo()
    story = Story()
    page.goto(address, wait_until="commit")
    page.locator("nav.tabs .tab-add").wait_for()
    story.now("the first screen can be used")
    story.tap(page.locator("nav.tabs .tab-add"))
    camera = page.locator(".submit-add-camera")
    camera.wait_for()
    story.now("the form is there")
    with page.expect_file_chooser() as opened:
        story.tap(camera)
    story.taps += 1  # the shutter
    opened.value.set_files({"name": "IMG.jpg", "mimeType": "image/jpeg", "buffer": picture})
    page.locator(".submit-photo img").wait_for()
    story.now("the photo is made small and kept")
    story.tap(page.locator(".submit-bar .button-primary"))
    page.locator(".submit-code-big").wait_for()
    story.now("sent: the code is shown")
    return story


def photo() -> bytes:
    """A street as a phone's camera takes it: many megapixels."""
    out = BytesIO()
    with Image.open(STREET) as street:
        street.resize(CAMERA, Image.Resampling.LANCZOS).save(out, "JPEG", quality=92)
    return out.getvalue()


@contextmanager
def somewhere_in(browser: Browser, address: str) -> Iterator[Page]:
    """A phone that was never here, and stands in the city's first ward."""
    ward = httpx.get(f"{address}/api/v1/areas", timeout=30).json()["items"][0]
    spot = {"latitude": ward["lat"], "longitude": ward["lng"], "accuracy": 12}
    with phone(browser, geolocation=spot, permissions=["geolocation"]) as page:
        page.set_default_timeout(PATIENCE_MS)
        slow(page)
        yield page


def main(address: str) -> int:
    """Print the story; 1 when it takes too many taps."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        with somewhere_in(browser, address) as page:
            story = report(page, address)
        browser.close()
    for what, taps, seconds in story.reached:
        print(f"{what:<36}{taps} taps {seconds:>6.1f} s")
    return 0 if story.taps <= MOST_TAPS else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"))

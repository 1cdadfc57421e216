"""What the phone's first screen costs on a slow line: `python -m bench.phone_budget [ADDRESS]`.

A real Chromium at phone size, four times slower than this machine, on a line of 1.6 Mbit/s with
150 ms there and back (a weak 4G), its cache empty. Bytes and requests are held against DESIGN §9's
budget; the first paint against the floor of the same run: a page of one sentence from the same
server. `tests/web/test_budget.py` holds a served city to the same, but for the time.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from bench.browser import chromium

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
LINE = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1.6e6 / 8,
    "uploadThroughput": 0.75e6 / 8,
}
SLOWER = 4  # times, than this machine
SETTLED_MS = 1500

MOST_BYTES = 100_000  # gzipped, before map and fonts (DESIGN §9)
MOST_REQUESTS = 18  # before the reports' pictures, of which each list has its own number
MOST_SHIFT = 0.05  # of the layout; 0.1 is called good elsewhere
MOST_FLOORS = 3  # first contentful paint, as a multiple of the floor's

_WATCH = """
window.xomSeen = {shift: 0, paint: null, largest: null};
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) xomSeen.shift += entry.value;
}).observe({type: "layout-shift", buffered: true});
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) xomSeen.largest = entry.startTime;
}).observe({type: "largest-contentful-paint", buffered: true});
new PerformanceObserver(list => {
  const [paint] = list.getEntriesByName("first-contentful-paint");
  if (paint) xomSeen.paint = paint.startTime;
}).observe({type: "paint", buffered: true});
"""


@dataclass(frozen=True)
class Measured:
    """One visit with an empty cache."""

    page_bytes: int  # HTML, styles and scripts of the first screen, as they came over the line
    data_bytes: int  # the API's answers
    font_bytes: int
    picture_bytes: int  # of the reports that are in sight
    requests: int  # all but those pictures'
    paint_ms: float  # first contentful paint
    largest_ms: float
    shift: float  # cumulative layout shift

    @property
    def is_light(self) -> bool:
        """All that does not depend on how busy the machine is."""
        return (
            self.page_bytes <= MOST_BYTES
            and self.requests <= MOST_REQUESTS
            and self.shift <= MOST_SHIFT
        )

    def keeps_the_budget(self, floor_ms: float) -> bool:
        return self.is_light and self.paint_ms <= MOST_FLOORS * floor_ms


def measure(browser: Browser, address: str, path: str = "/", *, until: str = "nav a") -> Measured:
    """Visit once, as a phone that was never here; it has come when `until` is there."""
    with phone(browser) as page:
        line = slow(page)
        received = _listen(line)
        page.add_init_script(_WATCH)
        page.goto(address + path, wait_until="load")
        page.locator(until).first.wait_for()
        page.wait_for_timeout(SETTLED_MS)
        seen = page.evaluate("xomSeen")
    kinds = [_kind(kind, url) for kind, url, _ in received]
    sums = {
        wanted: sum(
            size for (_, _, size), kind in zip(received, kinds, strict=True) if kind == wanted
        )
        for wanted in ("page", "data", "font", "picture")
    }
    counted = sum(1 for kind in kinds if kind not in {"later", "picture"})
    return Measured(
        sums["page"],
        sums["data"],
        sums["font"],
        sums["picture"],
        counted,
        seen["paint"],
        seen["largest"],
        seen["shift"],
    )


@contextmanager
def phone(browser: Browser, **differs: Any) -> Iterator[Page]:
    # Without its service worker, which fetches the rest of the app ahead for days without network.
    context = browser.new_context(service_workers="block", locale="vi-VN", **(PHONE | differs))  # type: ignore[arg-type]
    try:
        yield context.new_page()
    finally:
        context.close()


def slow(page: Page) -> CDPSession:
    """The line and the processor of a weak phone; what answers talks to its DevTools."""
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", LINE)
    line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return line


Received = list[tuple[str, str, int]]  # kind, address, bytes over the line


def _listen(line: CDPSession) -> Received:
    received: Received = []
    asked: dict[str, tuple[str, str]] = {}

    def answered(event: dict[str, Any]) -> None:
        asked[event["requestId"]] = event["type"], event["response"]["url"]

    def finished(event: dict[str, Any]) -> None:
        if event["requestId"] in asked:
            kind, url = asked[event["requestId"]]
            received.append((kind, url, int(event["encodedDataLength"])))

    line.on("Network.responseReceived", answered)
    line.on("Network.loadingFinished", finished)
    return received


def _kind(kind: str, url: str) -> str:
    if url.startswith(("data:", "blob:")):
        return "later"
    if kind in {"Font", "Image"}:
        return {"Font": "font", "Image": "picture"}[kind]
    return "page" if kind in {"Document", "Stylesheet", "Script"} else "data"


def main(address: str) -> int:
    """Print the figures; 1 when the budget is exceeded."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        floor = _floor(browser, address)
        found = measure(browser, address)
        browser.close()
    for name, value, most in _lines(found, floor):
        print(f"{name:<32}{value:>12}   {most}")
    return 0 if found.keeps_the_budget(floor) else 1


def _lines(found: Measured, floor: float) -> list[tuple[str, str, str]]:
    """Name, figure, and what it is held against."""

    def kb(size: int) -> str:
        return f"{size / 1000:.1f} kB"

    def time(ms: float) -> tuple[str, str]:
        return f"{ms:.0f} ms", f"{ms / floor:.1f} x floor"

    return [
        ("page, scripts, styles", kb(found.page_bytes), kb(MOST_BYTES)),
        ("the API's answers", kb(found.data_bytes), "–"),
        ("fonts", kb(found.font_bytes), "–"),
        ("pictures of reports", kb(found.picture_bytes), "–"),
        ("requests, before pictures", str(found.requests), str(MOST_REQUESTS)),
        ("layout shift", f"{found.shift:.3f}", f"{MOST_SHIFT}"),
        ("first contentful paint", *time(found.paint_ms)),
        ("largest contentful paint", *time(found.largest_ms)),
        ("floor: a page of one sentence", *time(floor)),
    ]


def _floor(browser: Browser, address: str) -> float:
    """First contentful paint of a sentence from the same server, on the same line."""
    with phone(browser) as page:
        slow(page)
        page.add_init_script(_WATCH)
        page.goto(f"{address}/healthz", wait_until="load")
        page.wait_for_timeout(SETTLED_MS)
        return float(page.evaluate("xomSeen.paint"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"))

"""What a test does to a phone besides tapping: who it is, and what axe says of a screen."""

from typing import Any

from playwright.sync_api import Page

from app.config import ROOT
from tests.conftest import needs
from tests.web.site import Site

AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
#: What passed is not written down: that takes most of its time.
RUN_AXE = "async () => (await axe.run({ resultTypes: ['violations'] })).violations"

_KEEP_SESSION = """
session => new Promise((done, failed) => {
  const opening = indexedDB.open("xom");
  opening.onerror = () => failed(opening.error);
  opening.onsuccess = () => {
    const db = opening.result;
    const writing = db.transaction("sessions", "readwrite");
    writing.objectStore("sessions").put(session);
    writing.oncomplete = () => { db.close(); done(); };
    writing.onerror = () => failed(writing.error);
  };
})
"""


def be(page: Page, site: Site, token: str, kind: str = "guest") -> None:
    """This phone has this token already: as if what was sent with it had been sent from here."""
    page.goto(f"{site.url}/privacy")
    page.locator("nav.tabs").wait_for()
    account = {"id": str(site.account_of(token)), "kind": kind, "locale": "vi"}
    page.evaluate(_KEEP_SESSION, {"key": "me", "token": token, "account": account})


def violations(page: Page) -> list[str]:
    """What axe-core finds wrong with the page as it is now, in a line each."""
    needs(AXE.exists(), "web/node_modules/axe-core (make install)")
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text() + "\n; 0")
    found: list[dict[str, Any]] = page.evaluate(RUN_AXE)
    return [
        f"{one['id']} ({one['impact']}): {node['html'][:200]} – {node['failureSummary'][:300]}"
        for one in found
        for node in one["nodes"]
    ]

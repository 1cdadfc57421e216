"""What waits on a phone, from a test's side: put there as the screens put it, and read back.

The shapes are those of `web/phone/core/db.ts`, which is the contract between all parts of the app.
"""

import base64
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

from playwright.sync_api import Page

from tests.web.site import Site

PICTURE = (Path(__file__).resolve().parents[2] / "docs" / "flooded-street.jpg").read_bytes()
Row = dict[str, Any]

_OPENED = """
const opened = () => new Promise((done, failed) => {
  const opening = indexedDB.open("xom");
  opening.onsuccess = () => done(opening.result);
  opening.onerror = () => failed(opening.error);
});
const asked = (request) => new Promise((done, failed) => {
  request.onsuccess = () => done(request.result);
  request.onerror = () => failed(request.error);
});
"""
_PUT = (
    "async ({ stores, wake }) => {"
    + _OPENED
    + """
  const db = await opened();
  const tx = db.transaction(Object.keys(stores), "readwrite");
  const ended = new Promise((done, failed) => {
    tx.oncomplete = done;
    tx.onabort = () => failed(tx.error);
  });
  for (const [store, rows] of Object.entries(stores)) {
    for (const { base64, ...row } of rows) {
      if (base64 !== undefined) {
        const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
        row.bytes = row.preview = new Blob([bytes], { type: "image/jpeg" });
      }
      tx.objectStore(store).put(row);
    }
  }
  await ended;
  db.close();
  if (wake) new BroadcastChannel("xom").postMessage("session");
}"""
)
_ALL = (
    "async (store) => {"
    + _OPENED
    + """
  const db = await opened();
  const rows = await asked(db.transaction(store).objectStore(store).getAll());
  db.close();
  const sizes = ({ bytes, preview }) => ({ bytes: bytes.size, preview: preview.size });
  return rows.map((row) => (row.bytes ? { ...row, ...sizes(row) } : row));
}"""
)

#: A service worker that could not be installed is never ready, and takes no page over: said so
#: after half a minute, since a page can be asked for ever.
_WITHIN = """
(what) => new Promise((done, failed) => {
  const { serviceWorker } = navigator;
  setTimeout(() => failed(new Error(`no service worker: ${what}`)), 30_000);
  if (what === "ready") serviceWorker.ready.then(() => done());
  else if (serviceWorker.controller) done();
  else serviceWorker.addEventListener("controllerchange", () => done());
})"""


def put(page: Page, *, wake: bool = False, **stores: list[Row]) -> None:
    """Write rows into the phone's database, all or none; `wake`: as a screen does, tell the app."""
    page.evaluate(_PUT, {"stores": stores, "wake": wake})


def rows(page: Page, store: str) -> list[Row]:
    found: list[Row] = page.evaluate(_ALL, store)
    return found


def the(page: Page, store: str, row_id: str) -> Row:
    return next(row for row in rows(page, store) if row.get("id", row.get("key")) == row_id)


def a_photo(number: int = 0, **differs: Any) -> Row:
    """Each number is another picture: JPEG readers pass over what follows a picture's end."""
    data = PICTURE + bytes([number])
    return {
        "id": str(uuid4()), "base64": base64.b64encode(data).decode(), "width": 800, "height": 600,
        "put": False,
    } | differs  # fmt: skip


def digest(number: int = 0) -> bytes:
    return sha256(PICTURE + bytes([number])).digest()


def a_report(*, photos: list[Row] | None = None, **differs: Any) -> Row:
    at = int(time.time() * 1000)
    return {
        "id": str(uuid4()), "createdAt": at, "changedAt": at, "state": "queued",
        "category": "ngap-nuoc", "description": "Nước ngập tới đầu gối trước trường.",
        "placeNote": "", "pin": {"lat": 16.4675, "lng": 107.5885, "from": "hand"},
        "photos": [photo["id"] for photo in photos or []], "answers": {},
        "identity": "confidential", "capturedAt": "2026-11-20T03:42:00.000Z", "session": "me",
        "tries": 0, "nextTryAt": 0, "trouble": None, "code": None,
    } | differs  # fmt: skip


def an_act(kind: str, report: Row, method: str, path: str, body: Any, **differs: Any) -> Row:
    return {
        "id": str(uuid4()), "createdAt": int(time.time() * 1000), "state": "queued", "kind": kind,
        "report": report["id"], "code": report["code"], "method": method, "path": path,
        "body": body, "photos": [], "session": "me", "tries": 0, "nextTryAt": 0, "trouble": None,
    } | differs  # fmt: skip


def opened(page: Page, site: Site, path: str = "/privacy") -> Page:
    """The app runs, and its service worker has all that it keeps."""
    page.goto(site.url + path)
    page.locator("nav.tabs").wait_for()
    kept(page)
    return page


def kept(page: Page) -> None:
    """The service worker has all that it keeps: from now on the app opens without a network."""
    page.evaluate(_WITHIN, "ready")


def controlled(page: Page) -> None:
    """The service worker has taken this page over."""
    page.evaluate(_WITHIN, "controller")


def until(page: Page, true: Callable[[], Any], seconds: float = 15) -> Any:
    """Wait for something to become so; what it says then."""
    for _ in range(int(seconds * 20)):
        if said := true():
            return said
        page.wait_for_timeout(50)
    raise AssertionError("it did not become so")


def until_state(page: Page, store: str, row_id: str, state: str) -> Row:
    def there() -> Row | None:
        row = the(page, store, row_id)
        return row if row["state"] == state else None

    found: Row = until(page, there)
    return found


def until_waits(page: Page, store: str, row_id: str, code: str) -> Row:
    """… because of this."""

    def there() -> Row | None:
        row = the(page, store, row_id)
        waits = row["state"] == "queued" and row["trouble"] and row["trouble"]["code"] == code
        return row if waits else None

    found: Row = until(page, there)
    return found


def stored(site: Site, report_id: str) -> int:
    return int(site.scalar("select count(*) from report where id = :id", id=report_id))


def photos_of(site: Site, report_id: str) -> int:
    return int(site.scalar("select count(*) from photo where report_id = :id", id=report_id))

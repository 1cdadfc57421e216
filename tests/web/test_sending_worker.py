"""The service worker: the app with no network, sending with no page, pushes, its successor."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.web.pushing import ServiceWorkerTools, notifications
from tests.web.site import Site
from tests.web.small import serve_from
from tests.web.waiting import (
    a_photo,
    a_report,
    controlled,
    opened,
    photos_of,
    put,
    rows,
    stored,
    until,
    until_state,
)
from web.pages import ADDRESSES

# Without a network ------------------------------------------------------------------------------


def test_every_screen_opens_without_a_network(
    phone: BrowserContext, page: Page, site: Site
) -> None:
    opened(page, site)
    controlled(page)
    phone.set_offline(True)
    for address in ADDRESSES:
        path = address.replace("<path:rest>", "data").replace("<code>", "482173906K")
        page.goto(site.url + path)
        expect(page.locator("h1").first).to_be_visible()
        assert page.evaluate("document.documentElement.lang") == "vi"


def test_the_language_in_use_is_the_one_that_is_kept(
    phone: BrowserContext, page: Page, site: Site
) -> None:
    opened(page, site, "/?lang=en")
    controlled(page)
    phone.set_offline(True)
    page.goto(f"{site.url}/mine")
    assert page.evaluate("document.documentElement.lang") == "en"
    page.goto(f"{site.url}/?lang=vi")
    assert page.evaluate("document.documentElement.lang") == "vi"


def test_nothing_of_the_api_and_no_other_page_comes_from_the_phone(page: Page, site: Site) -> None:
    opened(page, site, "/")
    controlled(page)
    page.goto(f"{site.url}/mine")
    page.locator("nav.tabs").wait_for()
    kept = page.evaluate("""async () => (await Promise.all(
        (await caches.keys()).map(async (name) => (await (await caches.open(name)).keys())
            .map((request) => new URL(request.url).pathname)))).flat()""")
    assert kept and all(path.startswith(("/built/", "/.kept/")) for path in kept)
    site.faults.seen.clear()
    page.goto(f"{site.url}/api/docs")
    assert "GET /api/docs" in site.faults.seen


def test_the_start_does_not_wait_for_the_network(page: Page, site: Site) -> None:
    opened(page, site, "/")
    controlled(page)
    site.faults.where, site.faults.status, site.faults.times = r"^GET /(mine|built|$)", 503, 99
    page.goto(f"{site.url}/mine")
    expect(page.locator("nav.tabs")).to_be_visible()


def test_a_page_that_was_on_its_way_while_the_worker_came_alive_is_taken_over_too(
    phone: BrowserContext, page: Page, site: Site
) -> None:
    on_their_way: list[Route] = []

    def hold(route: Route) -> None:
        on_their_way.append(route)

    page.route("**/me", hold)
    page.evaluate("(url) => { location.href = url; }", f"{site.url}/me")
    until(page, lambda: on_their_way)
    controlled(opened(phone.new_page(), site))

    on_their_way[0].continue_()
    page.wait_for_url("**/me")

    controlled(page)
    phone.set_offline(True)
    page.reload()
    expect(page.locator("nav.tabs")).to_be_visible()


# Sending without a page -------------------------------------------------------------------------


@pytest.fixture
def tools(page: Page, site: Site) -> ServiceWorkerTools:
    """The browser's own tools for the app's service worker."""
    return ServiceWorkerTools(opened(page, site), site)


def test_a_report_is_sent_with_no_page_open(
    phone: BrowserContext, page: Page, tools: ServiceWorkerTools, site: Site
) -> None:
    photo = a_photo()
    report = a_report(photos=[photo])
    put(page, photos=[photo], drafts=[report])
    page.goto("about:blank")
    tools.send("dispatchSyncEvent", tag="xom-send", lastChance=False)
    until(page, lambda: stored(site, report["id"]))
    assert photos_of(site, report["id"]) == 1
    opened(page, site)
    until_state(page, "drafts", report["id"], "sent")


# Pushes -----------------------------------------------------------------------------------------

NEWS = {
    "id": "0c7f2c50-4f0e-4d1c-9b8b-2f9d7c0f7a11",
    "tag": "0c7f2c50-4f0e-4d1c-9b8b-2f9d7c0f7a11",
    "title": "Phường đã tiếp nhận",
    "body": "Phản ánh 482-173-906-K",
    "kind": "accepted",
    "subject": "report:1",
    "path": "/reports/482173906K",
    "at": "2026-11-20T03:42:00+00:00",
    "urgent": True,
    "lang": "vi",
}


@pytest.fixture
def allowed(phone: BrowserContext, site: Site) -> Iterator[None]:
    phone.grant_permissions(["notifications"], origin=site.url)
    yield


def test_a_push_is_shown_and_a_repeat_takes_its_place(
    allowed: None, page: Page, tools: ServiceWorkerTools, site: Site
) -> None:
    for _ in range(2):
        tools.push(json.dumps(NEWS))
    (shown,) = notifications(page)
    assert shown["title"] == NEWS["title"] and shown["body"] == NEWS["body"]
    assert shown["tag"] == NEWS["id"] and shown["lang"] == "vi" and shown["requireInteraction"]
    assert shown["data"]["path"] == NEWS["path"]
    for picture in (shown["icon"], shown["badge"]):
        assert page.evaluate("async (url) => (await fetch(url)).status", picture) == 200


def test_a_push_by_firebase_is_shown_too(
    allowed: None, page: Page, tools: ServiceWorkerTools, site: Site
) -> None:
    wrapped = {
        "notification": {"title": NEWS["title"], "body": NEWS["body"], "tag": NEWS["id"]},
        "data": {"message_id": NEWS["id"], "path": NEWS["path"], "at": NEWS["at"]},
        "from": "123",
    }
    tools.push(json.dumps(wrapped))
    (shown,) = notifications(page)
    assert shown["title"] == NEWS["title"] and shown["data"] == {
        "path": NEWS["path"],
        "id": NEWS["id"],
    }


@pytest.mark.parametrize("bad", ["", "not json", "{}", '{"title": 7}', "[]", "null"])
def test_whatever_comes_something_is_shown(
    allowed: None, page: Page, tools: ServiceWorkerTools, site: Site, bad: str
) -> None:
    tools.push(bad)
    (shown,) = notifications(page)
    assert shown["title"] == "Có tin mới" and shown["data"]["path"] == "/messages"


@pytest.mark.parametrize("path", ["//evil.example/x", "/.//evil.example/x", "/\\\\evil.example"])
def test_a_push_leads_nowhere_else(
    allowed: None, page: Page, tools: ServiceWorkerTools, site: Site, path: str
) -> None:
    bad = NEWS | {"path": path}
    tools.push(json.dumps(bad))
    (shown,) = notifications(page)
    assert shown["data"]["path"] == "/messages"


def test_a_tap_on_it_leads_an_open_page_there(
    allowed: None, page: Page, tools: ServiceWorkerTools, site: Site
) -> None:
    tools.push(json.dumps(NEWS | {"path": "/mine"}))
    # A script cannot tap: the worker is given the event that a tap makes.
    tools.worker.evaluate("""async () => {
        const [notification] = await registration.getNotifications();
        dispatchEvent(new NotificationEvent("notificationclick", { notification }));
    }""")
    page.wait_for_url(f"{site.url}/mine")
    until(page, lambda: notifications(page) == [])


def test_a_new_address_of_the_browser_is_told_to_the_server(
    page: Page, tools: ServiceWorkerTools, site: Site
) -> None:
    token = site.resident()
    account = {"id": str(site.account_of(token)), "kind": "guest", "locale": "vi"}
    put(page, sessions=[{"key": "me", "token": token, "account": account}])
    tools.worker.evaluate("""() => {
        const event = new ExtendableEvent("pushsubscriptionchange");
        const keys = {
          p256dh: "BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u"
            + "-Ts1XbjhazAkj7I99e8QcYP7DkM",
          auth: "tBHItJI5svbpez7KI4CCXg",
        };
        const endpoint = "https://fcm.googleapis.com/fcm/send/new";
        event.newSubscription = { toJSON: () => ({ endpoint, expirationTime: null, keys }) };
        dispatchEvent(event);
    }""")
    mine = "select address from device where account_id = :me"
    address = until(page, lambda: site.scalar(mine, me=site.account_of(token)))
    assert "https://fcm.googleapis.com/fcm/send/new" in str(address)


# A newer app ------------------------------------------------------------------------------------


@pytest.fixture
def newer(site: Site, web_app: Flask, tmp_path: Path) -> Iterator[str]:
    """A build that differs in nothing but its name, laid out but not yet served."""
    folder = web_app.extensions["xom.built"].folder
    old = json.loads((folder / "manifest.json").read_text())["build"]
    new = "f" * len(old)
    shutil.copytree(folder, tmp_path / "newer")
    for name in ("sw.js", "manifest.json"):
        path = tmp_path / "newer" / name
        path.write_text(path.read_text().replace(old, new))
    for left in (tmp_path / "newer").glob("sw.js.gz"):
        left.unlink()
    yield new
    serve_from(web_app, folder)


def build_of(page: Page) -> str:
    return str(json.loads(page.locator("#boot").text_content() or "{}")["build"])


def caches_of(page: Page) -> list[str]:
    return list(page.evaluate("caches.keys()"))


def has_arrived(page: Page) -> None:
    """The browser looks for a newer app, as it does by itself at a start and every hour."""
    page.evaluate("navigator.serviceWorker.ready.then((found) => found.update()).then(() => 0)")
    waits = "navigator.serviceWorker.ready.then((found) => Boolean(found.waiting))"
    until(page, lambda: page.evaluate(waits))


def test_a_newer_app_takes_over_at_the_next_start_and_not_before(
    phone: BrowserContext, page: Page, site: Site, web_app: Flask, newer: str, tmp_path: Path
) -> None:
    opened(page, site)
    controlled(page)
    old = build_of(page)
    other = opened(phone.new_page(), site, "/mine")
    serve_from(web_app, tmp_path / "newer")
    has_arrived(page)
    page.wait_for_timeout(500)
    assert build_of(page) == old and build_of(other) == old  # nothing moves under anybody's hands
    third = phone.new_page()
    third.goto(site.url)
    until(third, lambda: third.locator("#boot").count() and build_of(third) == newer)
    assert build_of(page) == old and f"xom-{old}" in caches_of(third)  # … whose page still runs
    page.close()
    other.close()
    third.reload()
    until(third, lambda: caches_of(third) == [f"xom-{newer}"])


def test_what_is_written_stays_when_a_newer_app_takes_over(
    page: Page, site: Site, web_app: Flask, newer: str, tmp_path: Path
) -> None:
    opened(page, site)
    controlled(page)
    report = a_report(state="writing")
    put(page, drafts=[report])
    serve_from(web_app, tmp_path / "newer")
    has_arrived(page)
    page.goto(f"{site.url}/mine")
    until(page, lambda: page.locator("#boot").count() and build_of(page) == newer)
    assert rows(page, "drafts")[0]["description"] == report["description"]

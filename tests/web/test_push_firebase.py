"""Pushes by Firebase: its own library in a real browser, for a city that has set it up.

Google's two services answer here as they do there, in the shapes that the library reads; nothing
else does, so a request to any other host of theirs would fail, and the page's policy is the one
that is served. `PushManager.subscribe` answers with a subscription of its own, for a Chromium
without a push service refuses it (`test_push.py`).
"""

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from app.database import db
from app.factory import create_app
from notifications import vapid
from tests.conftest import config_for, needs, new_database
from tests.web.conftest import BUILT
from tests.web.hands import be
from tests.web.site import Site, served

INSTALLATIONS = "https://firebaseinstallations.googleapis.com"
REGISTRATIONS = "https://fcmregistrations.googleapis.com"
KEY = vapid.public_key("enp6enp6enp6enp6enp6enp6enp6enp6enp6enp6eno")
WEB = {
    "apiKey": "AIzaSyForTestsAlone", "projectId": "xom-hue", "appId": "1:2:web:3",
    "messagingSenderId": "2", "vapidKey": KEY,
}  # fmt: skip
TOKEN = "fUj3:APA91bG-a-token-as-long-as-they-are"
#: A subscription as the library wants it: with the bytes of its two keys.
STUB = """
(() => {
  let made = null;
  const bytes = (length) => new Uint8Array(length).fill(7).buffer;
  PushManager.prototype.getSubscription = async () => made;
  PushManager.prototype.subscribe = async ({ applicationServerKey }) => {
    made = {
      endpoint: "https://fcm.googleapis.com/fcm/send/one",
      options: { applicationServerKey, userVisibleOnly: true },
      getKey: (name) => bytes(name === "auth" ? 16 : 65),
      unsubscribe: async () => { made = null; return true; },
    };
    return made;
  };
})();
"""


@dataclass
class Google:
    """Its two services, and what they were asked."""

    asked: list[tuple[str, str, dict[str, Any], dict[str, str]]] = field(default_factory=list)
    fails: bool = False

    def answer(self, route: Route) -> None:
        request = route.request
        sent = json.loads(request.post_data or "{}")
        self.asked.append((request.method, request.url, sent, request.headers))
        if self.fails:
            return route.fulfill(status=403, json={"error": {"code": 403, "message": "no"}})
        return route.fulfill(json=self.says(request.method, request.url, sent))

    def says(self, method: str, url: str, sent: dict[str, Any]) -> dict[str, Any]:
        if method == "DELETE":
            return {}
        if url.startswith(REGISTRATIONS):
            return {"name": f"projects/2/registrations/{TOKEN}", "token": TOKEN}
        return {
            "name": f"projects/2/installations/{sent['fid']}", "fid": sent["fid"],
            "refreshToken": "2_refresh",
            "authToken": {"token": "an.auth.token", "expiresIn": "604800s"},
        }  # fmt: skip


@pytest.fixture(scope="module")
def town(
    server_url: str, city_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """A city with a web app at Firebase."""
    needs((BUILT / "manifest.json").exists(), "web/built (make pages)")
    with new_database(server_url, city_template, f"{city_template}_firebase") as url:
        files = tmp_path_factory.mktemp("firebase").as_uri()
        app = create_app(config_for(url, storage_url=files, firebase_web=json.dumps(WEB)))
        app.config["RATELIMIT_ENABLED"] = False
        with served(app) as site:
            yield site
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def site(town: Site) -> Site:
    town.faults.heal()
    return town


@pytest.fixture
def google(phone: BrowserContext, site: Site) -> Google:
    """Reached from this phone, whose owner lets it show notifications."""
    phone.add_init_script(STUB)
    phone.grant_permissions(["notifications", "geolocation"], origin=site.url)
    there = Google()
    for host in (INSTALLATIONS, REGISTRATIONS):
        phone.route(f"{host}/**", there.answer)
    return there


def device(site: Site, token: str) -> tuple[str, str] | None:
    """Kind and address of what is linked to this account."""
    sql = "select kind || ' ' || address from device where account_id = :me"
    found = site.scalar(sql, me=site.account_of(token))
    return tuple(found.split(" ", 1)) if found else None  # type: ignore[return-value]


def the_switch(page: Page) -> Any:
    return page.get_by_role("switch", name=re.compile("Thông báo trên máy này"))


def test_the_token_of_firebase_is_this_phones_address(
    page: Page, site: Site, google: Google
) -> None:
    me = site.resident()
    be(page, site, me)
    page.goto("/me/notifications")

    the_switch(page).click()

    expect(the_switch(page)).to_be_checked()
    assert device(site, me) == ("fcm_token", TOKEN)
    (_, first, installed, _), (_, second, registered, headers) = google.asked
    assert first == f"{INSTALLATIONS}/v1/projects/xom-hue/installations"
    assert installed["appId"] == WEB["appId"]
    assert second == f"{REGISTRATIONS}/v1/projects/xom-hue/registrations"
    assert headers["x-goog-firebase-installations-auth"] == "FIS an.auth.token"
    assert registered["web"]["applicationPubKey"] == KEY
    assert registered["web"]["p256dh"] == base64.urlsafe_b64encode(b"\7" * 65).decode().rstrip("=")


def test_turned_off_the_token_is_given_back_and_nothing_of_firebase_stays(
    page: Page, site: Site, google: Google
) -> None:
    me = site.resident()
    be(page, site, me)
    page.goto("/me/notifications")
    the_switch(page).click()
    expect(the_switch(page)).to_be_checked()

    with page.expect_response(lambda answer: "/devices/" in answer.url and answer.status == 204):
        the_switch(page).click()

    assert device(site, me) is None
    assert ("DELETE", f"{REGISTRATIONS}/v1/projects/xom-hue/registrations/{TOKEN}") in [
        (method, url) for method, url, *_ in google.asked
    ]
    page.wait_for_function(
        "async () => (await indexedDB.databases()).every(({name}) => !name.startsWith('firebase'))"
    )


def test_where_firebase_refuses_and_nothing_else_is_set_up_it_says_so(
    page: Page, site: Site, google: Google
) -> None:
    google.fails = True
    me = site.resident()
    be(page, site, me)
    page.goto("/me/notifications")

    the_switch(page).click()

    expect(page.get_by_text("Chưa bật được").first).to_be_visible()
    expect(the_switch(page)).not_to_be_checked()
    assert device(site, me) is None


def test_the_policy_lets_the_page_reach_those_two_hosts_and_no_other(
    page: Page, site: Site
) -> None:
    told = page.goto("/me")
    assert told
    rules = dict(
        rule.strip().split(" ", 1)
        for rule in told.headers["content-security-policy"].split(";")
        if " " in rule.strip()
    )
    assert rules["connect-src"].split() == ["'self'", INSTALLATIONS, REGISTRATIONS]
    assert "googleapis" not in rules["script-src"]

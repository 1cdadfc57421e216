"""Pushes in a real browser, from the question to the notification that is tapped.

One thing alone is not the browser's own: `PushManager.subscribe`. A Chromium without a push service
to register with refuses it, so it answers here with a subscription whose endpoint is a push service
on loopback and whose keys are real P-256 ones, held there. All else is real: the device is linked
over the API, a report is accepted, the worker encrypts and signs with pywebpush, the push service
checks the signature and decrypts, and what it decrypted is given to the real service worker by
DevTools' `ServiceWorker.deliverPushMessage`, which shows it.
"""

import json
import re
import secrets
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from bench.loopback.webpush import Received
from tests.web.conftest import NewPhone, Shots
from tests.web.hands import be, violations
from tests.web.pushing import ServiceWorkerTools, notifications
from tests.web.reachable import Town, reachable
from tests.web.site import Site
from tests.web.waiting import rows, until

#: Remembered as a browser remembers it: in the origin's storage, under its key.
STUB = """
(subscription) => {
  if (!("PushManager" in window)) return;
  const NAME = "the-browsers-own-subscription";
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const made = (key) => ({
    endpoint: subscription.endpoint,
    options: { applicationServerKey: bytes(key).buffer, userVisibleOnly: true },
    toJSON: () => subscription,
    unsubscribe: async () => { localStorage.removeItem(NAME); return true; },
  });
  PushManager.prototype.subscribe = async function ({ applicationServerKey, userVisibleOnly }) {
    if (!userVisibleOnly) throw new DOMException("must be visible", "NotAllowedError");
    const key = btoa(String.fromCharCode(...new Uint8Array(applicationServerKey)));
    localStorage.setItem(NAME, key);
    return made(key);
  };
  PushManager.prototype.getSubscription = async () => {
    const key = localStorage.getItem(NAME);
    return key === null ? null : made(key);
  };
}
"""
ASKED = "Có tin mới thì báo bạn?"


@pytest.fixture(scope="module")
def town(
    server_url: str, city_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Town]:
    with reachable(server_url, city_template, "push", tmp_path_factory.mktemp("push")) as town:
        yield town


@pytest.fixture
def site(town: Town) -> Site:
    town.site.faults.heal()
    return town.site


@pytest.fixture
def browser_name(phone: BrowserContext, town: Town) -> str:
    """The phone can subscribe, under this name at the push service; its owner says yes."""
    name = f"phone-{secrets.token_hex(4)}"
    subscription = json.dumps(town.pushes.subscription(name))
    phone.add_init_script(f"({STUB})({subscription})")
    phone.grant_permissions(["notifications", "geolocation"], origin=town.site.url)
    return name


def devices(site: Site, token: str) -> list[dict[str, Any]]:
    return list(site.call("GET", "/me/export", token)["devices"])


def linked(site: Site, token: str) -> dict[str, Any]:
    account = site.account_of(token)
    return dict(
        json.loads(
            site.scalar(
                "select row_to_json(d) #>> '{}' from (select account_id, kind, address, locale"
                " from device where account_id = :me) d",
                me=account,
            )
            or "{}"
        )
    )


def turn_on(page: Page) -> None:
    page.goto("/me/notifications")
    switch = page.get_by_role("switch", name=re.compile("Thông báo trên máy này"))
    switch.click()
    expect(switch).to_be_checked()


def delivered(page: Page, site: Site, *payloads: dict[str, Any]) -> None:
    """These arrive at the page's service worker, which has shown each when this returns."""
    tools = ServiceWorkerTools(page, site)
    for payload in payloads:
        tools.push(json.dumps(payload))
    tools.devtools.detach()


def news_of(town: Town, name: str) -> list[Received]:
    town.site.run_jobs()
    return [one for one in town.pushes.received if one.browser == name]


def test_a_report_that_is_accepted_is_told_on_the_locked_screen_and_a_tap_opens_it(
    page: Page, town: Town, browser_name: str, shots: Shots
) -> None:
    site = town.site
    me = site.resident()
    be(page, site, me)
    turn_on(page)
    shots(page, "turned-on")
    device = linked(site, me)
    assert device["kind"] == "webpush"
    assert json.loads(device["address"])["endpoint"].endswith(browser_name)

    sent = site.submits(me)
    site.accepted(sent["id"])
    [pushed] = news_of(town, browser_name)
    path = f"/reports/{sent['code'].replace('-', '')}"
    assert pushed.payload["path"] == path

    page.goto("/")
    delivered(page, site, pushed.payload)
    [shown] = notifications(page)
    assert shown["title"] == pushed.payload["title"]
    assert shown["body"] == pushed.payload["body"]
    assert shown["tag"] == pushed.payload["tag"]
    assert shown["data"]["path"] == path

    # The same once more.
    delivered(page, site, pushed.payload, {**pushed.payload, "tag": "another"})
    assert {one["tag"] for one in notifications(page)} == {shown["tag"], "another"}
    assert len(notifications(page)) == 2

    _tap(page, shown["tag"])
    page.wait_for_url(f"**{path}")


def test_a_tap_passes_over_windows_of_this_site_that_are_not_the_app(
    page: Page, town: Town, browser_name: str
) -> None:
    page.goto("/")
    delivered(page, town.site, {"title": "Đã tiếp nhận", "tag": "one", "path": "/messages"})
    docs = page.context.new_page()
    docs.goto("/api/docs")
    docs.bring_to_front()

    _tap(page, "one")

    page.wait_for_url("**/messages")


def test_where_no_window_is_the_apps_a_tap_opens_one(
    page: Page, town: Town, browser_name: str
) -> None:
    page.goto("/")
    delivered(page, town.site, {"title": "Đã tiếp nhận", "tag": "one", "path": "/messages"})
    [worker] = page.context.service_workers
    # Only the tap of a real finger may open a window: what would be opened is noted.
    worker.evaluate("self.clients.openWindow = async (path) => { self.opened = path; }")
    page.goto("/api/docs")

    _tap(page, "one")

    assert until(page, lambda: worker.evaluate("self.opened")) == "/messages"


def test_an_officials_news_opens_their_desk_and_takes_no_page_away(
    page: Page, town: Town, browser_name: str
) -> None:
    page.goto("/")
    path = "/console/reports/482173906K"
    delivered(page, town.site, {"title": "Việc mới", "tag": "one", "path": path})
    [worker] = page.context.service_workers
    worker.evaluate("self.clients.openWindow = async (path) => { self.opened = path; }")

    _tap(page, "one")

    assert until(page, lambda: worker.evaluate("self.opened")) == path
    assert page.url.endswith("/")


def test_firebase_wraps_the_same_news_and_it_is_shown_alike(
    page: Page, town: Town, browser_name: str
) -> None:
    """As FCM hands it to a worker of one's own (notifications/channels/fcm.py has what is sent)."""
    page.goto("/")
    wrapped = {
        "from": "103953800507",
        "fcmMessageId": "0a1b",
        "notification": {"title": "Đã tiếp nhận", "body": "UBND phường", "tag": "one"},
        "data": {"message_id": "one", "kind": "accepted", "path": "/messages"},
    }
    delivered(page, town.site, wrapped)
    [shown] = notifications(page)
    assert (shown["title"], shown["body"], shown["tag"]) == ("Đã tiếp nhận", "UBND phường", "one")
    assert shown["data"]["path"] == "/messages"


def test_the_server_is_told_anew_when_the_language_changes_and_when_somebody_signs_in(
    page: Page, town: Town, browser_name: str
) -> None:
    site = town.site
    guest = site.resident()
    be(page, site, guest)
    turn_on(page)
    assert linked(site, guest)["locale"] == "vi"

    page.goto("/me")
    with page.expect_response(lambda answer: "/devices/" in answer.url and answer.ok):
        page.get_by_role("radio", name="English").check(force=True)
    assert linked(site, guest)["locale"] == "en"

    page.goto("/me/sign-in")
    page.get_by_label("Phone number").fill("0905 999 111")
    page.get_by_role("button", name="Send me a code").click()
    expect(page.get_by_label("Six-digit code")).to_be_visible()
    with page.expect_response(lambda answer: "/devices/" in answer.url and answer.ok):
        page.get_by_label("Six-digit code").fill(town.texted_code("+84905999111"))
    [session] = rows(page, "sessions")
    assert session["account"]["kind"] == "resident"
    assert json.loads(linked(site, session["token"])["address"])["endpoint"].endswith(browser_name)


def test_turned_off_the_server_forgets_this_phone(
    page: Page, town: Town, browser_name: str
) -> None:
    me = town.site.resident()
    be(page, town.site, me)
    turn_on(page)
    with page.expect_response(lambda answer: "/devices/" in answer.url and answer.status == 204):
        page.get_by_role("switch", name=re.compile("Thông báo trên máy này")).click()
    assert devices(town.site, me) == []
    assert page.evaluate("localStorage.getItem('the-browsers-own-subscription')") is None


def test_signing_out_ends_the_pushes_and_hides_what_was_shown(
    page: Page, town: Town, browser_name: str
) -> None:
    site = town.site
    me = site.resident()
    be(page, site, me)
    turn_on(page)
    account = site.account_of(me)
    assert site.scalar("select count(*) from device where account_id = :me", me=account) == 1
    delivered(page, site, {"title": "Đã tiếp nhận", "tag": "t", "path": "/messages"})
    page.goto("/me/leave")
    page.get_by_role("button", name="Xóa khỏi máy này").click()
    expect(page.get_by_text("Máy này không còn giữ gì của bạn.")).to_be_visible()
    assert site.scalar("select count(*) from device where account_id = :me", me=account) == 0
    assert notifications(page) == []


def test_nobody_is_asked_at_the_door(page: Page, town: Town, browser_name: str) -> None:
    for path in ("/", "/mine", "/messages", "/me"):
        page.goto(path)
        page.locator("main h1").wait_for()
        expect(page.get_by_text(ASKED)).to_have_count(0)


def test_it_is_asked_after_a_report_was_joined_and_not_now_is_remembered(
    page: Page, town: Town, browser_name: str, shots: Shots
) -> None:
    site = town.site
    be(page, site, site.resident())
    _join(page, site)
    question = page.get_by_role("region", name=ASKED)
    expect(question).to_be_visible()
    shots(page, "asked")
    question.get_by_role("button", name="Để sau").click()
    expect(question).to_be_hidden()
    _join(page, site)
    expect(page.get_by_role("button", name="Thôi theo dõi")).to_be_visible()
    expect(question).to_be_hidden()


def test_yes_turns_it_on_where_it_was_asked(
    page: Page, town: Town, browser_name: str, shots: Shots
) -> None:
    site = town.site
    me = site.resident()
    be(page, site, me)
    _join(page, site)
    page.get_by_role("button", name="Bật thông báo").click()
    expect(page.get_by_text("Đã bật thông báo trên máy này.")).to_be_visible()
    shots(page, "asked-and-on")
    assert json.loads(linked(site, me)["address"])["endpoint"].endswith(browser_name)


def test_where_it_was_denied_the_way_back_is_told(
    new_phone: NewPhone, town: Town, shots: Shots
) -> None:
    page = _with_permission(new_phone, "denied")
    page.goto("/me/notifications")
    expect(page.get_by_text("Muốn nhận: bấm biểu tượng bên trái")).to_be_visible()
    expect(page.get_by_role("link", name="Nhận tin qua email")).to_be_visible()
    assert violations(page) == []
    shots(page, "denied")


def test_an_iphone_in_its_browser_is_told_of_the_home_screen(
    new_phone: NewPhone, town: Town, shots: Shots
) -> None:
    context = new_phone(
        user_agent="Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15"
        " (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1"
    )
    context.add_init_script("delete window.PushManager; delete window.Notification;")
    page = context.new_page()
    page.goto("/me/notifications")
    expect(page.get_by_text("bấm Chia sẻ → Thêm vào MH chính").first).to_be_visible()
    shots(page, "iphone")
    page.get_by_role("link", name="Nhận tin qua email").click()
    expect(page.get_by_label("Địa chỉ email")).to_be_visible()


def test_a_resident_whose_browser_cannot_takes_text_messages(
    new_phone: NewPhone, town: Town, shots: Shots
) -> None:
    context = new_phone()
    context.add_init_script("delete window.PushManager;")
    page = context.new_page()
    page.goto("/me/sign-in")
    page.get_by_label("Số điện thoại").fill("0905 999 222")
    page.get_by_role("button", name="Gửi mã cho tôi").click()
    expect(page.get_by_label("Mã 6 số")).to_be_visible()
    page.get_by_label("Mã 6 số").fill(town.texted_code("+84905999222"))
    expect(page.get_by_role("heading", name="Bạn đã đăng nhập")).to_be_visible()
    _join(page, town.site)
    expect(page.get_by_text("Trình duyệt này không nhận được thông báo.")).to_be_visible()
    page.get_by_role("button", name="Nhận tin nhắn SMS").click()
    expect(page.get_by_text("Từ nay tin mới được nhắn đến số của bạn.")).to_be_visible()
    shots(page, "by-text")
    [session] = rows(page, "sessions")

    sent = town.site.submits(session["token"])
    town.site.accepted(sent["id"])
    town.site.run_jobs()
    told = [sms.text for sms in town.texts.received if sms.to == "+84905999222"]
    assert sent["code"] in told[-1]


def _join(page: Page, site: Site) -> None:
    """Someone else's public report is opened, and joined."""
    other = site.submits()
    site.accepted(other["id"])
    page.goto(f"/reports/{other['code'].replace('-', '')}")
    page.get_by_role("button", name="Tôi cũng gặp").click()


def _with_permission(new_phone: NewPhone, answer: str) -> Page:
    context = new_phone()
    context.add_init_script(
        f"Object.defineProperty(Notification, 'permission', {{ get: () => '{answer}' }});"
        f"Notification.requestPermission = async () => '{answer}';"
    )
    return context.new_page()


def _tap(page: Page, tag: str) -> None:
    """DevTools cannot tap a notification: the worker is told that the one it shows was."""
    [worker] = page.context.service_workers
    worker.evaluate(
        """
        async (tag) => {
          const [notification] = await self.registration.getNotifications({ tag });
          const tapped = new NotificationEvent("notificationclick", { notification });
          self.dispatchEvent(tapped);
        }
        """,
        tag,
    )

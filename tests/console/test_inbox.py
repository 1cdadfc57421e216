"""What officials are told: the inbox, its count, and how they choose to hear."""

import json
import re
from dataclasses import replace
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect

from notifications import vapid
from reports.statuses import Role
from tests.console.conftest import OWN_SITE, Browser, Desk, words
from tests.web.site import Site
from tests.web.test_push import STUB
from web.console.session import COOKIE

SUBSCRIPTION = {
    "endpoint": "https://push.example/send/1",
    "keys": {
        "p256dh": "BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u"
        "-Ts1XbjhazAkj7I99e8QcYP7DkM",
        "auth": "tBHItJI5svbpez7KI4CCXg",
    },
}


@pytest.fixture
def told(desk: Desk) -> tuple[str, Browser]:
    """An officer who was just told of new work; the report's code."""
    sent = desk.submits()
    office = desk.office_of(sent["id"])
    officer = desk.at(Role.OFFICER, office)
    desk.accepted(sent["id"])
    return sent["code"], officer


def unread(browser: Browser) -> int:
    return int(browser.get("/counts").json["inbox"][0])


def the_message(browser: Browser, code: str) -> str:
    """The address of the message about a report."""
    page = browser.get("/inbox").text
    found = re.search(rf'href="/console(/inbox/[0-9a-f-]+)">\s*<strong>[^<]*{code}', page)
    assert found, words(browser.get("/inbox"))
    return found[1]


def test_new_work_stands_in_the_inbox_and_is_counted_at_the_side(
    told: tuple[str, Browser],
) -> None:
    code, officer = told

    seen = officer.sees("/inbox")

    assert f"Việc mới: {code}" in seen
    assert unread(officer) >= 1
    assert 'data-count="inbox"' in officer.get("/queue").text


def test_opening_a_message_leads_to_the_report_in_the_console_and_reads_it(
    told: tuple[str, Browser],
) -> None:
    code, officer = told
    before = unread(officer)

    opened = officer.get(the_message(officer, code), follow=False)

    assert opened.status_code == 303
    assert opened.location == f"/console/reports/{code.replace('-', '')}"
    assert code in officer.sees(opened.location.removeprefix("/console"))
    assert unread(officer) == before - 1


def test_one_is_marked_as_read_or_all_that_were_shown(
    desk: Desk, told: tuple[str, Browser]
) -> None:
    code, officer = told
    another = desk.submits()
    desk.accepted(another["id"])
    before = unread(officer)

    officer.post("/inbox/read", id=the_message(officer, code).rpartition("/")[2])

    assert unread(officer) == before - 1

    newest = re.search(r'name="up_to" value="([0-9a-f-]+)"', officer.get("/inbox").text)
    assert newest
    page = officer.post("/inbox/read", up_to=newest[1])

    assert unread(officer) == 0
    assert "Đã đọc hết" in words(page)


def test_another_officials_message_is_not_there(desk: Desk, told: tuple[str, Browser]) -> None:
    code, officer = told
    message = the_message(officer, code)
    stranger = desk.at(Role.OFFICER, "so-y-te")
    before = unread(officer)

    answer = stranger.get(message, follow=False)
    stranger.post("/inbox/read", id=message.rpartition("/")[2])

    assert answer.status_code == 404
    assert unread(officer) == before


def test_a_group_shows_its_own_news_alone(told: tuple[str, Browser]) -> None:
    code, officer = told

    assert code in officer.sees("/inbox?group=work")
    assert "Nhóm này chưa có tin nào" in officer.sees("/inbox?group=duty")


def test_older_messages_come_page_by_page_each_once(desk: Desk) -> None:
    sent = [desk.submits() for _ in range(33)]
    office = desk.office_of(sent[0]["id"])
    officer = desk.at(Role.OFFICER, office)
    for one in sent:
        desk.accepted(one["id"])

    first = officer.get("/inbox").text
    link = re.search(r'href="/console(/inbox\?after=[^"]+)"', first)
    assert link
    second = officer.get(link[1].replace("&amp;", "&")).text

    codes = [re.findall(r"<strong>Việc mới: ([0-9A-Z-]+)", page) for page in (first, second)]
    assert len(codes[0]) == 30
    assert not set(codes[0]) & set(codes[1])
    assert {one["code"] for one in sent} <= {*codes[0], *codes[1]}


def test_a_forged_page_is_refused(told: tuple[str, Browser]) -> None:
    _, officer = told

    answer = officer.get("/inbox?after=x")

    assert answer.status_code == 422


def test_residents_have_no_inbox_here_and_strangers_are_led_to_the_door(desk: Desk) -> None:
    resident = desk.app.test_client()
    resident.set_cookie("xom_desk", desk.resident(), path="/console")

    assert resident.get("/console/inbox").status_code == 403
    assert desk.stranger().get("/inbox", follow=False).status_code == 302


# Choices ---------------------------------------------------------------------------------------


@pytest.fixture
def reachable(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A city that can write, text and push."""
    ports = desk.app.extensions["xom.notifications"]
    config = replace(
        desk.app.extensions["xom.config"],
        smtp_url="smtp://127.0.0.1:1",
        sms_url="http://127.0.0.1:1",
        vapid_private_key=vapid.new_private_key(),
    )
    # The settings of a running house are frozen; this one test module tries two kinds of city.
    monkeypatch.setitem(desk.app.extensions, "xom.config", config)
    monkeypatch.setitem(desk.app.extensions, "xom.notifications", replace(ports, config=config))
    return desk


def test_choices_are_kept_and_shown_again(reachable: Desk) -> None:
    officer = reachable.at(Role.OFFICER, "so-y-te")

    page = officer.post(
        "/me/notifications",
        **{"work.email": "always", "deadlines.push": "never", "duty.sms": "always"},
        quiet="yes",
        since="21:30",
        until="06:00",
        digest="yes",
        digest_at="07:45",
    )

    assert "Đã lưu cách nhận tin." in words(page)
    for field in ('value="21:30"', 'value="06:00"', 'value="07:45"'):
        assert field in page.text
    chosen = (
        "select \"group\" || '.' || way || '=' || choice from preference where account_id = :who"
    )
    kept = {
        reachable.scalar(f'{chosen} and "group" = :group and way = :way', who=officer.account_id,
                         group=group, way=way)
        for group, way in (("work", "email"), ("deadlines", "push"), ("duty", "sms"))
    }  # fmt: skip
    assert kept == {"work.email=always", "deadlines.push=never", "duty.sms=always"}


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [("vi", "Viết giờ như 22:00."), ("en", "Write the hour like 22:00.")],
)
def test_a_wrong_hour_is_told_beside_its_field_and_nothing_is_kept(
    reachable: Desk, lang: str, sentence: str
) -> None:
    officer = reachable.at(Role.HEAD, "so-du-lich", lang=lang)

    page = officer.post(
        "/me/notifications",
        **{"work.email": "never"},
        quiet="yes",
        since="25:99",
        until="06:00",
    )

    assert page.status_code == 422
    assert sentence in words(page)
    assert 'value="25:99"' in page.text
    assert re.search(r'value="never" selected', page.text)
    assert not reachable.scalar(
        "select count(*) from preference where account_id = :who", who=officer.account_id
    )


def test_texts_are_offered_for_duty_alone(reachable: Desk) -> None:
    page = reachable.at(Role.OFFICER, "so-y-te").get("/me/notifications").text

    assert 'name="duty.sms"' in page
    assert 'name="work.sms"' not in page


def test_a_browser_is_linked_and_unlinked(reachable: Desk) -> None:
    officer, device = reachable.at(Role.OFFICER, "so-y-te"), uuid4()

    linked = sent(officer.client, "post", device, SUBSCRIPTION)

    assert linked == 204
    assert (
        reachable.scalar("select account_id from device where installation_id = :id", id=device)
        == officer.account_id
    )

    assert sent(officer.client, "delete", device) == 204
    assert not reachable.scalar(
        "select count(*) from device where installation_id = :id", id=device
    )


def test_what_is_no_subscription_is_refused(reachable: Desk) -> None:
    officer = reachable.at(Role.OFFICER, "so-y-te")

    for wrong in ("?", {"endpoint": "http://10.0.0.1/x", "keys": SUBSCRIPTION["keys"]}):
        assert sent(officer.client, "post", uuid4(), wrong) == 422


def test_nobody_links_a_browser_from_another_site(reachable: Desk) -> None:
    officer = reachable.at(Role.OFFICER, "so-y-te")

    answer = officer.client.post(f"/console/me/devices/{uuid4()}", json=SUBSCRIPTION)

    assert answer.status_code == 403


def test_a_city_without_any_way_says_so(desk: Desk) -> None:
    assert "Thành phố chưa bật cách gửi nào" in desk.at(Role.OFFICER, "so-y-te").sees(
        "/me/notifications"
    )


def sent(client: FlaskClient, method: str, device: object, body: object = None) -> int:
    call = getattr(client, method)
    answer = call(f"/console/me/devices/{device}", json=body, headers=OWN_SITE)
    return int(answer.status_code)


def test_reading_a_group_leaves_the_others_unread(told: tuple[str, Browser]) -> None:
    code, officer = told
    message = the_message(officer, code).rpartition("/")[2]
    before = unread(officer)

    officer.post("/inbox/read?group=duty", up_to=message)

    assert unread(officer) == before


def test_a_button_has_news_shown_on_this_computer_and_signing_out_ends_it(
    site: Site,
    chromium: Chromium,
) -> None:
    token = site.official(Role.OFFICER, "so-y-te")
    account = site.account_of(token)
    context = chromium.new_context(locale="vi-VN", base_url=site.url)
    context.add_cookies([{"name": COOKIE, "value": token, "url": f"{site.url}/console"}])
    context.grant_permissions(["notifications"])
    page = context.new_page()
    page.add_init_script(f"({STUB})({json.dumps(SUBSCRIPTION)})")
    page.goto("/console/me/notifications")
    linked = "select count(*) from device where account_id = :who"

    page.get_by_role("button", name="Hiện tin trên máy này").click()
    expect(page.locator("[data-push-state]")).to_contain_text("Máy này hiện tin của bạn")
    assert site.scalar(linked, who=account) == 1

    page.get_by_role("button", name="Đăng xuất").click()
    page.wait_for_url("**/console/sign-in**")

    assert site.scalar(linked, who=account) == 0
    context.close()

"""The place "Tôi" in a real browser: signing in keeps what a guest has sent, signing out leaves
nothing behind, my data can be had and be erased, and the language changes at once.
"""

import itertools
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Error, Page, Route, expect

from tests.web.conftest import NewPhone, Shots
from tests.web.hands import be, violations
from tests.web.reachable import Town, reachable
from tests.web.site import Site
from tests.web.waiting import (
    a_photo,
    a_report,
    an_act,
    controlled,
    put,
    rows,
    stored,
    the,
    until,
    until_state,
    until_waits,
)

CANARY = "chimyen"  # a word that nothing in the app says by itself
_numbers = (f"0905 {n:03} 456" for n in itertools.count(100))

#: Everything this site keeps on the phone, as one text: databases, caches, storage, cookies.
EVERYTHING_KEPT = """
async () => {
  const asked = (request) => new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
  const kept = [document.cookie, JSON.stringify(localStorage), JSON.stringify(sessionStorage)];
  for (const { name } of await indexedDB.databases()) {
    const db = await asked(indexedDB.open(name));
    for (const store of db.objectStoreNames) {
      const read = () => db.transaction(store).objectStore(store);
      for (const row of await asked(read().getAll())) {
        kept.push(JSON.stringify(row));
        if (row && row.bytes) kept.push(await row.bytes.text(), await row.preview.text());
      }
      kept.push(JSON.stringify(await asked(read().getAllKeys())));
    }
    db.close();
  }
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      if (new URL(request.url).pathname.startsWith("/built/")) continue;
      kept.push(request.url, await (await cache.match(request)).text());
    }
  }
  return kept.join("\\n");
}
"""


@pytest.fixture(scope="module")
def town(
    server_url: str, city_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Town]:
    files = tmp_path_factory.mktemp("me")
    with reachable(server_url, city_template, "me", files) as town:
        yield town


@pytest.fixture
def site(town: Town) -> Iterator[Site]:
    town.site.faults.heal()
    yield town.site
    town.site.faults.heal()


@pytest.fixture
def number() -> str:
    """A number that nobody has signed in with yet, as a person types it."""
    return next(_numbers)


def e164(number: str) -> str:
    return "+84" + number.replace(" ", "")[1:]


def sign_in(page: Page, town: Town, number: str) -> None:
    page.goto("/me/sign-in")
    page.get_by_label("Số điện thoại").fill(number)
    page.get_by_role("button", name="Gửi mã cho tôi").click()
    expect(page.get_by_label("Mã 6 số")).to_be_focused()
    page.get_by_label("Mã 6 số").fill(town.texted_code(e164(number)))  # sent by itself
    expect(page.get_by_role("heading", name="Bạn đã đăng nhập")).to_be_visible()


def sign_in_again(page: Page, town: Town, number: str) -> None:
    """As somebody else than who is signed in now, whose session has ended."""
    town.site.call("DELETE", "/auth/token", session_of(page)["token"])
    with page.expect_response(lambda answer: answer.status == 401):
        page.goto("/mine")
    page.get_by_role("link", name=re.compile("^Đăng nhập")).first.wait_for()
    sign_in(page, town, number)


def session_of(page: Page) -> dict[str, Any]:
    return next(row for row in rows(page, "sessions") if row["key"] == "me")


def keep_waiting(page: Page, **differs: Any) -> dict[str, Any]:
    """A draft with a photo lies on this phone."""
    photo = a_photo()
    draft = a_report(photos=[photo], state="writing", **differs)
    put(page, wake=True, drafts=[draft], photos=[photo])
    return draft


def test_a_guests_reports_come_along_at_sign_in_and_the_anonymous_one_stays(
    page: Page, town: Town, number: str, shots: Shots
) -> None:
    site, guest = town.site, town.site.resident()
    for _ in range(3):
        site.submits(guest)
    be(page, site, guest)
    put(page, sessions=[_anonymous_session(site)])

    sign_in(page, town, number)

    expect(page.get_by_text("3 phản ánh trên máy này đã về tài khoản của bạn.")).to_be_visible()
    expect(page.get_by_text("1 phản ánh ẩn danh không đi theo")).to_be_visible()
    shots(page, "signed-in")
    token = session_of(page)["token"]
    assert len(site.call("GET", "/me/reports", token)["items"]) == 3
    page.get_by_role("button", name="Tiếp tục").click()
    expect(page.get_by_text(f"+84 ••• ••• {number[-3:]}").first).to_be_visible()
    shots(page, "me-signed-in")


def test_a_wrong_code_says_how_many_tries_are_left(
    page: Page, town: Town, number: str, shots: Shots
) -> None:
    page.goto("/me/sign-in")
    page.get_by_label("Số điện thoại").press_sequentially(number.replace(" ", ""))
    expect(page.get_by_label("Số điện thoại")).to_have_value(number)  # written as a person would
    page.get_by_label("Số điện thoại").press("Enter")
    code = page.get_by_label("Mã 6 số")
    expect(code).to_be_visible()
    right = town.texted_code(e164(number))
    wrong = f"{(int(right) + 1) % 1_000_000:06}"

    for left in (4, 3, 2, 1):
        code.fill(wrong)
        expect(page.get_by_text(f"Mã không đúng. Bạn còn {left} lần thử.")).to_be_visible()
        expect(code).to_have_value("")
        expect(code).to_be_focused()
    shots(page, "wrong-code")
    code.fill(wrong)
    expect(page.get_by_text("Đã nhập sai 5 lần")).to_be_visible()

    page.get_by_role(
        "button", name="Gửi lại mã", exact=True
    ).click()  # at once: the old one is dead
    expect(page.get_by_role("button", name=re.compile(r"Gửi lại mã sau \d+ giây"))).to_be_disabled()
    code.fill(town.texted_code(e164(number)))
    expect(page.get_by_role("heading", name="Bạn đã đăng nhập")).to_be_visible()


def test_too_many_codes_say_how_long_to_wait(
    page: Page, town: Town, number: str, shots: Shots
) -> None:
    for _ in range(5):
        town.site.call("POST", "/auth/otp", json={"phone": number})
    page.goto("/me/sign-in")
    page.get_by_label("Số điện thoại").fill(number)
    page.get_by_role("button", name="Gửi mã cho tôi").click()
    expect(page.get_by_text(re.compile(r"thử lại sau \d+ phút"))).to_be_visible()
    shots(page, "too-many-codes")


def test_without_a_network_signing_in_says_so_and_keeps_what_was_typed(
    page: Page, phone: BrowserContext, town: Town, number: str, shots: Shots
) -> None:
    page.goto("/me/sign-in")
    page.get_by_label("Số điện thoại").fill(number)
    phone.set_offline(True)
    page.get_by_role("button", name="Gửi mã cho tôi").click()
    expect(page.get_by_text("Chưa có mạng, nên chưa gửi được mã.")).to_be_visible()
    shots(page, "sign-in-offline")
    page.get_by_role("link", name="Tôi", exact=True).click()
    page.get_by_role("link", name="Đăng nhập bằng số điện thoại").click()
    expect(page.get_by_label("Số điện thoại")).to_have_value(number)

    phone.set_offline(False)
    page.get_by_role("button", name="Gửi mã cho tôi").click()
    code = page.get_by_label("Mã 6 số")
    expect(code).to_be_visible()
    phone.set_offline(True)
    code.fill(town.texted_code(e164(number)))
    expect(page.get_by_text("Chưa có mạng, nên chưa kiểm tra được mã.")).to_be_visible()
    phone.set_offline(False)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()
    expect(page.get_by_role("heading", name="Bạn đã đăng nhập")).to_be_visible()


def test_an_ended_session_asks_anew_keeps_what_waits_and_leads_back(
    page: Page, town: Town, number: str, shots: Shots
) -> None:
    site = town.site
    sign_in(page, town, number)
    token = session_of(page)["token"]
    site.call("DELETE", "/auth/token", token)
    draft = keep_waiting(page)

    page.goto("/me/data")
    page.get_by_role("button", name="Tải dữ liệu của tôi").click()
    again = page.get_by_role("complementary", name="Phiên đăng nhập đã hết hạn")
    expect(again).to_be_visible()
    expect(again).to_contain_text(f"+84 ••• ••• {number[-3:]}")
    shots(page, "session-ended")
    again.get_by_role("link", name="Đăng nhập lại").click()
    page.get_by_label("Số điện thoại").fill(number)
    page.get_by_role("button", name="Gửi mã cho tôi").click()
    expect(page.get_by_label("Mã 6 số")).to_be_visible()
    page.get_by_label("Mã 6 số").fill(town.texted_code(e164(number)))
    page.get_by_role("button", name="Tiếp tục").click()

    expect(page).to_have_url(f"{site.url}/me/data")
    expect(again).to_be_hidden()
    assert [row["id"] for row in rows(page, "drafts")] == [draft["id"]]


def _left_by_the_first(page: Page, town: Town, number: str) -> tuple[dict[str, Any], ...]:
    """Somebody's session has ended; their report and their comment wait on the phone for it."""
    site = town.site
    sign_in(page, town, number)
    theirs = site.submits()
    site.accepted(theirs["id"])
    site.call("DELETE", "/auth/token", session_of(page)["token"])
    report = a_report(description="Cống nghẹt trước nhà tôi.")
    path = f"/reports/{theirs['id']}/comments"
    comment = an_act("comment", theirs, "POST", path, {"text": "Nhà tôi cũng bị."})
    comment["body"]["id"] = comment["id"]
    put(page, drafts=[report], acts=[comment], wake=True)
    until_waits(page, "drafts", report["id"], "sign-in")
    until_waits(page, "acts", comment["id"], "sign-in")
    return report, comment


def test_what_one_person_left_waiting_is_not_sent_in_the_next_ones_name(
    page: Page, town: Town, number: str, shots: Shots
) -> None:
    report, comment = _left_by_the_first(page, town, number)
    first = session_of(page)["account"]["id"]

    sign_in(page, town, next(_numbers))
    expect(page.get_by_text("Còn 2 mục chưa gửi của số +84")).to_be_visible()
    expect(page.get_by_text("Cống nghẹt trước nhà tôi.")).to_be_visible()
    shots(page, "left-by-another")
    assert violations(page) == []
    page.get_by_role("button", name="Tiếp tục").click()
    expect(page.get_by_text("Chọn một cách ở trên trước đã.")).to_be_visible()
    page.get_by_role("radio", name=re.compile("Để lại trên máy này")).check()
    page.get_by_role("button", name="Tiếp tục").click()
    expect(page).to_have_url(re.compile("/me$"))
    until_state(page, "drafts", report["id"], "writing")
    refused = until_state(page, "acts", comment["id"], "refused")
    assert refused["trouble"]["code"] == "other-account"
    assert stored(town.site, report["id"]) == 0
    said = "select count(*) from comment where id = :id"
    assert town.site.scalar(said, id=comment["id"]) == 0

    sign_in_again(page, town, number)
    until_state(page, "acts", comment["id"], "sent")
    assert (
        str(town.site.scalar("select account_id from comment where id = :id", id=comment["id"]))
        == first
    )
    assert the(page, "drafts", report["id"])["state"] == "writing"


def test_what_one_person_left_waiting_is_thrown_away_if_the_next_one_says_so(
    page: Page, town: Town, number: str
) -> None:
    _left_by_the_first(page, town, number)
    sign_in(page, town, next(_numbers))
    page.get_by_role("radio", name=re.compile("Bỏ hết")).check()
    page.get_by_role("button", name="Tiếp tục").click()
    expect(page).to_have_url(re.compile("/me$"))
    assert rows(page, "drafts") == [] and rows(page, "acts") == []


def test_what_a_guest_left_waiting_goes_along_to_their_account(
    page: Page, phone: BrowserContext, town: Town, number: str
) -> None:
    be(page, town.site, town.site.resident())
    town.site.faults.where, town.site.faults.status = "^POST /api/v1/reports$", 503
    town.site.faults.times = 99
    report = a_report()
    put(page, drafts=[report], wake=True)
    until_waits(page, "drafts", report["id"], "busy")
    sign_in(page, town, number)
    expect(page.get_by_text("chưa gửi của")).to_have_count(0)
    town.site.faults.heal()
    page.get_by_role("button", name="Tiếp tục").click()
    page.evaluate("dispatchEvent(new Event('online'))")
    until_state(page, "drafts", report["id"], "sent")
    reporter = "select reporter_id from report where id = :id"
    account = session_of(page)["account"]["id"]
    assert str(town.site.scalar(reporter, id=report["id"])) == account


def test_a_guest_who_clears_the_phone_while_another_tab_sends_leaves_nothing_behind(
    page: Page, phone: BrowserContext, site: Site
) -> None:
    """The guest is ended at the server first; the other tab makes no new one to go on with."""
    be(page, site, site.resident())
    other = phone.new_page()
    other.goto("/privacy")
    other.locator("nav.tabs").wait_for()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    def the_other_goes_on(route: Route) -> None:
        answer = route.fetch()  # the guest is no more
        with suppress(Error):
            held[0].continue_()
        other.wait_for_timeout(2000)
        route.fulfill(response=answer)

    other.route("**/api/v1/photos/*", hold, times=1)
    page.route("**/api/v1/auth/token", the_other_goes_on)
    photo = a_photo()
    report = a_report(photos=[photo])
    put(page, photos=[photo], drafts=[report])
    other.evaluate("dispatchEvent(new Event('online'))")
    until(other, lambda: held)
    page.goto("/me/leave")
    site.faults.seen.clear()
    page.get_by_role("radio", name=re.compile("Bỏ hết")).check()
    page.get_by_role("button", name="Xóa khỏi máy này").click()

    expect(page.get_by_text("Đã xóa khỏi máy này")).to_be_visible(timeout=20_000)
    other.wait_for_url(f"{site.url}/")
    other.wait_for_timeout(500)
    assert rows(page, "sessions") == [] and rows(page, "drafts") == []
    assert stored(site, report["id"]) == 0
    assert "POST /api/v1/auth/guest" not in site.faults.seen


def test_signing_out_asks_about_what_was_not_sent_and_leaves_nothing_behind(
    page: Page, town: Town, number: str, shots: Shots
) -> None:
    site = town.site
    sign_in(page, town, number)
    token = session_of(page)["token"]
    site.call("PATCH", "/me", token, json={"name": f"Lan {CANARY}"})
    sent = site.submits(token, description=f"Cống nghẹt {CANARY}.")
    keep_waiting(page, description=f"Đèn tắt {CANARY}.")
    _look_around(page, sent)
    before = page.evaluate(EVERYTHING_KEPT)
    assert CANARY in before  # the scan sees what is there
    assert token in before

    page.goto("/me")
    page.get_by_role("link", name="Đăng xuất").click()
    expect(page.get_by_text("Còn 1 mục chưa gửi")).to_be_visible()
    expect(page.get_by_text(f"Đèn tắt {CANARY}.")).to_be_visible()
    page.get_by_role("button", name="Đăng xuất").click()
    expect(page.get_by_text("Chọn một cách ở trên trước đã.")).to_be_visible()
    shots(page, "sign-out-asks")
    page.get_by_role("radio", name=re.compile("Bỏ hết")).check()
    page.get_by_role("button", name="Đăng xuất").click()

    expect(page.get_by_text("Máy này không còn giữ gì của bạn.")).to_be_visible()
    shots(page, "signed-out")
    after = page.evaluate(EVERYTHING_KEPT)
    for secret in (
        CANARY,
        token,
        sent["id"],
        sent["code"],
        sent["code"].replace("-", ""),
        f"••• {number[-3:]}",
    ):
        assert secret not in after, secret
    assert _is_dead(site, token)


def test_the_language_stays_when_a_phone_is_cleared(new_phone: NewPhone, site: Site) -> None:
    page = new_phone(locale="en-GB").new_page()
    be(page, site, site.resident())
    page.goto("/me/leave")
    controlled(page)

    page.get_by_role("button", name="Clear this phone").click()

    expect(page.get_by_text("This phone is cleared")).to_be_visible()
    page.goto("/mine")
    expect(page.get_by_role("link", name="Messages")).to_be_visible()


def test_drafts_may_stay_on_the_phone_as_a_guests(page: Page, town: Town, number: str) -> None:
    sign_in(page, town, number)
    draft = keep_waiting(page, description=f"Để lại {CANARY}.")
    page.goto("/me/leave")
    page.get_by_role("radio", name=re.compile("Để lại trên máy này")).check()
    page.get_by_role("button", name="Đăng xuất").click()
    expect(page.get_by_text("Bạn chưa đăng nhập")).to_be_visible()

    [kept] = rows(page, "drafts")
    assert kept["id"] == draft["id"]
    assert kept["state"] == "writing"  # nothing is sent in another's name by itself
    assert [photo["id"] for photo in rows(page, "photos")] == draft["photos"]
    assert rows(page, "sessions") == []
    kept_answers = json.dumps(rows(page, "answers"), ensure_ascii=False)
    assert f"••• {number[-3:]}" not in kept_answers


def test_signing_out_without_a_network_forgets_at_once_and_says_what_the_server_does_not_know(
    page: Page, phone: BrowserContext, town: Town, number: str, shots: Shots
) -> None:
    sign_in(page, town, number)
    token = session_of(page)["token"]
    page.goto("/me")
    controlled(page)
    page.get_by_role("link", name="Đăng xuất").click()
    expect(page.get_by_role("button", name="Đăng xuất")).to_be_visible()
    phone.set_offline(True)
    expect(page.get_by_text("chưa báo được cho máy chủ")).to_be_visible()
    page.get_by_role("button", name="Đăng xuất").click()

    expect(page.get_by_text("phiên ấy sẽ tự hết hạn")).to_be_visible()  # and the app still opens
    shots(page, "signed-out-offline")
    assert token not in page.evaluate(EVERYTHING_KEPT)


def test_another_tab_shows_nothing_of_who_signed_out(
    page: Page, phone: BrowserContext, town: Town, number: str
) -> None:
    sign_in(page, town, number)
    other = phone.new_page()
    other.goto("/me")
    expect(other.get_by_text(f"+84 ••• ••• {number[-3:]}").first).to_be_visible()
    page.goto("/me/leave")
    page.get_by_role("button", name="Đăng xuất").click()
    expect(page.get_by_text("Bạn chưa đăng nhập")).to_be_visible()
    expect(other.get_by_text(f"+84 ••• ••• {number[-3:]}").first).to_be_hidden()


def test_a_guest_clears_the_phone_and_is_warned_of_anonymous_reports(
    page: Page, site: Site, shots: Shots
) -> None:
    guest = site.resident()
    sent = site.submits(guest, description=f"Ổ gà {CANARY}.")
    be(page, site, guest)
    session = _anonymous_session(site)
    put(page, sessions=[session])
    page.goto("/me")
    page.get_by_role("link", name="Xóa khỏi máy này").click()
    expect(page.get_by_role("heading", name="1 phản ánh ẩn danh")).to_be_visible()
    expect(page.get_by_text("Phản ánh đã gửi vẫn ở thành phố")).to_be_visible()
    shots(page, "clear-this-phone")
    page.get_by_role("button", name="Xóa khỏi máy này").click()

    expect(page.get_by_text("tra cứu bằng mã").first).to_be_visible()
    kept = page.evaluate(EVERYTHING_KEPT)
    assert guest not in kept
    assert session["token"] not in kept
    assert _is_dead(site, guest)
    assert site.scalar("select count(*) from report where id = :id", id=sent["id"]) == 1


def test_my_data_comes_as_a_file(page: Page, site: Site, shots: Shots) -> None:
    guest = site.resident()
    sent = site.submits(guest, description=f"Cây đổ {CANARY}.", category="rac-thai")
    be(page, site, guest)
    page.goto("/me/data")
    expect(page.get_by_role("heading", name="Tải về")).to_be_visible()
    shots(page, "my-data")
    with page.expect_download() as download:
        page.get_by_role("button", name="Tải dữ liệu của tôi").click()

    assert re.fullmatch(r"xom-\d{4}-\d\d-\d\d\.json", download.value.suggested_filename)
    data = json.loads(Path(download.value.path()).read_text())
    assert [report["id"] for report in data["reports"]] == [sent["id"]]
    assert CANARY in data["reports"][0]["description"]


def test_being_erased_takes_a_typed_word_and_forgets_here_and_there(
    page: Page, town: Town, number: str, shots: Shots
) -> None:
    site = town.site
    sign_in(page, town, number)
    token = session_of(page)["token"]
    sent = site.submits(token, description=f"Nước tràn {CANARY}.")
    page.goto("/me/data")
    erase = page.get_by_role("button", name="Xóa tôi khỏi Xóm")
    erase.click()
    expect(page.get_by_text("Gõ đúng chữ XÓA")).to_be_visible()
    shots(page, "erase-me")
    page.get_by_label("Gõ chữ XÓA để xác nhận").fill("xoá")  # the other way of writing it
    erase.click()

    expect(page.get_by_text("Đã xóa dữ liệu của bạn")).to_be_visible()
    assert site.scalar("select description from report where id = :id", id=sent["id"]) == ""
    assert _is_dead(site, token)
    assert token not in page.evaluate(EVERYTHING_KEPT)


def test_an_erasure_that_could_not_be_done_keeps_everything(page: Page, site: Site) -> None:
    guest = site.resident()
    be(page, site, guest)
    keep_waiting(page)
    page.goto("/me/data")
    page.get_by_label("Gõ chữ XÓA để xác nhận").fill("XÓA")
    site.faults.where, site.faults.status, site.faults.times = r"DELETE /api/v1/me$", 503, 1
    page.get_by_role("button", name="Xóa tôi khỏi Xóm").click()
    expect(page.get_by_text("Chưa xóa hết được.")).to_be_visible()
    assert len(rows(page, "drafts")) == 1
    assert session_of(page)["token"] == guest


ENDED = "Có phiên gửi trên máy này đã hết."


def _sent_anonymously(page: Page, site: Site) -> str:
    """From this phone; the token of the report's own session."""
    hidden = site.call("POST", "/auth/guest", json={"anonymous": True, "locale": "vi"})
    sent = site.submits(hidden["token"], identity="anonymous", description="Lấn chiếm vỉa hè")
    put(page, sessions=[{"key": sent["id"], **hidden}])
    return str(hidden["token"])


def test_my_data_comes_without_what_was_sent_in_a_session_that_has_ended(
    page: Page, site: Site, shots: Shots
) -> None:
    guest = site.resident()
    sent = site.submits(guest)
    be(page, site, guest)
    hidden = _sent_anonymously(page, site)
    page.goto("/me/data")
    page.wait_for_load_state("networkidle")
    site.call("DELETE", "/auth/token", hidden)
    with page.expect_download() as download:
        page.get_by_role("button", name="Tải dữ liệu của tôi").click()

    data = json.loads(Path(download.value.path()).read_text())
    assert [report["id"] for report in data["reports"]] == [sent["id"]]
    expect(page.get_by_text("Tệp không có những gì đã gửi trong phiên đã hết.")).to_be_visible()
    expect(page.get_by_text(ENDED)).to_be_visible()
    shots(page, "my-data-ended")
    assert violations(page) == []

    page.get_by_label("Gõ chữ XÓA để xác nhận").fill("XÓA")
    page.get_by_role("button", name="Xóa tôi khỏi Xóm").click()
    expect(page.get_by_text("Đã xóa dữ liệu của bạn")).to_be_visible()
    assert _is_dead(site, guest)


def test_an_erasure_goes_on_past_a_session_that_has_ended(page: Page, site: Site) -> None:
    guest = site.resident()
    be(page, site, guest)
    hidden = _sent_anonymously(page, site)
    page.goto("/me/data")
    page.wait_for_load_state("networkidle")
    page.get_by_role("checkbox", name=re.compile("Xóa cả 1 phản ánh ẩn danh")).check()
    page.get_by_label("Gõ chữ XÓA để xác nhận").fill("XÓA")
    erase = page.get_by_role("button", name="Xóa tôi khỏi Xóm")
    site.call("DELETE", "/auth/token", hidden)

    erase.click()
    expect(page.get_by_text("Chưa xóa hết được.")).to_contain_text(ENDED)
    assert not _is_dead(site, guest)
    erase.click()

    expect(page.get_by_text("Đã xóa dữ liệu của bạn")).to_be_visible()
    expect(page.get_by_text("trong phiên đã hết thì thành phố vẫn giữ")).to_be_visible()
    assert _is_dead(site, guest)
    assert guest not in page.evaluate(EVERYTHING_KEPT)


def test_an_erasure_that_got_halfway_goes_on_from_there(page: Page, site: Site) -> None:
    guest = site.resident()
    be(page, site, guest)
    hidden = _sent_anonymously(page, site)
    page.goto("/me/data")
    page.get_by_role("checkbox", name=re.compile("Xóa cả 1 phản ánh ẩn danh")).check()
    page.get_by_label("Gõ chữ XÓA để xác nhận").fill("XÓA")
    erase = page.get_by_role("button", name="Xóa tôi khỏi Xóm")
    refused = []

    def first_passes(route: Route) -> None:
        if route.request.method == "DELETE" and guest in route.request.headers["authorization"]:
            refused.append(route)
            if len(refused) == 1:
                return route.fulfill(status=503)
        return route.continue_()

    page.route("**/api/v1/me", first_passes)
    erase.click()
    expect(page.get_by_text("Chưa xóa hết được.")).to_be_visible()
    assert _is_dead(site, hidden)
    erase.click()

    expect(page.get_by_text("Đã xóa dữ liệu của bạn")).to_be_visible()
    assert _is_dead(site, guest)


def test_where_every_session_has_ended_only_the_phone_is_left_to_clear(
    page: Page, site: Site
) -> None:
    guest = site.resident()
    be(page, site, guest)
    site.call("DELETE", "/auth/token", guest)
    page.goto("/me/data")

    expect(page.get_by_text(ENDED)).to_be_visible()
    expect(page.get_by_role("button", name="Tải dữ liệu của tôi")).to_have_count(0)
    page.get_by_role("link", name="Xóa khỏi máy này").click()
    expect(page).to_have_url(re.compile("/me/leave$"))


def test_a_number_is_changed_with_a_code_and_the_old_one_is_told(
    page: Page, town: Town, number: str, shots: Shots
) -> None:
    sign_in(page, town, number)
    new = next(_numbers)
    page.goto("/me/phone")
    expect(page.get_by_text(f"Số hiện nay: +84 ••• ••• {number[-3:]}")).to_be_visible()
    page.get_by_label("Số mới").fill(new)
    shots(page, "change-number")
    page.get_by_role("button", name="Gửi mã cho tôi").click()
    expect(page.get_by_label("Mã 6 số")).to_be_visible()
    page.get_by_label("Mã 6 số").fill(town.texted_code(e164(new)))
    expect(page.get_by_text("Đã đổi số. Từ nay đăng nhập bằng số mới.")).to_be_visible()

    account = session_of(page)["account"]["id"]
    told = [sms.text for sms in town.texts.received if sms.to == e164(number)]
    assert "Số của bạn vừa được đổi" in told[-1]
    page.goto("/me/leave")
    page.get_by_role("button", name="Đăng xuất").click()
    expect(page.get_by_text("Bạn chưa đăng nhập")).to_be_visible()
    sign_in(page, town, new)
    assert session_of(page)["account"]["id"] == account


def test_who_lost_their_number_finds_the_centre(page: Page, site: Site, shots: Shots) -> None:
    page.goto("/me/sign-in")
    page.get_by_role("link", name="Mất số điện thoại cũ?").click()
    expect(page.get_by_role("main").get_by_role("link", name="19001075").last).to_have_attribute(
        "href", "tel:19001075"
    )
    shots(page, "number-lost")


def test_the_whole_app_changes_its_language_at_once_and_letters_follow(
    page: Page, town: Town, number: str, shots: Shots
) -> None:
    sign_in(page, town, number)
    page.goto("/me")
    with page.expect_response(lambda answer: answer.request.method == "PATCH"):
        page.get_by_role("radio", name="English").check(force=True)
    expect(page.get_by_role("heading", name="Me", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Around me")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert town.site.call("GET", "/me", session_of(page)["token"])["locale"] == "en"
    shots(page, "me-english")
    page.reload()
    expect(page.get_by_role("heading", name="Me", exact=True)).to_be_visible()


def test_a_guest_gets_news_by_email_with_a_code(page: Page, town: Town, shots: Shots) -> None:
    page.goto("/me/email")
    page.get_by_label("Địa chỉ email").fill("lan@example.vn")
    page.get_by_role("button", name="Gửi mã cho tôi").click()
    expect(page.get_by_label("Mã 6 số")).to_be_visible()
    shots(page, "email-code")
    page.get_by_label("Mã 6 số").fill(town.mailed_code("lan@example.vn"))
    expect(page.get_by_text("Tin được gửi đến lan@example.vn")).to_be_visible()
    token = session_of(page)["token"]
    assert (
        town.site.call("GET", "/me/preferences", token)["choices"]["my_reports"]["email"]
        == "otherwise"
    )

    page.get_by_role("button", name="Thôi nhận email").click()
    expect(page.get_by_label("Địa chỉ email")).to_be_visible()
    assert town.site.call("GET", "/me", token)["email"] is None


def test_what_i_hear_of_and_how_is_switched_and_kept(
    page: Page, town: Town, number: str, shots: Shots
) -> None:
    sign_in(page, town, number)
    token = session_of(page)["token"]
    page.goto("/me/notifications")
    page.get_by_role("switch", name=re.compile("^Tin nhắn SMS")).first.click()
    comments = page.get_by_role("group", name="Bình luận")
    expect(comments.get_by_role("switch", name="Tin nhắn SMS")).not_to_be_checked()
    comments.get_by_role("switch", name="Tin nhắn SMS").click()
    expect(comments.get_by_role("switch", name="Tin nhắn SMS")).to_be_checked()
    comments.get_by_role("switch", name="Máy này và máy khác của bạn").press("Space")
    expect(comments.get_by_role("switch", name="Máy này và máy khác của bạn")).not_to_be_checked()
    page.get_by_role("switch", name=re.compile("Giữ yên lặng")).click()
    page.get_by_label("Đến", exact=True).fill("06:30")
    page.get_by_label("Đến", exact=True).blur()
    shots(page, "notifications")

    page.reload()
    expect(page.get_by_label("Đến", exact=True)).to_have_value("06:30")
    told = town.site.call("GET", "/me/preferences", token)
    assert told["choices"]["comments"] == {"push": "never", "email": "never", "sms": "otherwise"}
    assert told["quiet_hours"] == {"since": "22:00", "until": "06:30"}
    assert town.site.call("GET", "/me", token)["sms"] is True


def _anonymous_session(site: Site) -> dict[str, Any]:
    """The key of an anonymous report that was sent from this phone."""
    made = site.call("POST", "/auth/guest", json={"anonymous": True})
    report = site.submits(made["token"], identity="anonymous")
    return {"key": report["id"], **made}


def _look_around(page: Page, sent: dict[str, Any]) -> None:
    """Open what there is of a report, so that the phone keeps it."""
    for path in ("/mine", f"/reports/{sent['code'].replace('-', '')}", "/messages", "/me"):
        page.goto(path)
        page.locator("main h1").wait_for()
        expect(page.locator(".skeleton")).to_have_count(0)


def _is_dead(site: Site, token: str) -> bool:
    with site.app.test_client() as client:
        answer = client.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})
    return answer.status_code == 401

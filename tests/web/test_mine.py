"""The badges of "Của tôi" and "Thông báo" keep their word: what one counts is listed where it
leads, can be taken back there, and is counted no more when it was read.
"""

import re
import time
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Request, expect

from app.clock import now
from app.database import db
from notifications.models import Message
from reports.statuses import Role
from tests.web.conftest import Shots
from tests.web.hands import _KEEP_SESSION, be, violations
from tests.web.site import Site
from tests.web.waiting import a_report, an_act, put, rows, until, until_state

FULL = """
() => {
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (...said) {
    if (!["drafts", "acts"].includes(this.name)) return put.apply(this, said);
    throw new DOMException("full", "QuotaExceededError");
  };
}
"""
NOT_KEPT = "Máy hết chỗ nên chưa làm được."
ON_ITS_WAY = "Phản ánh đang trên đường gửi, không sửa được nữa."
UNREAD = "select count(*) from message where account_id = :id and read_at is null"


@pytest.fixture
def me(page: Page, site: Site) -> str:
    """The token of the guest whose phone this is."""
    token = site.resident()
    be(page, site, token)
    return token


def said(page: Page, site: Site, path: str) -> None:
    page.goto(site.url + path)
    page.locator("main h1").first.wait_for()


def path_of(report: dict[str, Any]) -> str:
    return f"/reports/{report['code'].replace('-', '')}"


def waiting(page: Page) -> Locator:
    return page.get_by_role("region", name="Chưa tới nơi").locator("article")


def a_comment(report: dict[str, Any], **differs: Any) -> dict[str, Any]:
    path = f"/reports/{report['id']}/comments"
    act = an_act("comment", report, "POST", path, {"text": "Nhà tôi cũng bị."}, **differs)
    act["body"]["id"] = act["id"]
    return act


# What I did and has not arrived -----------------------------------------------------------------


def test_what_was_said_of_a_report_that_is_hidden_since_can_be_taken_back(
    page: Page, site: Site, me: str, shots: Shots
) -> None:
    report = site.submits()
    site.accepted(report["id"])
    site.takes(site.official(Role.DISPATCHER), "hide", report["id"], note="Có biển số xe.")
    act = a_comment(report)
    put(page, acts=[act], wake=True)
    until_state(page, "acts", act["id"], "refused")

    said(page, site, "/mine")
    expect(page.locator("nav.tabs")).to_contain_text("1 chưa gửi")
    expect(waiting(page)).to_contain_text("Bình luận")
    expect(waiting(page)).to_contain_text("Nhà tôi cũng bị.")
    expect(waiting(page)).to_contain_text("Chưa gửi được.")
    expect(waiting(page).get_by_role("link", name=report["code"])).to_have_attribute(
        "href", path_of(report)
    )
    shots(page, "comment-refused")
    assert violations(page) == []
    waiting(page).get_by_role("button", name="Bỏ", exact=True).click()
    expect(waiting(page)).to_have_count(0)
    expect(page.locator("nav.tabs")).not_to_contain_text("chưa gửi")
    assert rows(page, "acts") == []

    page.locator(".toast").get_by_role("button", name="Lấy lại").click()
    expect(waiting(page)).to_have_count(1)


def test_whatever_waits_is_named_and_what_is_being_written_is_not_listed(
    phone: BrowserContext, page: Page, site: Site, me: str, shots: Shots
) -> None:
    report = site.submits(me)
    said(page, site, "/mine")
    expect(page.locator(".report-card")).to_have_count(1)
    page.wait_for_load_state("networkidle")
    phone.set_offline(True)
    steps, rating = f"/reports/{report['id']}/steps", f"/reports/{report['id']}/rating"
    answer = {"step": "answer", "note": "Số 27."}
    put(
        page,
        wake=True,
        acts=[
            an_act("step", report, "POST", steps, answer, createdAt=1),
            an_act("step", report, "POST", steps, {"step": "reopen", "note": ""}, createdAt=2),
            an_act("rating", report, "PUT", rating, {"stars": 4, "comment": "Nhanh"}, createdAt=3),
            a_comment(report, state="writing", createdAt=4),
        ],
    )

    expect(waiting(page)).to_have_count(3)
    expect(waiting(page).nth(0)).to_contain_text("Trả lời")
    expect(waiting(page).nth(0)).to_contain_text("Số 27.")
    expect(waiting(page).nth(1)).to_contain_text("Báo chưa xong")
    expect(waiting(page).nth(2)).to_contain_text("Đánh giá")
    expect(waiting(page).nth(2)).to_contain_text("4 trên 5 sao · Nhanh")
    for row in waiting(page).all():
        expect(row).to_contain_text("sẽ tự gửi khi có sóng")
    shots(page, "acts-wait")


def test_what_another_account_left_waiting_is_listed_without_its_words(
    phone: BrowserContext, page: Page, site: Site
) -> None:
    report = site.submits()
    be(page, site, site.resident(guest=False), "resident")
    said(page, site, "/mine")
    page.wait_for_load_state("networkidle")
    phone.set_offline(True)
    support = f"/reports/{report['id']}/support"
    theirs = {"owner": str(uuid4())}
    joined = an_act("support", report, "PUT", support, None, **theirs)
    put(page, acts=[a_comment(report, **theirs), joined], wake=True)

    expect(waiting(page)).to_have_count(2)
    for row in waiting(page).all():
        expect(row).to_contain_text("Việc này của tài khoản khác")
    expect(page.get_by_text("Nhà tôi cũng bị.")).to_have_count(0)
    page.get_by_role("tab", name="Tôi theo dõi").click()
    expect(page.get_by_role("heading", name="Chưa có mạng")).to_be_visible()
    expect(waiting(page)).to_have_count(0)


def test_a_report_that_was_joined_offline_is_among_those_i_follow(
    phone: BrowserContext, page: Page, site: Site, me: str, shots: Shots
) -> None:
    report = site.submits(description="Nắp cống vỡ trước chợ")
    site.accepted(report["id"])
    said(page, site, "/mine?tab=followed")
    expect(page.get_by_role("heading", name="Bạn chưa theo dõi việc nào")).to_be_visible()
    said(page, site, path_of(report))
    page.get_by_role("button", name="Tôi cũng gặp").wait_for()
    page.wait_for_load_state("networkidle")
    phone.set_offline(True)
    page.get_by_role("button", name="Tôi cũng gặp").click()
    page.get_by_role("navigation").get_by_role("link", name=re.compile("Của tôi")).click()
    page.get_by_role("tab", name="Tôi theo dõi").click()

    expect(waiting(page)).to_contain_text("Tôi cũng gặp")
    expect(waiting(page)).to_contain_text(report["code"])
    expect(page.get_by_text("Bạn chưa theo dõi việc nào")).to_have_count(0)
    shots(page, "joined-offline")

    phone.set_offline(False)
    expect(page.get_by_role("link", name="Nắp cống vỡ trước chợ")).to_be_visible()
    expect(waiting(page)).to_have_count(0)


# A report that waits, to be changed -------------------------------------------------------------


def waits_a_while(**differs: Any) -> dict[str, Any]:
    """Nothing but the person's word sends it now."""
    later = int(time.time() * 1000) + 600_000
    trouble = {"code": "busy", "detail": "", "fields": [], "at": later - 600_000}
    return a_report(nextTryAt=later, tries=1, trouble=trouble, **differs)


def test_a_full_phone_says_that_a_report_could_not_be_taken_back_to_be_changed(
    page: Page, site: Site, me: str
) -> None:
    draft = waits_a_while()
    put(page, drafts=[draft])
    toast = page.locator(".toast")

    said(page, site, "/mine")
    page.get_by_role("button", name="Sửa", exact=True).wait_for()
    page.evaluate(FULL)
    page.get_by_role("button", name="Sửa", exact=True).click()
    expect(toast).to_contain_text(NOT_KEPT)
    expect(page).to_have_url(re.compile("/mine$"))

    said(page, site, f"/new?draft={draft['id']}")
    page.get_by_role("button", name="Sửa lại trước khi gửi").wait_for()
    page.evaluate(FULL)
    page.get_by_role("button", name="Sửa lại trước khi gửi").click()
    expect(toast).to_contain_text(NOT_KEPT)
    assert rows(page, "drafts")[0]["state"] == "queued"


def test_a_report_that_left_meanwhile_says_that_it_cannot_be_changed(
    page: Page, site: Site, me: str
) -> None:
    draft = waits_a_while()
    put(page, drafts=[draft])
    said(page, site, f"/new?draft={draft['id']}")
    page.get_by_role("button", name="Sửa lại trước khi gửi").wait_for()
    put(page, drafts=[draft | {"posted": True}])  # and this page has not heard of it

    page.get_by_role("button", name="Sửa lại trước khi gửi").click()

    expect(page.locator(".toast")).to_contain_text(ON_ITS_WAY)


def test_a_guest_whose_session_has_ended_is_led_to_the_codes(
    page: Page, site: Site, me: str, shots: Shots
) -> None:
    site.submits(me)
    site.call("DELETE", "/auth/token", me)

    said(page, site, "/mine")

    expect(page.get_by_text("phiên trên máy này đã hết")).to_be_visible()
    expect(page.get_by_text("Đăng nhập lại")).to_have_count(0)
    shots(page, "guest-ended")
    assert violations(page) == []
    page.get_by_role("tab", name="Tôi theo dõi").click()
    expect(page.get_by_text("Bạn chưa theo dõi việc nào")).to_have_count(0)
    page.get_by_role("link", name="Tra cứu bằng mã").click()
    expect(page).to_have_url(re.compile("/follow$"))


# Messages ---------------------------------------------------------------------------------------


def told(site: Site, account_id: UUID, count: int, *, ago: int = 0, read: bool = False) -> None:
    """This many messages, a minute apart; `ago`: the newest, in minutes."""
    with site.app.app_context():
        for number in range(count):
            at = now() - timedelta(minutes=ago + number)
            message = Message(
                change_id=uuid4(),
                account_id=account_id,
                kind="no_such_kind",
                subject="report:x",
                payload={"code": "482-173-906-K"},
                at=at,
                read_at=at if read else None,
            )
            db.session.add(message)
        db.session.commit()


def anonymous(page: Page, site: Site, report_id: str) -> str:
    """This phone has the session of this anonymous report; its token."""
    made = site.call("POST", "/auth/guest", json={"anonymous": True, "locale": "vi"})
    page.evaluate(_KEEP_SESSION, {"key": report_id, **made})
    return str(made["token"])


def test_all_is_read_also_what_was_not_loaded(page: Page, site: Site, me: str) -> None:
    mine = site.account_of(me)
    hidden = site.account_of(anonymous(page, site, str(uuid4())))
    told(site, mine, 35)
    told(site, hidden, 2, ago=500)

    said(page, site, "/messages")
    expect(page.locator(".message.unread")).to_have_count(30)
    expect(page.locator("nav.tabs")).to_contain_text("37 chưa đọc")
    page.get_by_role("button", name="Đánh dấu đã đọc hết").click()

    expect(page.locator("nav.tabs")).not_to_contain_text("chưa đọc")
    until(page, lambda: site.scalar(UNREAD, id=mine) == site.scalar(UNREAD, id=hidden) == 0)
    said(page, site, "/messages")
    page.get_by_role("button", name="Xem thêm").click()
    expect(page.locator(".message")).to_have_count(37)
    expect(page.locator(".message.unread")).to_have_count(0)
    expect(page.locator("nav.tabs")).not_to_contain_text("chưa đọc")


def test_all_can_be_read_where_only_old_ones_are_not(page: Page, site: Site, me: str) -> None:
    mine = site.account_of(me)
    told(site, mine, 30, read=True)
    told(site, mine, 3, ago=100)

    said(page, site, "/messages")
    expect(page.locator(".message")).to_have_count(30)
    page.get_by_role("button", name="Đánh dấu đã đọc hết").click()

    expect(page.get_by_role("button", name="Đánh dấu đã đọc hết")).to_have_count(0)
    until(page, lambda: site.scalar(UNREAD, id=mine) == 0)


def test_that_all_was_read_offline_is_told_later(
    phone: BrowserContext, page: Page, site: Site, me: str
) -> None:
    mine = site.account_of(me)
    told(site, mine, 33)
    said(page, site, "/messages")
    expect(page.locator("nav.tabs")).to_contain_text("33 chưa đọc")
    page.wait_for_load_state("networkidle")
    phone.set_offline(True)

    page.get_by_role("button", name="Đánh dấu đã đọc hết").click()
    expect(page.locator(".message.unread")).to_have_count(0)
    expect(page.locator("nav.tabs")).not_to_contain_text("chưa đọc")
    phone.set_offline(False)

    until(page, lambda: site.scalar(UNREAD, id=mine) == 0)
    expect(page.locator("nav.tabs")).not_to_contain_text("chưa đọc")


def test_the_badge_asks_for_me_and_the_latest_anonymous_reports(
    page: Page, site: Site, me: str
) -> None:
    tokens = {}
    for number in range(8):
        report_id = f"{number}0000000-0000-4000-8000-{uuid4().hex[:12]}"
        tokens[number] = anonymous(page, site, report_id)
        at = int(time.time() * 1000) - number * 3_600_000  # so the first id is the latest report's
        if number % 2:
            draft = a_report(id=report_id, session=report_id, identity="anonymous", createdAt=at)
            put(page, drafts=[draft | {"state": "sent", "sentAt": at}])
        else:
            moment = (now() - timedelta(hours=number)).isoformat()
            name = f"vi {site.account_of(tokens[number])} /reports/{report_id}"
            kept = {"key": name, "session": report_id, "at": at, "value": {"submitted_at": moment}}
            put(page, answers=[kept])
    asked: set[str] = set()

    def heard(request: Request) -> None:
        if "/me/messages?limit=1" in request.url:
            asked.add(request.headers["authorization"].removeprefix("Bearer "))

    page.on("request", heard)
    said(page, site, "/privacy")
    page.wait_for_load_state("networkidle")

    assert asked == {me, *(tokens[number] for number in range(5))}

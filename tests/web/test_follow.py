"""What became of my report: read, answered, confirmed and rated on the phone, with and without a
network; reports found by their code; messages.

The other side acts through the API, as officials do.
"""

import re
from typing import Any
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect
from sqlalchemy import text

from app.clock import now
from app.database import db
from reports import codes, complaints
from reports.city import snapshot
from reports.permissions import Viewer
from reports.statuses import Role
from tests.web.conftest import Shots
from tests.web.hands import _KEEP_SESSION, be, violations
from tests.web.scenes import FLOODED
from tests.web.site import Site
from tests.web.waiting import a_report, put, rows, until, until_waits

SLOW_PICTURES = """() => {
  const real = window.createImageBitmap;
  const freed = new Promise((done) => (window.goOn = done));
  window.createImageBitmap = async (...said) => (await freed, real(...said));
}"""
DRAIN = "Cống trước trường nghẹt, nước ngập tới đầu gối."


@pytest.fixture
def me(page: Page, site: Site) -> str:
    """The token of the guest whose phone this is."""
    token = site.resident()
    be(page, site, token)
    return token


def path_of(report: dict[str, Any]) -> str:
    return f"/reports/{report['code'].replace('-', '')}"


def told(page: Page) -> Locator:
    return page.locator(".timeline .entry")


def status(site: Site, token: str, report: dict[str, Any]) -> str:
    return str(site.call("GET", f"/reports/{report['id']}", token)["status"])


def at_work(site: Site, report: dict[str, Any]) -> str:
    """The report is accepted and begun; the token of the officer who has it."""
    if status(site, site.official(Role.DISPATCHER), report) == "submitted":
        site.accepted(report["id"])
    officer = site.officer_of(report["id"])
    site.takes(officer, "start", report["id"])
    return officer


def resolved(site: Site, report: dict[str, Any], officer: str, note: str = "Đã nạo vét.") -> None:
    after = site.photo(officer, FLOODED.read_bytes())
    site.takes(officer, "resolve", report["id"], outcome="fixed", photos=[after], note=note)


def said(page: Page, site: Site, path: str) -> None:
    page.goto(site.url + path)
    page.locator("main h1").first.wait_for()


# A report's life --------------------------------------------------------------------------------


def test_a_report_is_followed_from_the_question_to_the_stars(
    page: Page, site: Site, me: str, shots: Shots
) -> None:
    before = site.photo(me, FLOODED.read_bytes())
    report = site.submits(me, photos=[before])
    officer = at_work(site, report)
    site.takes(officer, "ask", report["id"], note="Trước số nhà nào?")

    said(page, site, "/mine")
    expect(page.get_by_role("heading", name="Chờ bạn")).to_be_visible()
    page.get_by_role("link", name=DRAIN).click()
    expect(page.locator(".asked")).to_contain_text("Trước số nhà nào?")
    page.get_by_label("Bạn trả lời").fill("Trước số 27 Lê Lợi")
    page.locator("input[type=file]").set_input_files(FLOODED)
    expect(page.locator(".photo-kept img")).to_be_visible()
    page.get_by_role("button", name="Gửi trả lời").click()
    expect(told(page).filter(has_text="Bạn trả lời")).to_contain_text("Trước số 27 Lê Lợi")
    expect(told(page).filter(has_text="Bạn trả lời").locator("img")).to_have_count(1)
    assert status(site, me, report) == "in_progress"

    resolved(site, report, officer, "Đã nạo vét 120 m cống.")
    said(page, site, path_of(report))
    expect(page.locator(".picture-half")).to_have_count(2)
    expect(page.get_by_text("Đã nạo vét 120 m cống.")).to_be_visible()
    shots(page, "resolved")
    page.get_by_role("button", name="Chưa xong").click()
    page.get_by_label("Còn gì chưa xong?").fill("Mưa là lại ngập")
    page.locator("input[type=file]").set_input_files(FLOODED)
    expect(page.locator(".photo-kept img")).to_be_visible()
    page.get_by_role("button", name="Gửi: chưa xong").click()
    expect(told(page).filter(has_text="Báo chưa xong")).to_contain_text("Mưa là lại ngập")
    assert status(site, me, report) == "in_progress"

    resolved(site, report, officer, "Đã thay hai tấm đan.")
    said(page, site, path_of(report))
    page.get_by_role("button", name="Xong rồi").click()
    expect(page.locator(".facts .chip")).to_have_text("Đã kết thúc")
    page.get_by_role("radio", name="4 trên 5 sao").check(force=True)
    page.get_by_label("Nói thêm").fill("Nhanh")
    page.get_by_role("button", name="Gửi đánh giá").click()
    expect(page.get_by_text("Bạn đã chấm 4 trên 5 sao.")).to_be_visible()
    expect(page.locator(".entry-pending")).to_have_count(0)
    stars = "select stars from rating where report_id = :id"
    assert site.scalar(stars, id=report["id"]) == 4
    assert status(site, me, report) == "closed"
    shots(page, "rated")


def test_what_i_said_on_another_phone_is_known_on_this_one(page: Page, site: Site, me: str) -> None:
    rated, joined = site.submits(me), site.submits(description="Cây đổ trước chợ.")
    resolved(site, rated, at_work(site, rated))
    site.call("PUT", f"/reports/{rated['id']}/rating", me, json={"stars": 4, "comment": "Nhanh"})
    at_work(site, joined)
    site.call("PUT", f"/reports/{joined['id']}/support", me)

    said(page, site, path_of(rated))
    expect(page.get_by_text("Bạn đã chấm 4 trên 5 sao.")).to_be_visible()
    said(page, site, path_of(joined))
    expect(page.get_by_text("Bạn đang theo dõi việc này.")).to_be_visible()
    page.get_by_role("button", name="Thôi theo dõi").click()

    expect(page.get_by_role("button", name="Tôi cũng gặp")).to_be_visible()
    until(page, lambda: not site.call("GET", f"/reports/{joined['id']}", me)["supported"])
    page.reload()
    expect(page.get_by_role("button", name="Tôi cũng gặp")).to_be_visible()


def test_an_answer_without_words_is_not_sent(page: Page, site: Site, me: str) -> None:
    report = site.submits(me)
    site.takes(site.official(Role.DISPATCHER), "ask", report["id"], note="Ở đâu?")

    said(page, site, path_of(report))
    page.get_by_role("button", name="Gửi trả lời").click()

    field = page.get_by_label("Bạn trả lời")
    expect(field).to_be_focused()
    expect(field).to_have_accessible_description("Viết vài chữ để đơn vị hiểu.")
    assert status(site, me, report) == "waiting"


def test_a_report_is_withdrawn_after_being_asked_once_more(
    page: Page, site: Site, me: str, shots: Shots
) -> None:
    report = site.submits(me)

    said(page, site, path_of(report))
    page.get_by_role("button", name="Rút phản ánh").click()
    shots(page, "withdraw")
    page.get_by_role("dialog").get_by_role("button", name="Giữ lại").click()
    assert status(site, me, report) == "submitted"
    page.get_by_role("button", name="Rút phản ánh").click()
    page.get_by_role("dialog").get_by_role("button", name="Rút phản ánh").click()

    expect(page.locator(".facts .chip")).to_have_text("Đã rút")
    expect(page.get_by_role("button", name="Rút phản ánh")).to_have_count(0)
    assert status(site, me, report) == "withdrawn"


def test_a_refused_report_is_looked_at_again_once(page: Page, site: Site, me: str) -> None:
    report = site.submits(me)
    centre = site.official(Role.DISPATCHER)
    site.takes(centre, "reject", report["id"], reason="unclear", note="Chụp thêm ảnh giúp nhé.")

    said(page, site, path_of(report))
    expect(page.locator(".asked")).to_contain_text("Chụp thêm ảnh giúp nhé.")
    page.get_by_role("button", name="Đề nghị xem lại").click()
    page.get_by_label("Vì sao nên xem lại?").fill("Ngay cổng trường Quốc Học")
    page.get_by_role("button", name="Gửi đề nghị").click()
    expect(page.locator(".facts .chip")).to_have_text("Mới gửi")

    site.takes(centre, "reject", report["id"], reason="unclear", note="Vẫn chưa rõ.")
    said(page, site, path_of(report))
    expect(page.locator(".asked")).to_contain_text("Vẫn chưa rõ.")
    expect(page.get_by_role("button", name="Đề nghị xem lại")).to_have_count(0)


def test_a_neighbours_report_is_followed_and_left(page: Page, site: Site, me: str) -> None:
    report = site.submits(description="Nắp cống vỡ trước chợ")
    site.accepted(report["id"])
    supporters = "select supporters from report where id = :id"

    said(page, site, path_of(report))
    page.get_by_role("button", name="Tôi cũng gặp").click()
    expect(page.get_by_text("Bạn đang theo dõi việc này.")).to_be_visible()
    expect(page.locator(".entry-pending")).to_have_count(0)
    assert site.scalar(supporters, id=report["id"]) == 1

    said(page, site, "/mine")
    page.get_by_role("tab", name="Tôi theo dõi").click()
    page.get_by_role("link", name="Nắp cống vỡ trước chợ").click()
    page.get_by_role("button", name="Thôi theo dõi").click()
    expect(page.get_by_role("button", name="Tôi cũng gặp")).to_be_visible()
    expect(page.locator(".entry-pending")).to_have_count(0)
    assert site.scalar(supporters, id=report["id"]) == 0


def test_a_merged_report_leads_to_the_one_it_follows(page: Page, site: Site, me: str) -> None:
    lead = site.submits(description="Ngập cả đoạn đường")
    site.accepted(lead["id"])
    report = site.submits(me)
    site.takes(site.official(Role.DISPATCHER), "merge", report["id"], target=lead["id"])

    said(page, site, path_of(report))
    expect(page.locator(".asked")).to_contain_text(lead["code"])
    page.get_by_role("link", name="Xem phản ánh chung").click()

    expect(page.get_by_role("heading", level=1)).to_have_text(lead["code"])
    expect(page.get_by_role("heading", name="Ngập cả đoạn đường")).to_be_visible()


def test_a_comment_waits_for_a_person(page: Page, site: Site, me: str) -> None:
    report = site.submits(me)
    site.accepted(report["id"])

    said(page, site, path_of(report))
    page.get_by_role("button", name="Viết bình luận").click()
    page.get_by_label("Bình luận của bạn").fill("Sáng nay vẫn ngập")
    page.get_by_role("button", name="Gửi bình luận").click()

    mine = told(page).filter(has_text="Sáng nay vẫn ngập")
    expect(mine).to_contain_text("Chờ duyệt")
    expect(mine).to_have_count(1)


def test_a_comment_that_has_arrived_stands_there_once_though_the_report_answers_late(
    page: Page, site: Site, me: str
) -> None:
    report = site.submits(me)
    site.accepted(report["id"])
    said(page, site, path_of(report))
    page.get_by_role("button", name="Viết bình luận").click()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(re.compile(r"/api/v1/reports/[^/]+$"), hold)
    page.get_by_label("Bình luận của bạn").fill("Sáng nay vẫn ngập")
    page.get_by_role("button", name="Gửi bình luận").click()

    mine = told(page).filter(has_text="Sáng nay vẫn ngập")
    expect(mine).to_contain_text("Chờ duyệt")
    expect(mine).to_have_count(1)
    assert held, "the report itself was not asked for again"


def test_lateness_is_told_plainly(page: Page, site: Site, me: str) -> None:
    report = site.submits(me)
    site.accepted(report["id"])
    with site.app.app_context(), db.engine.begin() as connection:
        late = "update report set due_at = now() - interval '26 hours' where id = :id"
        connection.execute(text(late), {"id": report["id"]})

    said(page, site, path_of(report))

    expect(page.locator(".deadline.late")).to_contain_text("Đã quá hạn từ")
    expect(page.locator(".deadline.late")).to_contain_text("chưa trả lời")


def test_photos_are_looked_at_by_keyboard(page: Page, site: Site, me: str, shots: Shots) -> None:
    photos = [site.photo(me, FLOODED.read_bytes()) for _ in range(2)]
    report = site.submits(me, photos=photos)

    said(page, site, path_of(report))
    page.get_by_role("button", name="Xem lớn: Ảnh 1 trong 2 lúc báo").press("Enter")
    viewer = page.get_by_role("dialog", name="Ảnh")
    expect(viewer).to_contain_text("1/2")
    page.keyboard.press("ArrowRight")
    expect(viewer).to_contain_text("2/2")
    page.keyboard.press("+")
    expect(viewer.get_by_role("button", name="Thu nhỏ")).to_be_visible()
    shots(page, "viewer")
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(viewer).to_have_count(0)


# Without a network ------------------------------------------------------------------------------


def test_a_report_is_read_and_confirmed_without_a_network(
    phone: BrowserContext, page: Page, site: Site, me: str, shots: Shots
) -> None:
    report = site.submits(me)
    resolved(site, report, at_work(site, report))
    said(page, site, path_of(report))
    expect(told(page).filter(has_text="Đã nạo vét.")).to_be_visible()
    page.wait_for_load_state("networkidle")
    said(page, site, "/mine")
    expect(page.get_by_role("link", name=DRAIN)).to_be_visible()

    phone.set_offline(True)
    page.get_by_role("link", name=DRAIN).click()
    expect(page.get_by_text("Chưa có mạng. Đây là những gì máy lưu")).to_be_visible()
    expect(told(page).filter(has_text="Đã nạo vét.")).to_be_visible()
    page.get_by_role("button", name="Xong rồi").click()
    expect(page.locator(".pending")).to_contain_text("Báo đã xong")
    expect(page.locator(".pending")).to_contain_text("sẽ tự gửi khi có sóng")
    shots(page, "confirmed-offline")
    assert status(site, me, report) == "resolved"

    phone.set_offline(False)
    expect(page.locator(".facts .chip")).to_have_text("Đã kết thúc")
    assert status(site, me, report) == "closed"


def test_what_was_pressed_offline_can_be_taken_back(
    phone: BrowserContext, page: Page, site: Site, me: str
) -> None:
    report = site.submits(me)
    resolved(site, report, at_work(site, report))
    said(page, site, path_of(report))
    expect(page.get_by_role("button", name="Xong rồi")).to_be_visible()
    page.wait_for_load_state("networkidle")

    phone.set_offline(True)
    page.get_by_role("button", name="Xong rồi").click()
    page.get_by_role("button", name="Bỏ", exact=True).click()
    expect(page.get_by_role("button", name="Xong rồi")).to_be_visible()
    phone.set_offline(False)

    expect(page.get_by_text("Đây là những gì máy lưu")).to_have_count(0)
    assert status(site, me, report) == "resolved"


FULL = """
() => {
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (...said) {
    if (window.roomy || !["drafts", "acts"].includes(this.name)) return put.apply(this, said);
    throw new DOMException("full", "QuotaExceededError");
  };
}
"""
NOT_DONE = "Máy hết chỗ nên chưa làm được."


def test_a_full_phone_says_that_a_tap_was_not_kept(
    page: Page, site: Site, me: str, shots: Shots
) -> None:
    report, theirs, another = site.submits(me), site.submits(), site.submits(me)
    site.accepted(theirs["id"])
    resolved(site, report, at_work(site, report))
    toast = page.locator(".toast")

    said(page, site, path_of(report))
    page.get_by_role("button", name="Xong rồi").wait_for()
    page.evaluate(FULL)
    page.get_by_role("button", name="Xong rồi").click()
    expect(toast).to_contain_text(NOT_DONE)
    shots(page, "full")
    page.evaluate("window.roomy = true")
    page.get_by_role("button", name="Xong rồi").click()
    expect(page.locator(".facts .chip")).to_have_text("Đã kết thúc")

    said(page, site, path_of(theirs))
    page.get_by_role("button", name="Tôi cũng gặp").wait_for()
    page.evaluate(FULL)
    page.get_by_role("button", name="Tôi cũng gặp").click()
    expect(toast).to_contain_text(NOT_DONE)
    expect(page.get_by_role("button", name="Tôi cũng gặp")).to_be_visible()

    said(page, site, path_of(another))
    page.get_by_role("button", name="Rút phản ánh").wait_for()
    page.evaluate(FULL)
    page.get_by_role("button", name="Rút phản ánh").click()
    page.get_by_role("dialog").get_by_role("button", name="Rút phản ánh").click()
    expect(toast).to_contain_text(NOT_DONE)
    assert status(site, me, another) == "submitted"


def test_what_may_have_arrived_is_not_taken_back_silently(
    page: Page, site: Site, me: str, shots: Shots
) -> None:
    report = site.submits(me)
    said(page, site, path_of(report))
    page.get_by_role("button", name="Rút phản ánh").click()
    site.faults.where, site.faults.cut = r"^POST /api/v1/reports/.*/steps", "answer"
    site.faults.times = 99
    page.get_by_role("dialog").get_by_role("button", name="Rút phản ánh").click()

    pending = page.locator(".pending")
    expect(pending).to_contain_text("có thể đã tới nơi")
    pending.get_by_role("button", name="Bỏ", exact=True).click()
    sheet = page.get_by_role("dialog", name="Có thể đã tới nơi")
    expect(sheet).to_contain_text("việc ấy vẫn có hiệu lực")
    shots(page, "perhaps-arrived")
    assert violations(page) == []
    assert len(rows(page, "acts")) == 1
    sheet.get_by_role("button", name="Hỏi lại máy chủ").click()
    site.faults.heal()
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator(".facts .chip")).to_have_text("Đã rút")
    steps = "select count(*) from status_change where report_id = :id and step = 'withdraw'"
    assert site.scalar(steps, id=report["id"]) == 1


def test_a_report_that_may_have_arrived_is_not_discarded_silently(
    page: Page, site: Site, me: str
) -> None:
    site.faults.where, site.faults.cut = r"^POST /api/v1/reports$", "request"
    site.faults.times = 99
    report = a_report()
    put(page, drafts=[report], wake=True)
    until_waits(page, "drafts", report["id"], "no-network")
    said(page, site, "/mine")
    expect(page.locator(".mine-draft")).to_contain_text("có thể đã tới nơi")
    page.get_by_role("button", name="Bỏ", exact=True).click()
    sheet = page.get_by_role("dialog", name="Có thể đã tới nơi")
    sheet.get_by_role("button", name="Bỏ ở máy này").click()
    expect(page.locator(".toast")).to_contain_text("Nếu máy chủ đã nhận thì vẫn có hiệu lực.")
    assert rows(page, "drafts") == []


def test_words_and_photos_that_were_not_sent_are_there_again(
    phone: BrowserContext, page: Page, site: Site, me: str
) -> None:
    report = site.submits(me)
    resolved(site, report, at_work(site, report))
    said(page, site, path_of(report))
    page.get_by_role("button", name="Chưa xong").click()
    page.get_by_label("Còn gì chưa xong?").fill("Mưa là lại ngập")
    page.locator("input[type=file]").set_input_files(FLOODED)
    expect(page.locator(".photo-kept img")).to_be_visible()
    until(page, lambda: [act for act in rows(page, "acts") if act["photos"]])
    page.close()  # as a phone does that needs the room: nobody is asked

    page = phone.new_page()
    said(page, site, path_of(report))
    expect(page.get_by_label("Còn gì chưa xong?")).to_have_value("Mưa là lại ngập")
    expect(page.locator(".photo-kept img")).to_be_visible()
    page.get_by_role("button", name="Thôi", exact=True).click()
    expect(page.get_by_label("Còn gì chưa xong?")).to_have_count(0)
    until(page, lambda: rows(page, "acts") == [] and rows(page, "photos") == [])
    page.locator(".toast").get_by_role("button", name="Lấy lại").click()
    expect(page.get_by_label("Còn gì chưa xong?")).to_have_value("Mưa là lại ngập")
    page.get_by_role("button", name="Gửi: chưa xong").click()
    mine = told(page).filter(has_text="Báo chưa xong")
    expect(mine).to_contain_text("Mưa là lại ngập")
    expect(mine.locator("img")).to_have_count(1)
    assert [act["state"] for act in rows(page, "acts")] == ["sent"]


def test_a_photo_that_is_removed_while_another_is_read_stays_away(
    page: Page, site: Site, me: str
) -> None:
    report = site.submits(me)
    site.takes(site.official(Role.DISPATCHER), "ask", report["id"], note="Ở đâu?")
    said(page, site, path_of(report))
    page.locator("input[type=file]").set_input_files(FLOODED)
    expect(page.locator(".photo-kept img")).to_have_count(1)
    page.evaluate(SLOW_PICTURES)
    page.locator("input[type=file]").set_input_files(FLOODED)
    expect(page.locator(".photo-add")).to_have_attribute("aria-busy", "true")
    page.get_by_role("button", name="Bỏ ảnh 1").click()
    page.evaluate("window.goOn()")
    expect(page.locator(".photo-add")).not_to_have_attribute("aria-busy", "true")
    expect(page.locator(".photo-kept")).to_have_count(1)
    expect(page.locator(".photo-kept img")).to_have_count(1)


def test_an_answer_waits_for_its_photo_that_is_being_made_ready(
    page: Page, site: Site, me: str
) -> None:
    report = site.submits(me)
    site.takes(site.official(Role.DISPATCHER), "ask", report["id"], note="Ở đâu?")
    said(page, site, path_of(report))
    page.get_by_label("Bạn trả lời").fill("Trước số 27 Lê Lợi")
    page.evaluate(SLOW_PICTURES)
    page.locator("input[type=file]").set_input_files(FLOODED)
    page.get_by_role("button", name="Gửi trả lời").click()
    expect(page.get_by_role("button", name="Chờ ảnh, xong là gửi")).to_be_visible()

    page.evaluate("window.goOn()")

    mine = told(page).filter(has_text="Bạn trả lời")
    expect(mine).to_contain_text("Trước số 27 Lê Lợi")
    expect(mine.locator("img")).to_have_count(1)


def test_an_answer_that_was_refused_for_its_photo_is_put_right_with_another(
    page: Page, site: Site, me: str
) -> None:
    report = site.submits(me)
    site.takes(site.official(Role.DISPATCHER), "ask", report["id"], note="Ở đâu?")
    said(page, site, path_of(report))
    site.faults.where, site.faults.status = r"^PUT /api/v1/photos/", 413
    site.faults.times = 1
    page.get_by_label("Bạn trả lời").fill("Trước số 27 Lê Lợi")
    page.locator("input[type=file]").set_input_files(FLOODED)
    expect(page.locator(".photo-kept img")).to_have_count(1)
    page.get_by_role("button", name="Gửi trả lời").click()
    expect(page.locator(".pending")).to_contain_text("Ảnh quá lớn, máy chủ không nhận.")

    page.get_by_role("button", name="Sửa rồi gửi lại").click()
    page.get_by_role("button", name="Bỏ ảnh 1").click()
    page.locator("input[type=file]").set_input_files(FLOODED)
    expect(page.locator(".photo-kept img")).to_have_count(1)
    page.get_by_role("button", name="Gửi trả lời").click()

    mine = told(page).filter(has_text="Bạn trả lời")
    expect(mine).to_contain_text("Trước số 27 Lê Lợi")
    expect(mine.locator("img")).to_have_count(1)
    assert status(site, me, report) == "submitted"


def test_stars_that_are_chosen_while_it_is_confirmed_stay_chosen(
    page: Page, site: Site, me: str
) -> None:
    report = site.submits(me)
    resolved(site, report, at_work(site, report))
    said(page, site, path_of(report))
    page.get_by_role("radio", name="5 trên 5 sao").check(force=True)

    page.get_by_role("button", name="Xong rồi").click()

    expect(page.locator(".facts .chip")).to_have_text("Đã kết thúc")
    expect(page.get_by_role("radio", name="5 trên 5 sao")).to_be_checked()


def test_my_own_report_stays_in_sight_when_the_session_has_ended(page: Page, site: Site) -> None:
    token = site.resident(guest=False)
    be(page, site, token, "resident")
    report = site.submits(token)
    said(page, site, path_of(report))
    expect(page.get_by_text(DRAIN)).to_be_visible()
    site.call("DELETE", "/auth/token", token)

    page.reload()

    expect(page.get_by_text("Phiên đăng nhập đã hết").first).to_be_visible()
    expect(page.get_by_text(DRAIN)).to_be_visible()
    expect(page.get_by_text("Không thấy phản ánh này")).to_have_count(0)


def test_what_is_old_is_said_to_be_old_when_the_server_is_busy(
    page: Page, site: Site, me: str
) -> None:
    report = site.submits(me)
    said(page, site, path_of(report))
    expect(page.get_by_text(DRAIN)).to_be_visible()
    site.faults.where, site.faults.status, site.faults.times = r"^GET /api/v1/reports/", 503, 99

    page.reload()

    expect(page.locator(".kept-line")).to_contain_text("Máy chủ đang bận.")
    expect(page.get_by_text(DRAIN)).to_be_visible()


def test_stars_count_as_given_once_the_server_has_them(
    page: Page, site: Site, me: str, shots: Shots
) -> None:
    report = site.submits(me)
    resolved(site, report, at_work(site, report))
    said(page, site, path_of(report))
    site.faults.where, site.faults.status = r"^PUT /api/v1/reports/.*/rating", 503
    site.faults.times = 99
    page.get_by_role("radio", name="5 trên 5 sao").check(force=True)
    page.get_by_role("button", name="Gửi đánh giá").click()
    expect(page.get_by_text("Bạn chấm 5 trên 5 sao. Chưa tới nơi.")).to_be_visible()
    expect(page.get_by_text("Bạn đã chấm")).to_have_count(0)
    shots(page, "stars-on-their-way")

    with site.app.app_context(), db.engine.begin() as connection:
        long_ago = (
            "update report set resolved_at = now() - interval '90 days', status = 'closed',"
            " closed_at = now() - interval '80 days' where id = :id"
        )
        connection.execute(text(long_ago), {"id": report["id"]})
    site.faults.heal()
    page.locator(".entry-pending").get_by_role("button", name="Gửi lại ngay").click()
    until(page, lambda: [act for act in rows(page, "acts") if act["state"] == "refused"])
    expect(page.get_by_text("Bạn đã chấm")).to_have_count(0)
    expect(page.get_by_text("Bạn chấm 5 trên 5 sao. Chưa tới nơi.")).to_have_count(0)
    expect(page.locator(".entry-pending")).to_contain_text("Chưa gửi được.")


def test_a_step_that_came_too_late_says_why(
    phone: BrowserContext, page: Page, site: Site, me: str
) -> None:
    report = site.submits(me)
    officer = at_work(site, report)
    resolved(site, report, officer)
    said(page, site, path_of(report))
    expect(page.get_by_role("button", name="Xong rồi")).to_be_visible()
    page.wait_for_load_state("networkidle")
    phone.set_offline(True)
    page.get_by_role("button", name="Xong rồi").click()
    expect(page.locator(".pending")).to_contain_text("sẽ tự gửi khi có sóng")
    site.takes(site.official(Role.DISPATCHER), "send_back", report["id"], note="Thiếu ảnh.")

    phone.set_offline(False)

    expect(page.locator(".pending")).to_contain_text("Chưa gửi được.")
    expect(page.locator(".pending")).to_contain_text("Đang xử lý")
    page.get_by_role("button", name="Bỏ", exact=True).click()
    expect(page.locator(".pending")).to_have_count(0)
    expect(page.locator(".facts .chip")).to_have_text("Đang xử lý")


def test_no_network_at_the_first_visit_says_what_to_do(
    phone: BrowserContext, page: Page, site: Site, me: str
) -> None:
    report = site.submits(me)
    said(page, site, "/follow")
    page.wait_for_load_state("networkidle")
    phone.set_offline(True)

    page.get_by_label("Mã phản ánh").fill(report["code"])
    page.get_by_role("button", name="Tìm").click()

    expect(page.get_by_text("Chưa có mạng nên chưa tra được.")).to_be_visible()


# Mine -------------------------------------------------------------------------------------------


def test_further_reports_are_shown_when_asked_for(page: Page, site: Site, me: str) -> None:
    for number in range(22):
        site.submits(me, description=f"Việc số {number}")

    said(page, site, "/mine")
    expect(page.locator(".report-card")).to_have_count(20)
    page.get_by_role("button", name="Xem thêm").click()

    expect(page.locator(".report-card")).to_have_count(22)
    expect(page.get_by_role("button", name="Xem thêm")).to_have_count(0)


def test_an_anonymous_report_is_among_mine_and_answers_to_its_own_session(
    page: Page, site: Site, me: str
) -> None:
    site.submits(me)
    hidden = site.call("POST", "/auth/guest", json={"anonymous": True, "locale": "vi"})
    report = site.submits(hidden["token"], identity="anonymous", description="Lấn chiếm vỉa hè")
    page.evaluate(_KEEP_SESSION, {"key": report["id"], **hidden})
    site.takes(site.official(Role.DISPATCHER), "ask", report["id"], note="Từ mấy giờ?")
    site.run_jobs()

    said(page, site, "/mine")
    card = page.locator(".report-card", has_text="Lấn chiếm vỉa hè")
    expect(card).to_contain_text("Ẩn danh")
    expect(page.locator(".report-card")).to_have_count(2)
    card.get_by_role("link").click()
    page.get_by_label("Bạn trả lời").fill("Từ 17 giờ")
    page.get_by_role("button", name="Gửi trả lời").click()
    expect(told(page).filter(has_text="Bạn trả lời")).to_contain_text("Từ 17 giờ")
    assert status(site, hidden["token"], report) == "submitted"

    said(page, site, "/messages")
    message = page.get_by_role("link", name="Cần bạn bổ sung")
    expect(message).to_contain_text("Ẩn danh")
    message.click()
    expect(page.get_by_text("Bạn gửi ẩn danh.")).to_be_visible()


def test_who_complained_reads_the_centres_answer_among_the_messages(
    page: Page, site: Site, me: str
) -> None:
    report = site.submits(description="Ông Ba lấn vỉa hè")
    site.accepted(report["id"])
    told = {"id": str(uuid4()), "text": "Đây là tên của bố tôi."}
    site.call("POST", f"/reports/{report['id']}/complaints", me, json=told)
    by = site.account_of(site.official(Role.DISPATCHER))
    with site.app.app_context():
        decides = Viewer(by, frozenset({(Role.DISPATCHER, snapshot.current().centre.id)}))
        complaints.refuse(UUID(told["id"]), "Không nêu tên ai.", by=decides, at=now())
        db.session.commit()

    said(page, site, "/messages")

    message = page.locator(".message", has_text="Đã xem điều bạn báo")
    expect(message).to_contain_text("Trung tâm trả lời: Không nêu tên ai.")


def test_a_phone_that_sent_nothing_says_so_warmly(page: Page, site: Site) -> None:
    said(page, site, "/mine")

    expect(page.get_by_role("heading", name="Bạn chưa gửi phản ánh nào")).to_be_visible()
    button = page.get_by_role("main").get_by_role("link", name="Phản ánh", exact=True)
    expect(button).to_have_attribute("href", "/new")


# By code ----------------------------------------------------------------------------------------


def looked_up(page: Page, typed: str) -> None:
    page.get_by_label("Mã phản ánh").fill(typed)
    page.get_by_role("button", name="Tìm").click()


def test_a_public_report_is_found_by_its_code_however_it_is_typed(page: Page, site: Site) -> None:
    report = site.submits(description="Cây đổ chắn lối")
    site.accepted(report["id"])
    plain = report["code"].replace("-", "")
    slips = plain[:9].replace("0", "o").replace("1", "l").replace("5", "S") + plain[9].lower()

    for typed in (plain.lower(), f" {report['code']} ", report["code"].replace("-", " – "), slips):
        said(page, site, "/follow")
        looked_up(page, typed)
        expect(page.get_by_role("heading", name="Cây đổ chắn lối")).to_be_visible()

    said(page, site, "/follow")
    expect(page.locator(".follow-row")).to_have_count(1)
    expect(page.locator(".follow-row")).to_contain_text(report["code"])


def test_the_phone_reads_codes_as_the_server_does(page: Page, site: Site) -> None:
    said(page, site, "/follow")
    asked = []
    page.on("request", lambda request: asked.append(request.url.rsplit("/", 1)[-1]))

    for _ in range(8):
        code = codes.new_code()
        wrong = f"{(int(code[0]) + 1) % 10}{code[1:]}"
        looked_up(page, codes.spoken(wrong))
        expect(page.get_by_text("Mã này chưa đúng")).to_be_visible()
        looked_up(page, codes.spoken(code))
        expect(page.get_by_text("Không thấy phản ánh này.")).to_be_visible()
        assert code in asked
        assert wrong not in asked


def test_a_report_that_is_not_public_looks_like_none(page: Page, site: Site) -> None:
    hidden = site.submits()

    said(page, site, path_of(hidden))

    expect(page.get_by_role("heading", name="Không thấy phản ánh này")).to_be_visible()


# Messages ---------------------------------------------------------------------------------------


def test_messages_are_read_one_by_one_and_all_at_once(
    page: Page, site: Site, me: str, shots: Shots
) -> None:
    report = site.submits(me)
    resolved(site, report, at_work(site, report))
    site.run_jobs()
    unread = "select count(*) from message where account_id = :id and read_at is null"
    mine = site.account_of(me)
    before = site.scalar(unread, id=mine)
    assert before >= 2

    said(page, site, "/messages")
    expect(page.locator(".message.unread")).to_have_count(before)
    expect(page.locator("nav.tabs")).to_contain_text(f"{before} chưa đọc")
    shots(page, "messages")
    page.locator(".message.unread a").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(report["code"])
    expect(page.locator("nav.tabs")).to_contain_text(f"{before - 1} chưa đọc")

    page.get_by_role("navigation").get_by_role("link", name=re.compile("Thông báo")).click()
    expect(page.locator(".message.unread")).to_have_count(before - 1)
    page.get_by_role("button", name="Đánh dấu đã đọc hết").click()
    expect(page.locator(".message.unread")).to_have_count(0)
    expect(page.locator("nav.tabs")).not_to_contain_text("chưa đọc")
    until(page, lambda: site.scalar(unread, id=mine) == 0)


def test_what_was_read_offline_is_told_later(
    phone: BrowserContext, page: Page, site: Site, me: str
) -> None:
    site.accepted(site.submits(me)["id"])
    said(page, site, "/mine")
    page.wait_for_load_state("networkidle")
    site.run_jobs()
    page.get_by_role("navigation").get_by_role("link", name=re.compile("Thông báo")).click()
    expect(page.locator(".message.unread")).to_have_count(1)
    expect(page.locator("nav.tabs")).to_contain_text("1 chưa đọc")  # as the list says
    phone.set_offline(True)

    page.get_by_role("button", name="Đánh dấu đã đọc hết").click()
    expect(page.locator(".message.unread")).to_have_count(0)
    with page.expect_response("**/me/messages/read"):
        phone.set_offline(False)
    said(page, site, "/messages")

    expect(page.locator(".message")).to_have_count(1)
    expect(page.locator("nav.tabs")).not_to_contain_text("chưa đọc")
    unread = "select count(*) from message where account_id = :id and read_at is null"
    assert site.scalar(unread, id=site.account_of(me)) == 0

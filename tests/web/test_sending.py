"""What waits on a phone arrives: once, whole, whatever the network and the server do meanwhile."""

import re
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Page, Route

from tests.web.site import Site
from tests.web.waiting import (
    PICTURE,
    a_photo,
    a_report,
    an_act,
    digest,
    opened,
    photos_of,
    put,
    rows,
    stored,
    the,
    until,
    until_state,
    until_waits,
)

REPORTS = r"^POST /api/v1/reports$"
PHOTOS = r"^PUT /api/v1/photos/"
GUEST = r"^POST /api/v1/auth/guest$"


def network_returns(page: Page) -> None:
    page.evaluate("dispatchEvent(new Event('online'))")


def posts(site: Site) -> int:
    return site.faults.seen.count("POST /api/v1/reports")


# No network ----------------------------------------------------------------------------------


def test_a_report_kept_without_a_network_arrives_with_all_its_photos_at_the_next_start(
    phone: BrowserContext, site: Site
) -> None:
    page = opened(phone.new_page(), site)
    phone.set_offline(True)
    photos = [a_photo(number) for number in range(3)]
    report = a_report(photos=photos)
    put(page, photos=photos, drafts=[report], wake=True)
    until_waits(page, "drafts", report["id"], "no-network")
    page.close()
    assert posts(site) == 0
    phone.set_offline(False)
    again = opened(phone.new_page(), site)
    sent = until_state(again, "drafts", report["id"], "sent")
    assert stored(site, report["id"]) == 1 and photos_of(site, report["id"]) == 3
    code = site.scalar("select code from report where id = :i", i=report["id"])
    assert sent["code"].replace("-", "") == code
    hashes = "select array_agg(sha256 order by position) from photo where report_id = :i"
    kept = [bytes(one) for one in site.scalar(hashes, i=report["id"])]
    assert kept == [digest(number) for number in range(3)]
    assert {photo["bytes"] for photo in rows(again, "photos")} == {0}  # their bytes are gone
    assert all(photo["preview"] for photo in rows(again, "photos"))


def test_it_goes_off_by_itself_when_the_network_returns(
    phone: BrowserContext, page: Page, site: Site
) -> None:
    opened(page, site)
    phone.set_offline(True)
    report = a_report()
    put(page, drafts=[report], wake=True)
    waits = until_waits(page, "drafts", report["id"], "no-network")
    assert not waits.get("posted")  # it never left this phone, so it may still be changed
    phone.set_offline(False)
    until_state(page, "drafts", report["id"], "sent")
    assert stored(site, report["id"]) == 1


def test_several_go_oldest_first(page: Page, site: Site) -> None:
    opened(page, site)
    made = [a_report(createdAt=number) for number in (3, 1, 2)]
    put(page, drafts=made, wake=True)
    for report in made:
        until_state(page, "drafts", report["id"], "sent")
    order = "select array_agg(id order by submitted_at) from report where id = any(:ids)"
    ids = [report["id"] for report in made]
    got = [str(one) for one in site.scalar(order, ids=ids)]
    assert got == [ids[1], ids[2], ids[0]]


# A server in trouble, a line that breaks -------------------------------------------------------


@pytest.mark.parametrize("where", [GUEST, PHOTOS, REPORTS])
@pytest.mark.parametrize("status", [500, 503, 429, 403])
def test_a_server_in_trouble_is_asked_again_later(
    page: Page, site: Site, where: str, status: int
) -> None:
    """403 with a page of its own: a hotel's or a proxy's refusal, not the city's."""
    page.clock.install()
    opened(page, site)
    site.faults.where, site.faults.status, site.faults.times = where, status, 1
    photo = a_photo()
    report = a_report(photos=[photo])
    put(page, photos=[photo], drafts=[report], wake=True)
    until_waits(page, "drafts", report["id"], "no-network" if status == 403 else "busy")
    page.clock.fast_forward(20_000)
    until_state(page, "drafts", report["id"], "sent")
    assert stored(site, report["id"]) == 1 and photos_of(site, report["id"]) == 1


def test_one_that_was_turned_away_at_the_door_has_not_arrived_and_may_be_changed(
    page: Page, site: Site
) -> None:
    site.faults.where, site.faults.status, site.faults.times = "^POST /api/v1/reports$", 429, 99
    opened(page, site)
    report = a_report()
    put(page, drafts=[report], wake=True)
    waits = until_waits(page, "drafts", report["id"], "busy")
    assert not waits["posted"]


def test_retry_after_is_kept_to(page: Page, site: Site) -> None:
    page.clock.install()
    opened(page, site)
    site.faults.where, site.faults.status, site.faults.retry_after = REPORTS, 503, 600
    site.faults.times = 1
    report = a_report()
    put(page, drafts=[report], wake=True)
    until_waits(page, "drafts", report["id"], "busy")
    page.clock.fast_forward(590_000)
    page.wait_for_timeout(500)
    assert posts(site) == 1
    page.clock.fast_forward(80_000)
    until_state(page, "drafts", report["id"], "sent")


@pytest.mark.parametrize("cut", ["request", "answer"])
@pytest.mark.parametrize("where", [GUEST, PHOTOS, REPORTS])
def test_a_line_that_is_cut_neither_loses_nor_doubles(
    page: Page, site: Site, where: str, cut: str
) -> None:
    opened(page, site)
    site.faults.where, site.faults.cut, site.faults.times = where, cut, 3
    photo = a_photo()
    report = a_report(photos=[photo])
    put(page, photos=[photo], drafts=[report], wake=True)
    until_waits(page, "drafts", report["id"], "no-network")
    site.faults.heal()
    network_returns(page)
    until_state(page, "drafts", report["id"], "sent")
    assert stored(site, report["id"]) == 1 and photos_of(site, report["id"]) == 1


@pytest.mark.parametrize("where", [GUEST, PHOTOS, REPORTS])
def test_an_answer_that_begins_and_never_ends_holds_nothing_up(
    page: Page, site: Site, where: str
) -> None:
    page.clock.install()
    opened(page, site)
    site.faults.where, site.faults.stall, site.faults.times = where, True, 1
    photo = a_photo()
    report = a_report(photos=[photo])
    put(page, photos=[photo], drafts=[report], wake=True)
    until(page, lambda: any(re.search(where, seen) for seen in site.faults.seen))
    page.wait_for_timeout(500)  # the first half of the answer is there
    assert the(page, "drafts", report["id"])["state"] == "sending"
    page.clock.fast_forward(120_000)  # more than anybody's patience
    until_state(page, "drafts", report["id"], "sent")
    assert stored(site, report["id"]) == 1 and photos_of(site, report["id"]) == 1


def test_a_doubling_phone_would_be_noticed(phone: BrowserContext, page: Page, site: Site) -> None:
    """The negative control: a phone that makes a new id at each try is seen to send twice."""
    phone.add_init_script("""
        const real = window.fetch;
        window.fetch = async (to, how = {}) => {
          if (how.method !== "POST" || !String(to).endsWith("/reports")) return real(to, how);
          const body = JSON.parse(how.body);
          const anew = JSON.stringify({ ...body, id: crypto.randomUUID() });
          const answer = await real(to, { ...how, body: anew });
          return new Response(JSON.stringify({ ...(await answer.json()), id: body.id }), answer);
        };
    """)
    opened(page, site)
    before = site.reports_stored()
    site.faults.where, site.faults.cut, site.faults.times = REPORTS, "answer", 1
    report = a_report()
    put(page, drafts=[report], wake=True)
    until_waits(page, "drafts", report["id"], "no-network")
    network_returns(page)
    until_state(page, "drafts", report["id"], "sent")
    assert site.reports_stored() - before == 2


def test_a_cafes_sign_in_page_is_not_taken_for_the_server(page: Page, site: Site) -> None:
    opened(page, site)
    page.route(
        "**/api/v1/reports",
        lambda route: route.fulfill(status=200, body="<html>Chào mừng</html>"),
        times=1,
    )
    report = a_report()
    put(page, drafts=[report], wake=True)
    until_waits(page, "drafts", report["id"], "no-network")
    network_returns(page)
    until_state(page, "drafts", report["id"], "sent")
    assert stored(site, report["id"]) == 1


def test_one_that_the_server_chokes_on_does_not_hold_up_the_others(page: Page, site: Site) -> None:
    opened(page, site)
    choking, fine = a_photo(1), a_photo(2)
    site.faults.where, site.faults.status, site.faults.times = choking["id"], 500, 9
    first = a_report(photos=[choking], createdAt=1)
    second = a_report(photos=[fine], createdAt=2)
    put(page, photos=[choking, fine], drafts=[first, second], wake=True)
    until_state(page, "drafts", second["id"], "sent")
    assert the(page, "drafts", first["id"])["state"] == "queued"


# Tabs that come and go -------------------------------------------------------------------------


def test_two_tabs_send_once(phone: BrowserContext, site: Site) -> None:
    one, other = opened(phone.new_page(), site), opened(phone.new_page(), site)
    photos = [a_photo(number) for number in range(2)]
    report = a_report(photos=photos)
    put(one, photos=photos, drafts=[report])
    for page in (one, other):
        network_returns(page)
    until_state(other, "drafts", report["id"], "sent")
    assert posts(site) == 1
    assert sum(seen.startswith("PUT /api/v1/photos") for seen in site.faults.seen) == 2


def test_a_tab_that_is_closed_while_sending_is_followed_by_another(
    phone: BrowserContext, site: Site
) -> None:
    one, other = opened(phone.new_page(), site), opened(phone.new_page(), site)
    held: list[Route] = []

    def never_ends(route: Route) -> None:
        held.append(route)

    one.route("**/api/v1/photos/*", never_ends)
    photo = a_photo()
    report = a_report(photos=[photo])
    put(one, photos=[photo], drafts=[report])
    network_returns(one)
    until(one, lambda: held)
    assert the(other, "drafts", report["id"])["state"] == "sending"
    network_returns(other)
    one.close()
    until_state(other, "drafts", report["id"], "sent")
    assert stored(site, report["id"]) == 1 and photos_of(site, report["id"]) == 1


def test_what_a_dead_tab_left_as_being_sent_is_sent(page: Page, site: Site) -> None:
    opened(page, site)
    report = a_report(state="sending", posted=True)
    put(page, drafts=[report])
    page.reload()
    until_state(page, "drafts", report["id"], "sent")
    assert stored(site, report["id"]) == 1


def test_a_clock_put_back_keeps_nothing_waiting(page: Page, site: Site) -> None:
    opened(page, site)
    in_a_year = 1_900_000_000_000
    report = a_report(nextTryAt=in_a_year, tries=3)
    put(page, drafts=[report], wake=True)
    until_state(page, "drafts", report["id"], "sent")


# Who sends --------------------------------------------------------------------------------------


def a_session(token: str, kind: str, **differs: Any) -> dict[str, Any]:
    account = {"id": str(uuid4()), "kind": kind, "locale": "vi"}
    return {"key": "me", "token": token, "account": account} | differs


def test_a_guest_whom_the_server_has_forgotten_loses_no_report(page: Page, site: Site) -> None:
    opened(page, site)
    photo = a_photo()
    report = a_report(photos=[photo])
    put(page, sessions=[a_session("xm_gone", "guest")], photos=[photo], drafts=[report], wake=True)
    until_state(page, "drafts", report["id"], "sent")
    assert stored(site, report["id"]) == 1 and photos_of(site, report["id"]) == 1


def test_photos_that_a_forgotten_guest_had_put_are_put_anew(page: Page, site: Site) -> None:
    opened(page, site)
    photo = a_photo(put=True)
    site.call("PUT", f"/photos/{photo['id']}", site.resident(), content=PICTURE + bytes([0]))
    report = a_report(photos=[photo])
    put(page, sessions=[a_session("xm_gone", "guest")], photos=[photo], drafts=[report], wake=True)
    until_state(page, "drafts", report["id"], "sent")
    assert stored(site, report["id"]) == 1 and photos_of(site, report["id"]) == 1


def test_somebody_signed_in_must_sign_in_again_and_then_it_goes(page: Page, site: Site) -> None:
    opened(page, site)
    report = a_report()
    token = site.resident(guest=False)
    account = {"id": str(site.account_of(token)), "kind": "resident", "locale": "vi"}
    ended = a_session("xm_gone", "resident", account=account)
    put(page, sessions=[ended], drafts=[report], wake=True)
    until_waits(page, "drafts", report["id"], "sign-in")
    assert rows(page, "sessions")[0]["expired"]
    put(page, sessions=[ended | {"token": token}], wake=True)
    until_state(page, "drafts", report["id"], "sent")
    reporter = "select reporter_id from report where id = :i"
    assert site.scalar(reporter, i=report["id"]) == site.account_of(token)


def test_an_anonymous_report_goes_under_a_session_of_its_own(page: Page, site: Site) -> None:
    opened(page, site)
    report = a_report(identity="anonymous")
    report["session"] = report["id"]
    put(page, drafts=[report], wake=True)
    until_state(page, "drafts", report["id"], "sent")
    (session,) = rows(page, "sessions")
    assert session["key"] == report["id"] and session["account"]["kind"] == "anonymous"
    kind = "select a.kind from report r join account a on a.id = r.reporter_id where r.id = :i"
    assert site.scalar(kind, i=report["id"]) == "anonymous"


def test_an_anonymous_report_does_not_leave_in_one_breath_with_another(
    page: Page, site: Site
) -> None:
    page.clock.install()
    opened(page, site)
    hidden = a_report(identity="anonymous", createdAt=1)
    hidden["session"] = hidden["id"]
    urgent = a_report(identity="anonymous", createdAt=2, dangerous=True)
    urgent["session"] = urgent["id"]
    mine = a_report()
    put(page, drafts=[hidden, urgent, mine], wake=True)
    until_state(page, "drafts", mine["id"], "sent")
    until_state(page, "drafts", urgent["id"], "sent")
    waits = until_waits(page, "drafts", hidden["id"], "apart")
    now = page.evaluate("Date.now()")
    assert 45_000 < waits["nextTryAt"] - now <= 300_000
    assert stored(site, hidden["id"]) == 0
    for _ in range(6):
        page.clock.fast_forward(61_000)
        page.wait_for_timeout(300)
    until_state(page, "drafts", hidden["id"], "sent")
    assert stored(site, hidden["id"]) == 1


def test_what_was_tried_in_my_name_becomes_anonymous_under_new_ids(page: Page, site: Site) -> None:
    """Nothing at the server ties the two: no id, no photo that stays behind."""
    opened(page, site)
    site.faults.where, site.faults.status, site.faults.times = REPORTS, 503, 1
    photo = a_photo()
    report = a_report(photos=[photo])
    put(page, photos=[photo], drafts=[report], wake=True)
    until_waits(page, "drafts", report["id"], "busy")
    me = the(page, "sessions", "me")["account"]["id"]
    assert site.scalar("select count(*) from photo where owner_id = :i", i=me) == 1
    back = the(page, "drafts", report["id"])
    put(page, drafts=[back | {"state": "writing", "posted": False, "trouble": None}])
    page.goto(f"{site.url}/new?draft={report['id']}")
    page.get_by_role("button", name=re.compile("Ai biết bạn là ai?")).click()
    page.get_by_text("Ẩn danh", exact=True).click()
    page.get_by_role("button", name="Gửi phản ánh").click()
    sent = until(page, lambda: next((one for one in rows(page, "drafts") if one["code"]), None))
    assert sent["id"] != report["id"] and sent["session"] == sent["id"]
    assert photo["id"] not in sent["photos"] and photos_of(site, sent["id"]) == 1
    count = "select count(*) from photo where owner_id = :i"
    until(page, lambda: site.scalar(count, i=me) == 0)
    assert stored(site, report["id"]) == 0


def test_an_anonymous_session_that_is_lost_before_it_was_used_is_replaced(
    page: Page, site: Site
) -> None:
    opened(page, site)
    report = a_report(identity="anonymous")
    report["session"] = report["id"]
    lost = a_session("xm_gone", "anonymous", key=report["id"])
    put(page, sessions=[lost], drafts=[report], wake=True)
    until_state(page, "drafts", report["id"], "sent")
    assert stored(site, report["id"]) == 1


# Refused ----------------------------------------------------------------------------------------


def test_a_refused_report_stays_with_the_servers_words_and_goes_under_the_same_id(
    page: Page, site: Site
) -> None:
    opened(page, site)
    report = a_report(description="")
    put(page, drafts=[report], wake=True)
    refused = until_state(page, "drafts", report["id"], "refused")
    assert refused["trouble"]["detail"] == "Viết vài chữ, hoặc thêm một tấm ảnh."
    assert refused["trouble"]["fields"][0]["field"] == "description"
    put(page, drafts=[report | {"description": "Cống nghẹt."}], wake=True)
    until_state(page, "drafts", report["id"], "sent")
    assert stored(site, report["id"]) == 1


def test_a_refused_photo_is_named(page: Page, site: Site) -> None:
    opened(page, site)
    fine, broken = a_photo(), a_photo(base64="bm8gcGljdHVyZQ==")
    report = a_report(photos=[fine, broken])
    put(page, photos=[fine, broken], drafts=[report], wake=True)
    refused = until_state(page, "drafts", report["id"], "refused")
    assert [one["field"] for one in refused["trouble"]["fields"]] == [f"photos/{broken['id']}"]
    assert refused["trouble"]["detail"]
    assert the(page, "photos", broken["id"])["bytes"] > 0  # and nothing of it is gone
    assert stored(site, report["id"]) == 0


def test_photos_that_the_server_swept_are_put_again(page: Page, site: Site) -> None:
    opened(page, site)
    photo = a_photo(put=True)
    report = a_report(photos=[photo])
    put(page, photos=[photo], drafts=[report], wake=True)
    until_state(page, "drafts", report["id"], "sent")
    assert photos_of(site, report["id"]) == 1


def test_one_that_arrived_before_it_was_changed_counts_as_sent(page: Page, site: Site) -> None:
    opened(page, site)
    token = site.resident()
    report = a_report(posted=True)
    code = site.submits(token, id=report["id"])["code"]
    put(page, sessions=[a_session(token, "guest")], drafts=[report], wake=True)
    sent = until_state(page, "drafts", report["id"], "sent")
    assert sent["code"] == code and stored(site, report["id"]) == 1


def test_one_that_arrived_under_a_lost_session_is_not_sent_again(page: Page, site: Site) -> None:
    opened(page, site)
    report = a_report(posted=True)
    site.submits(site.resident(), id=report["id"])
    put(page, drafts=[report], wake=True)
    refused = until_state(page, "drafts", report["id"], "refused")
    assert refused["trouble"]["code"] == "arrived-unseen"
    assert stored(site, report["id"]) == 1


# Acts -------------------------------------------------------------------------------------------


def test_a_support_is_sent_and_a_photo_goes_before_the_step_that_names_it(
    page: Page, site: Site
) -> None:
    opened(page, site)
    token = site.resident()
    mine, theirs = site.submits(token), site.submits()
    site.accepted(theirs["id"])
    site.accepted(mine["id"])
    officer = site.officer_of(mine["id"])
    site.takes(officer, "start", mine["id"])
    after = [site.photo(officer, PICTURE)]
    facts = {"outcome": "fixed", "note": "Đã nạo vét.", "photos": after}
    site.takes(officer, "resolve", mine["id"], **facts)
    photo = a_photo(7)
    support = an_act("support", theirs, "PUT", f"/reports/{theirs['id']}/support", None)
    step = an_act("step", mine, "POST", f"/reports/{mine['id']}/steps", None, photos=[photo["id"]])
    step["body"] = {
        "id": step["id"], "step": "reopen", "note": "Vẫn còn ngập.", "photos": [photo["id"]],
    }  # fmt: skip
    put(page, sessions=[a_session(token, "guest")], photos=[photo], acts=[support, step], wake=True)
    until_state(page, "acts", support["id"], "sent")
    until_state(page, "acts", step["id"], "sent")
    assert site.call("GET", f"/reports/{mine['id']}", token)["reopened"] == 1
    assert site.call("GET", f"/reports/{theirs['id']}")["supporters"] == 1


def test_a_comment_whose_answer_was_lost_is_there_once(page: Page, site: Site) -> None:
    opened(page, site)
    report = site.submits()
    site.accepted(report["id"])
    site.faults.where, site.faults.cut, site.faults.times = r"comments$", "answer", 1
    act = an_act("comment", report, "POST", f"/reports/{report['id']}/comments", None)
    act["body"] = {"id": act["id"], "text": "Nhà tôi cũng bị."}
    put(page, acts=[act], wake=True)
    until_waits(page, "acts", act["id"], "no-network")
    network_returns(page)
    until_state(page, "acts", act["id"], "sent")
    assert site.scalar("select count(*) from comment where report_id = :i", i=report["id"]) == 1


def test_a_refused_act_says_why(page: Page, site: Site) -> None:
    opened(page, site)
    nowhere = {"id": str(uuid4()), "code": "123-456-789-A"}
    act = an_act("support", nowhere, "PUT", f"/reports/{nowhere['id']}/support", None)
    put(page, acts=[act], wake=True)
    refused = until_state(page, "acts", act["id"], "refused")
    assert refused["trouble"]["detail"] == "Không tìm thấy phản ánh này."


def test_what_is_said_about_one_report_goes_in_order(page: Page, site: Site) -> None:
    """Support and its withdrawal: while the first waits, so does the second."""
    opened(page, site)
    report = site.submits()
    site.accepted(report["id"])
    path = f"/reports/{report['id']}/support"
    first = an_act("support", report, "PUT", path, None, createdAt=1)
    second = an_act("unsupport", report, "DELETE", path, None, createdAt=2)
    site.faults.where, site.faults.status, site.faults.times = "^PUT .*support$", 500, 1
    put(page, acts=[first, second], wake=True)
    until_waits(page, "acts", first["id"], "busy")
    page.wait_for_timeout(300)
    assert the(page, "acts", second["id"])["state"] == "queued"
    assert not any(seen.startswith("DELETE") for seen in site.faults.seen)

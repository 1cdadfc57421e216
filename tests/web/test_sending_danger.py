"""What is dangerous does not wait because something else has to."""

from playwright.sync_api import Page

from tests.web.site import Site
from tests.web.waiting import a_report, opened, put, stored, the, until_state, until_waits

REPORTS = r"^POST /api/v1/reports$"


def test_when_one_is_sent_too_often_what_is_dangerous_goes_all_the_same(
    page: Page, site: Site
) -> None:
    opened(page, site)
    site.faults.where, site.faults.status, site.faults.retry_after = REPORTS, 429, 1800
    site.faults.times = 1
    first, later = a_report(createdAt=1), a_report(createdAt=2)
    danger = a_report(createdAt=3, dangerous=True)
    put(page, drafts=[first, later, danger], wake=True)

    until_state(page, "drafts", danger["id"], "sent")

    assert stored(site, danger["id"]) == 1
    now = page.evaluate("Date.now()")
    for report in (first, later):
        waits = until_waits(page, "drafts", report["id"], "busy")
        assert waits["nextTryAt"] - now > 1_700_000
    assert site.faults.seen.count("POST /api/v1/reports") == 2


def test_what_is_dangerous_and_sent_too_often_itself_waits_as_it_was_asked_to(
    page: Page, site: Site
) -> None:
    opened(page, site)
    site.faults.where, site.faults.status, site.faults.retry_after = REPORTS, 429, 1800
    site.faults.times = 9
    first, danger = a_report(createdAt=1), a_report(createdAt=2, dangerous=True)
    put(page, drafts=[first, danger], wake=True)

    waits = until_waits(page, "drafts", danger["id"], "busy")

    assert waits["nextTryAt"] - page.evaluate("Date.now()") > 1_700_000
    page.wait_for_timeout(1500)  # no other round, and no other try
    assert site.faults.seen.count("POST /api/v1/reports") == 2
    assert the(page, "drafts", first["id"])["tries"] == 1

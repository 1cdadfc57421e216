"""The console's pages of a report, its photos and its lists: there for whoever sees it from within.

A world of its own: PostgreSQL gets slower with each request that is undone in one transaction.
"""

import pytest

from tests.rights.conftest import STATES
from tests.rights.routes import OFFICIALS, expected
from tests.rights.test_who_may_do_what import ask
from tests.rights.test_who_sees_what import EXPECTED as SEEN
from tests.rights.world import CALLERS, Case, World

TABLE = expected()
#: What of the console's pages names a report, or something of it.
NAMED = (
    "/console/reports/<code>", "/console/triage/<code>", "/console/enter/<code>",
    "/console/photos/<uuid:photo_id>/", "/console/complaints/<uuid:complaint_id>",
    "POST /console/comments",
)  # fmt: skip
OF_A_PAGE = sorted(route for route in TABLE if any(named in route for named in NAMED))
A_SHOWN_PHOTO = sorted(
    route for route in TABLE if "GET /console/photos/" in route and ".jpg" in route
)


@pytest.mark.parametrize("state", STATES)
def test_a_reports_pages_are_there_for_officials_who_see_it_from_within(
    world: World, cases: dict[str, Case], state: str
) -> None:
    for route in OF_A_PAGE:
        gone = state == "erased" and "photo_id>" in route
        gone = gone or "/replies/" in route  # of no reply: see `test_redacted_replies`
        for who in CALLERS:
            status = ask(world, cases[state], route, who).status_code

            if SEEN[state][who] == "I" and not gone:
                assert status != 404, (route, who)
            else:
                assert status in {302, 403, 404}, (route, who)


@pytest.mark.parametrize("state", STATES)
def test_the_console_shows_a_photo_to_officials_who_read_what_it_belongs_to(
    world: World, cases: dict[str, Case], state: str
) -> None:
    for route in A_SHOWN_PHOTO:
        for who in CALLERS:
            answer = ask(world, cases[state], route, who)

            there = SEEN[state][who] in {"P", "I"} and who in OFFICIALS and who != "admin"
            assert (answer.status_code == 200) == (there and state != "erased"), (route, who)
            assert answer.status_code in {200, 302, 403, 404}


@pytest.mark.parametrize("state", STATES)
def test_no_list_of_the_console_names_a_report_that_is_not_seen_from_within(
    world: World, cases: dict[str, Case], state: str
) -> None:
    case, sure = cases[state], {"headers": {"Sec-Fetch-Site": "same-origin"}}
    chosen = sure | {"data": {"picked": f"{case.report_id}.{case.version}"}}

    for who in OFFICIALS:
        account = case.people[who]
        queue = {"query_string": {"status": "all", "q": case.code}}
        listed = world.requests(account, "GET", "/console/queue", **queue)
        in_bulk = world.requests(account, "POST", "/console/bulk/new", **chosen)

        for answer in (listed, in_bulk):
            named = f"/console/reports/{case.code}" in answer.text
            assert named == (SEEN[state][who] == "I"), (who, answer.status_code)

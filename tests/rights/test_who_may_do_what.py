"""Every route × everybody → the answer that one table says, and no route without its line."""

from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from tests.rights.conftest import STATES
from tests.rights.routes import STATE, a_request, expected, fill
from tests.rights.test_who_sees_what import EXPECTED as SEEN
from tests.rights.world import CALLERS, Case, World

TABLE = expected()
OF_A_REPORT = sorted(route for route in TABLE if "named>" in route or "report_id>" in route)
LEAVING = "DELETE /api/v1/reports/<uuid:report_id>/support"
OF_A_PHOTO = sorted(
    route for route in TABLE if "GET" in route and "/api/" in route and "photo_id>" in route
)


def routes_of(app: Flask) -> set[str]:
    return {
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def test_every_route_of_the_house_stands_in_the_table(city_app: Flask) -> None:
    assert routes_of(city_app) - set(TABLE) == set(), "add a line to tests/rights/routes.py"
    assert set(TABLE) - routes_of(city_app) == set(), "these lines have no route"


@pytest.mark.parametrize("route", sorted(TABLE))
def test_each_gets_the_answer_of_the_table(
    world: World, cases: dict[str, Case], route: str
) -> None:
    state = STATE.get(route, "published")
    case = cases[state] if state in cases else world.case(state)

    given = {who: ask(world, case, route, who).status_code for who in CALLERS}

    assert given == TABLE[route]


@pytest.mark.parametrize("state", STATES)
def test_a_report_that_is_not_there_is_not_there_by_any_route(
    world: World, cases: dict[str, Case], state: str
) -> None:
    """Whatever is asked of a report that the caller may not see, the answer is that of a report
    that never was. But whoever supports it may leave, and is no longer there to be told."""
    for route in OF_A_REPORT:
        for who in CALLERS:
            if SEEN[state][who] == "-" and (route, who) != (LEAVING, "supporter"):
                known = told(ask(world, cases[state], route, who))
                never = told(ask(world, nowhere(cases[state]), route, who))

                assert known == never, (route, who)
                assert known[0] in {401, 403, 404}


@pytest.mark.parametrize("state", STATES)
def test_a_photo_is_there_for_whoever_reads_what_it_belongs_to(
    world: World, cases: dict[str, Case], state: str
) -> None:
    case = cases[state]

    for route in OF_A_PHOTO:
        for who in CALLERS:
            answer = ask(world, case, route, who)
            gone = state == "erased"

            there = SEEN[state][who] in {"P", "O", "I"} and not gone
            assert (answer.status_code == 200) == there, (route, who)
            assert answer.status_code in {200, 404}


def ask(world: World, case: Case, route: str, who: str) -> Any:
    method, _, rule = route.partition(" ")
    config = world.requests.app.extensions["xom.config"]
    path = fill(rule, case, config)
    return world.requests(case.people.get(who), method, path, **a_request(route, case))


def nowhere(case: Case) -> Case:
    """The same people, and a report that does not exist."""
    return Case(**{**vars(case), "report_id": uuid4()})


def told(answer: Any) -> tuple[int, dict[str, Any]]:
    return answer.status_code, {k: v for k, v in answer.json.items() if k != "instance"}


def test_nobody_merges_into_what_they_may_not_see(world: World, cases: dict[str, Case]) -> None:
    """An office that tries learns the same of a hidden report as of one that never was."""
    case, route = cases["published"], "POST /api/v1/reports/<uuid:report_id>/steps"
    answers = []
    for target in (cases["against"].report_id, cases["unpublished"].report_id, uuid4()):
        wanted = a_request(route, case)
        wanted["json"] |= {"step": "merge", "target": str(target)}
        path = f"/api/v1/reports/{case.report_id}/steps"
        answers.append(told(world.requests(case.people["officer"], "POST", path, **wanted)))

    assert answers[0][0] in {403, 422}
    assert answers[0] == answers[1] == answers[2]


def test_a_stale_version_tells_residents_the_public_steps_alone(
    world: World, cases: dict[str, Case]
) -> None:
    case = cases["published"]  # accepted, and then joined by a second office: not public

    def changed(who: str) -> list[str]:
        answer = world.requests(
            case.people[who],
            "POST",
            f"/api/v1/reports/{case.report_id}/steps",
            json={"id": str(uuid4()), "step": "start"},
            headers={"If-Match": '"v1"'},
        )
        assert answer.status_code == 412
        return [change["step"] for change in answer.json["changed"]]

    assert changed("other") == changed("owner") == ["accept"]
    assert changed("officer") == ["accept", "join"]

"""Every route × keys of API clients: what is open to all, what names the key's scope, nothing else.

The clients work for the office that leads the report: were their roles to count everywhere, the
keys would read as its officer does.
"""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from werkzeug.routing import Rule

from app.auth import api_clients, issuing
from app.auth.issuing import KeyTerms
from app.auth.scopes import Scope
from app.clock import now
from app.database import db
from reports.city import snapshot
from reports.desk import clients
from tests.rights.conftest import STATES
from tests.rights.routes import STATE, expected
from tests.rights.test_who_may_do_what import ask, told
from tests.rights.world import Case, World

TABLE = expected()
PROBLEM = "application/problem+json"
REFUSED = ("/problems/not-for-keys", "/problems/scope-missing")
#: Where the key is a parameter too, so that the view itself asks for its scope.
OPEN311 = {
    "POST /open311/v2/requests.<string:form>": Scope.REPORTS_CREATE,
    "POST /open311/v2/servicerequestupdates.<string:form>": Scope.UPDATES_WRITE,
}


@pytest.fixture(scope="module")
def keys(world: World, cases: dict[str, Case]) -> Mapping[Scope, str]:
    """A client a scope, each as a caller of its own in every case."""
    at, city = now(), snapshot.current()
    for scope in Scope:
        client_id = uuid4()
        api_clients.make(client_id, str(scope), "it@example.vn", by=None, at=at)
        clients.work_for(client_id, cases["published"].lead, city=city, by=None, at=at)
        terms = KeyTerms(scopes=frozenset({scope}), per_minute=6000, per_day=1_000_000)
        world.requests.tokens[client_id] = (
            issuing.issue(client_id, uuid4(), terms, by=None, at=at)[1] or ""
        )
        for case in cases.values():
            case.people[str(scope)] = client_id
    db.session.commit()
    return {scope: str(scope) for scope in Scope}


def view_of(app: Flask, route: str) -> Any:
    method, _, rule = route.partition(" ")
    found: list[Rule] = [
        one
        for one in app.url_map.iter_rules()
        if one.rule == rule and method in (one.methods or ())
    ]
    return app.view_functions[found[0].endpoint]


def case_of(world: World, cases: dict[str, Case], route: str) -> Case:
    state = STATE.get(route, "published")
    return cases[state if state in cases else "published"]


@pytest.mark.parametrize("route", sorted(TABLE))
def test_a_key_enters_what_names_its_scope_and_else_what_is_open_to_all(
    world: World,
    cases: dict[str, Case],
    keys: Mapping[Scope, str],
    city_app: Flask,
    route: str,
) -> None:
    view, case = view_of(city_app, route), case_of(world, cases, route)
    scope = getattr(view, "xom_scope", None) or OPEN311.get(route)

    for one, who in keys.items():
        answer = ask(world, case, route, who)

        problem = answer.json if answer.mimetype == PROBLEM else {}
        refused = problem.get("type") in REFUSED
        if one is scope:
            closed = {401, 403} if route in OPEN311 else {401}
            assert not refused and answer.status_code not in closed, (who, answer.status_code)
        elif view.xom_mark.signed_in:
            assert answer.status_code == 403, (who, answer.status_code)
            assert refused or not answer.is_json, (who, answer.json)
        else:
            assert answer.status_code == TABLE[route]["anybody"], (who, answer.status_code)


@pytest.mark.parametrize("state", STATES)
def test_a_key_reads_of_a_report_what_anybody_reads(
    world: World, cases: dict[str, Case], keys: Mapping[Scope, str], state: str
) -> None:
    for route in (
        "GET /api/v1/reports/<string:named>",
        "GET /api/v1/reports/<string:named>/timeline",
    ):
        anybody = besides_oneself(told(ask(world, cases[state], route, "anybody")))

        for who in keys.values():
            assert besides_oneself(told(ask(world, cases[state], route, who))) == anybody, who


def besides_oneself(answer: tuple[int, Any]) -> tuple[int, Any]:
    """Without what is told to whoever is known: what they think of it themselves."""
    status, body = answer
    return status, {k: v for k, v in body.items() if k not in {"supported", "my_rating"}}

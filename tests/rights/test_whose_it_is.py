"""What somebody made is there for those whose it is, by every act that a page has for it: they are
answered by a page or a redirect; to everybody else it is forbidden, or not there.
"""

from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from tests.rights.routes import expected
from tests.rights.things import Things, made
from tests.rights.world import World

#: method path | who may. {…} are ids of `things`; what follows a ? is the form.
TABLE = """
GET /bulk/{run waiting}                            | officer
POST /bulk/{run waiting}/stop                      | officer
POST /bulk/{run stopped}/go-on                     | officer
POST /bulk/{run failed}/again                      | officer
POST /bulk/{run done}/undo?id={new}&note=Nhầm      | officer
GET /handover/{run handed}                         | head
POST /bulk/{run handed}/undo?id={new}              | head
POST /filters/{filter own}?name=Trễ                | officer
POST /filters/{filter own}/down                    | officer
POST /filters/{filter own}/delete                  | officer
POST /filters/{filter shared}?name=Trễ             | officer
POST /filters/{filter shared}/up                   | officer
POST /filters/{filter shared}/delete               | officer head
GET /templates/{template of the ward}              | officer colleague head
POST /templates/{template of the ward}?office={ward}&name=A&step=resolve&text_vi=B | head
POST /templates/{template of the ward}/retire      | head
POST /templates/{template of the ward}/restore     | head
GET /templates/{template of all}                   | officer colleague head elsewhere dispatcher leader
POST /templates/{template of all}?name=A&step=resolve&text_vi=B | dispatcher
POST /templates/{template of all}/retire           | dispatcher
POST /templates/{template of all}/restore          | dispatcher
GET /inbox/{message}                               | officer
GET /admin/accounts/{account}                      | head admin
POST /admin/accounts/{account}/roles?role=officer&office=ubnd-19789&since={in 20 days} | head admin
POST /admin/accounts/{account}/roles/{grant}/end   | head admin
POST /admin/accounts/{account}/disable             | head admin
POST /admin/accounts/{account}/enable              | head admin
POST /admin/accounts/{account}/password            | head admin
POST /admin/accounts/{account}/second-factor       | admin
POST /admin/invitations/{invitation}/again         | head admin
POST /admin/invitations/{invitation}/withdraw      | head admin
POST /notices/{notice}/end                         | dispatcher admin
POST /limits/{limit}/lift                          | dispatcher
POST /city/duty/{shift}/remove                     | admin
POST /city/calendar/hours/{hours}/remove           | admin
POST /dead-letters/{delivery}/retry                | admin
POST /dead-letters/retry?kind={kind}               | admin
POST /admin/accounts/invite?role=officer&office=ubnd-19789&name=Lê Chi&email=chi@hue.example | head admin
POST /handover?id={new}&office=ubnd-19789&from={officer}&to=nobody | head
POST /city/duty?office=ubnd-19789&person={account}&since={in 20 days}T08:00&until={in 20 days}T17:00 | admin
POST /city/calendar/days?day={in 20 days}&working=no&note=Bão | admin
GET /admin/webhooks/{webhook}                      | head admin
POST /admin/webhooks/{webhook}?url=http://127.0.0.1:9/in | head
POST /admin/webhooks/{webhook}/off                 | head admin
POST /admin/webhooks/{webhook}/on                  | head
POST /admin/webhooks/{webhook}/test                | head
POST /admin/webhooks/{webhook}/secret              | head
POST /admin/webhooks/{webhook}/replay?since={in 20 days}T08:00 | head
POST /admin/webhooks/{webhook}/remove              | head admin
GET /admin/api-clients/{client}                    | admin
POST /admin/api-clients/{client}?name=A&contact_email=it@hue.example | admin
POST /admin/api-clients/{client}/close             | admin
POST /admin/api-clients/{client}/open              | admin
POST /admin/api-clients/{client}/keys?id={new}&scopes=updates:read&per_minute=60&per_day=100 | admin
POST /admin/api-clients/{client}/keys/{key}?scopes=updates:read&per_minute=60&per_day=90 | admin
POST /admin/api-clients/{client}/keys/{key}/replace?id={new} | admin
POST /admin/api-clients/{client}/keys/{key}/revoke | admin
POST /admin/api-clients/{client}/keys/{key}/put-back | admin
POST /me/calendars/{calendar}/withdraw             | officer
POST /reports/{report}/limit?kind=flood&reason=Gửi quảng cáo nhiều lần&until={in 20 days} | dispatcher
"""  # noqa: E501
LINES = [line.split("|") for line in TABLE.strip().splitlines()]


@pytest.fixture(scope="module")
def things(world: World) -> Things:
    return made(world)


@pytest.mark.parametrize(("asked", "who"), LINES, ids=[asked.split("?")[0] for asked, _ in LINES])
def test_it_is_there_for_those_whose_it_is_alone(
    world: World, things: Things, asked: str, who: str
) -> None:
    may = set(who.split())

    given = {one: answer(world, things, asked, one) for one in (*things.people, "anybody")}

    assert {one for one, status in given.items() if status in {200, 303}} == may, given
    assert given.pop("anybody") == 302
    assert set(given.values()) <= {200, 303, 403, 404}


def answer(world: World, things: Things, asked: str, who: str) -> int:
    method, path, form = parted(asked, things)
    sent: dict[str, Any] = {"headers": {"Sec-Fetch-Site": "same-origin"}}
    if method == "POST":
        sent["data"] = dict(pair.split("=") for pair in form.split("&") if pair)
    account = things.people.get(who)
    return world.requests(account, method, path, **sent).status_code


def parted(asked: str, things: Things) -> tuple[str, str, str]:
    """Method, path, form."""
    method, _, rest = asked.strip().format(**things.ids, new=uuid4()).partition(" ")
    path, _, form = rest.partition("?")
    return method, f"/console{path}", form


def test_what_the_great_table_asks_for_in_vain_is_asked_for_here(
    city_app: Flask, things: Things
) -> None:
    """There, what is asked for by an id is not there, nor for those whose it would be."""
    adapter = city_app.url_map.bind("localhost")
    asked_for = set()
    for asked, _ in LINES:
        method, path, _ = parted(asked, things)
        rule, _ = adapter.match(path, method, return_rule=True)
        asked_for.add(f"{method} {rule.rule}")
    in_vain = {
        route
        for route, answers in expected().items()
        if " /console/" in route and 404 in answers.values()
        if not set(answers.values()) & {200, 201, 204, 303}
    }

    assert in_vain - asked_for <= ELSEWHERE


#: By a secret that a letter carries, of an office that only letters reach, of one's own device, of
#: an answer's words, of what a webhook was told: each has its own tests (`test_office_links`,
#: `test_accounts`, `test_inbox`, `test_redaction`, `test_city_webhooks`).
ELSEWHERE = {
    "GET /console/invitation/<secret>",
    "POST /console/invitation/<secret>",
    "GET /console/password/<secret>",
    "POST /console/password/<secret>",
    "GET /console/office/<token>",
    "POST /console/office/<token>/steps/<step>",
    "GET /console/office/<token>/photos/<uuid:photo_id>.jpg",
    "GET /console/office/<token>/photos/<uuid:photo_id>-400.jpg",
    "POST /console/reports/<code>/office-links/<office_code>/send",
    "POST /console/reports/<code>/office-links/<office_code>/revoke",
    "POST /console/me/devices/<uuid:installation_id>",
    "POST /console/reports/<code>/replies/<uuid:change_id>/words",
    "POST /console/admin/webhooks/<uuid:webhook_id>/deliveries/<int:delivery_id>/replay",
}

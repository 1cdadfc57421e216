"""Every step × everybody × every status from which the machine has it: what the console's page and
the API offer, and what the form and the API's request come to, are what one table says.
"""

import re
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from werkzeug.test import TestResponse

from app.clock import now
from app.database import db
from reports.desk.models import Complaint
from reports.statuses import STEPS, Step
from tests.rights.stations import (
    CALLERS,
    MORE_TIME,
    OFFICIALS,
    STATIONS,
    Station,
    order_of,
    station,
)
from tests.rights.world import World

#: As a script of our pages asks: refusals draw the report alone, which costs less than the list.
OURS = {"Sec-Fetch-Site": "same-origin", "HX-Request": "true", "HX-Target": "article#report"}
OFFERED = re.compile(r"""(?:[?;&]step=|/steps/)([a-z_]+)""")


@pytest.fixture(scope="module")
def stations(world: World) -> dict[str, Station]:
    return {name: station(world, name) for name in STATIONS}


def may(who: str, step: Step, at: Station) -> bool:
    """What `statuses.STEPS` says of whoever stands so. A request for more time is answered once it
    is made, and made once."""
    if step.name in {"grant_extension", "refuse_extension"} and at.name not in MORE_TIME:
        return False
    if step.name == "ask_extension" and at.name in MORE_TIME:
        return False
    return at.status in step.before and bool(at.stands(who) & step.by)


@pytest.mark.parametrize("name", STATIONS)
def test_what_is_offered_is_what_the_table_allows(
    world: World, stations: dict[str, Station], name: str
) -> None:
    at = stations[name]
    for who in CALLERS:
        allowed = {step.name for step in STEPS.values() if may(who, step, at)}

        told = asked(world, at, who, "GET", f"/api/v1/reports/{at.report_id}")
        shown = asked(world, at, who, "GET", f"/console/reports/{at.code}", headers=OURS)

        if told.status_code == 200:
            assert {step["step"] for step in told.json["steps"]} == allowed, who
        if shown.status_code == 200:
            drawn = shown.text.partition('id="steps"')[2].partition("<section")[0]
            assert set(OFFERED.findall(drawn)) == allowed, who
        sees = who in OFFICIALS and shown.status_code == 200
        assert sees or not allowed or who == "owner", f"{who} may act on what is not shown"


@pytest.mark.parametrize("name", STATIONS)
def test_a_step_is_taken_by_whom_the_table_names_and_by_nobody_else(
    world: World, stations: dict[str, Station], name: str
) -> None:
    at = stations[name]
    wanted, given = {}, {}
    for step in (one for one in STEPS.values() if at.status in one.before):
        for who in CALLERS:
            allowed = may(who, step, at)
            wanted[step.name, who] = (allowed and who in OFFICIALS, allowed)
            given[step.name, who] = taken(world, at, step.name, who)

    assert {key: told for key, told in given.items() if told != wanted[key]} == {}


@pytest.mark.parametrize("name", STATIONS)
def test_no_step_is_taken_from_where_the_table_has_none(
    world: World, stations: dict[str, Station], name: str
) -> None:
    at = stations[name]
    for step in (one for one in STEPS.values() if at.status not in one.before):
        who = next((one for one in CALLERS if at.stands(one) & step.by), "dispatcher")

        typed = order_of(step.name, at, world)[1]
        assert by_form(world, at, step.name, who, typed).status_code == 403, (step.name, who)


def taken(world: World, at: Station, step: str, who: str) -> tuple[bool, bool]:
    """Whether the console's form, and the API's request, did it. Neither fails for another reason
    than that it may not be."""
    order, typed = order_of(step, at, world)
    api, version = f"/api/v1/reports/{at.report_id}/steps", {"If-Match": f'"v{at.version}"'}
    form = by_form(world, at, step, who, typed)
    request = asked(world, at, who, "POST", api, json=order, headers=version)

    assert form.status_code in {303, 403, 404, 409}, (step, who, form.text[-3000:])
    assert request.status_code in {200, 403, 404, 409}, (step, who, request.text)
    return form.status_code == 303, request.status_code == 200


def by_form(
    world: World, at: Station, step: str, who: str, typed: dict[str, object]
) -> TestResponse:
    page = f"/console/reports/{at.code}/steps/{step}"
    return asked(world, at, who, "POST", page, data=typed, headers=OURS)


def asked(
    world: World, at: Station, who: str, method: str, path: str, **sent: object
) -> TestResponse:
    return world.requests(at.people[who], method, path, **sent)


# The centre's own desk ---------------------------------------------------------------------------

#: Each act of triage with where the report stands, and what its form carries besides.
TRIAGE = {
    "accept": ("submitted", {}),
    "reject": ("submitted", {"reason": "unclear"}),
    "merge": ("accepted", {}),
    "undo": ("merged", {}),
    "checked": ("resolved", {}),
    "send_back": ("resolved", {"note": "Ảnh chưa rõ."}),
}


@pytest.mark.parametrize("act", TRIAGE)
def test_every_act_of_triage_is_the_dispatchers_alone(
    world: World, stations: dict[str, Station], act: str
) -> None:
    name, words = TRIAGE[act]
    at = stations[name]
    form = {"id": str(uuid4()), "seen": str(at.version), "target": at.lead[1], **words}
    path = f"/console/triage/{at.code}/{act}"

    given = {who: asked(world, at, who, "POST", path, data=form, headers=OURS) for who in CALLERS}

    assert {who for who, answer in given.items() if answer.status_code == 303} == {"dispatcher"}
    assert {answer.status_code for answer in given.values()} == {303, 403}


@pytest.fixture(scope="module")
def complaint_id(world: World, stations: dict[str, Station]) -> Iterator[UUID]:
    at, complaint_id = stations["accepted"], uuid4()
    facts = {"report_id": at.report_id, "account_id": at.people["owner"], "at": now()}
    db.session.add(Complaint(id=complaint_id, text="Đây là nhà tôi.", **facts))
    db.session.commit()
    yield complaint_id


@pytest.mark.parametrize("act", ["hide", "redact", "put_back", "refuse"])
def test_every_answer_to_a_complaint_is_the_dispatchers_alone(
    world: World, stations: dict[str, Station], complaint_id: UUID, act: str
) -> None:
    at, form = stations["accepted"], {"answer": "Cảm ơn bạn đã báo."}
    path = f"/console/complaints/{complaint_id}/{act}"

    given = {who: asked(world, at, who, "POST", path, data=form, headers=OURS) for who in CALLERS}

    assert {who for who, answer in given.items() if answer.status_code == 303} == {"dispatcher"}
    assert {answer.status_code for answer in given.values()} == {303, 403}

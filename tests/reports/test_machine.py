"""The whole machine, walked: every status, every step, every role. The table below is written from
the design, not from the code."""

from datetime import timedelta
from uuid import uuid4

import pytest

from app.database import db
from app.errors import Forbidden
from reports import workflow
from reports.models import Report
from reports.orders import StepOrder
from reports.permissions import Viewer
from reports.statuses import STEPS, Role, Status
from tests.reports.conftest import House

#: step | from | who
DESIGN = """
accept           | submitted                                         | dispatcher system
reject           | submitted accepted returned waiting               | dispatcher
reconsider       | rejected                                          | reporter dispatcher
start            | accepted                                          | officer head
assign           | accepted in_progress waiting                      | officer head
ask              | submitted accepted in_progress                    | officer head dispatcher
answer           | waiting                                           | reporter
resume           | waiting                                           | officer head dispatcher system
return           | accepted in_progress                              | officer head
forward          | accepted in_progress returned waiting             | dispatcher
join             | submitted accepted in_progress waiting returned   | dispatcher
unjoin           | submitted accepted in_progress waiting returned   | dispatcher
amend            | submitted accepted in_progress waiting returned   | dispatcher
ask_extension    | accepted in_progress                              | head
grant_extension  | accepted in_progress                              | dispatcher
refuse_extension | accepted in_progress                              | dispatcher
resolve          | in_progress                                       | officer head
send_back        | resolved                                          | dispatcher
confirm          | resolved                                          | reporter system
reopen           | resolved closed                                   | reporter
merge            | submitted accepted in_progress waiting returned   | officer head dispatcher
unmerge          | merged                                            | officer head dispatcher
withdraw         | submitted accepted waiting                        | reporter
publish          | submitted accepted in_progress waiting returned resolved closed rejected merged | dispatcher
hide             | submitted accepted in_progress waiting returned resolved closed rejected merged withdrawn | dispatcher
"""  # noqa: E501

EXPECTED = {
    step.strip(): (set(before.split()), set(who.split()))
    for step, before, who in (line.split("|") for line in DESIGN.strip().splitlines())
}
#: Where a role cannot stand: the office has no part in a report that is not theirs (yet).
NOT_THEIRS = {Status.SUBMITTED, Status.RETURNED}

TO_STATUS = {
    Status.SUBMITTED: [],
    Status.ACCEPTED: ["accept"],
    Status.IN_PROGRESS: ["accept", "start"],
    Status.WAITING: ["accept", "ask"],
    Status.RETURNED: ["accept", "return"],
    Status.RESOLVED: ["accept", "start", "resolve"],
    Status.CLOSED: ["accept", "start", "resolve", "confirm"],
    Status.REJECTED: ["reject"],
    Status.MERGED: ["accept", "merge"],
    Status.WITHDRAWN: ["withdraw"],
}


def test_the_table_names_every_step_of_the_machine() -> None:
    assert set(EXPECTED) == set(STEPS)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("status", list(Status))
def test_every_step_is_taken_by_those_whose_it_is_and_by_nobody_else(
    house: House, status: Status, role: Role
) -> None:
    report, office, other = a_report_in(house, status)
    viewer = somebody(house, role, office)
    taken, offered = set(), {s.name for s in workflow.allowed_steps(report, by=viewer, at=house.at)}

    for step in STEPS:
        if may_take(house, report, step, viewer, office, other):
            taken.add(step)

    assert taken == expected(status, role)
    assert offered == expected(status, role) - {"unjoin"}  # nobody has joined yet


def expected(status: Status, role: Role) -> set[str]:
    allowed = {step for step, (before, who) in EXPECTED.items() if status in before and role in who}
    if role in {Role.OFFICER, Role.HEAD} and status in NOT_THEIRS:
        return set()
    if not (role is Role.DISPATCHER and status in {Status.ACCEPTED, Status.IN_PROGRESS}):
        return allowed
    return allowed - {"grant_extension", "refuse_extension"}  # nobody has asked for more time


def a_report_in(house: House, status: Status) -> tuple[Report, str, Report]:
    """A report taken to a status by the steps that lead there, and another to merge into."""
    other = house.submits("Minh")
    report = house.submits("Lan")
    office = house.city.offices_by_id[report.office_id].code
    dispatcher = house.official(Role.DISPATCHER)
    by = {"resolve": "officer", "start": "officer", "return": "officer", "ask": "officer"}
    house.takes(dispatcher, "accept", other)
    for step in TO_STATUS[status]:
        who: Viewer | str = dispatcher
        if by.get(step):
            who = house.official(Role.OFFICER, office)
        if step in {"confirm", "withdraw"}:
            who = "Lan"
        house.takes(who, step, report, **fields(house, step, other))
    assert report.status == status
    return report, office, other


def somebody(house: House, role: Role, office: str) -> Viewer:
    if role is Role.REPORTER:
        return Viewer(house.person("Lan").account_id)
    if role is Role.SYSTEM:
        return workflow.SYSTEM
    return house.official(role, office if role in {Role.OFFICER, Role.HEAD} else None)


def fields(house: House, step: str, other: Report) -> dict[str, object]:
    """What the step needs, right in every way."""
    if step == "amend":
        return {"urgent": False}
    given = {
        "note": "Vì sao, bằng vài chữ.",
        "reason": "unclear",
        "office": some_other_office(house),
        "outcome": "explained",
        "until": house.at + timedelta(days=60),
        "target": other.id,
    }
    return {name: given[name] for name in STEPS[step].needs}


def some_other_office(house: House) -> str:
    for office in house.city.office_by_code.values():
        if office.kind == "department":
            return office.code
    raise AssertionError("the city has no department")


def may_take(
    house: House, report: Report, step: str, viewer: Viewer, office: str, other: Report
) -> bool:
    """Try the step for real, then undo it. A wrong field is not a refusal of the step. Whatever was
    taken, a report has a result exactly while it is answered: figures count results by that."""
    wanted = fields(house, step, other)
    if step == "assign":
        wanted["person"] = house.official(Role.OFFICER, office).account_id
    if step == "unjoin":
        dispatcher = house.official(Role.DISPATCHER)
        if report.status in EXPECTED["join"][0]:
            house.takes(dispatcher, "join", report, office=wanted["office"])
    savepoint = db.session.begin_nested()
    try:
        order = StepOrder(id=uuid4(), step=step, **wanted)  # type: ignore[arg-type]
        workflow.move(report, order, by=viewer, at=house.at)
    except Forbidden:
        return False
    else:
        is_answered = report.status in {Status.RESOLVED, Status.CLOSED}
        assert is_answered == (report.outcome is not None)
        return True
    finally:
        savepoint.rollback()
        db.session.refresh(report)
        if step == "unjoin" and report.status in EXPECTED["join"][0]:
            house.takes(dispatcher, "unjoin", report, office=wanted["office"])

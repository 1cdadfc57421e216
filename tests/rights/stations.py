"""One report in every status of its life, with everybody who might step on it: made once, and what
is done to it undone after each request.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from app.database import db
from reports import codes
from reports.models import Report
from reports.permissions import Viewer
from reports.statuses import Role, Status
from tests.rights.world import ELSEWHERE, JOINED, World

#: Those who have an account here; `head of the centre` heads the office to which work is returned.
OFFICIALS = (
    "dispatcher", "officer", "head", "joined", "elsewhere", "head of the centre", "leader", "admin",
)  # fmt: skip
CALLERS = (*OFFICIALS, "owner")
#: Where a report may stand. More time is asked for within a status.
MORE_TIME = ("accepted, more time asked", "in_progress, more time asked")
STATIONS = (*(str(status) for status in Status), *MORE_TIME)
#: No office has it there: nobody of the office that is proposed stands to it yet.
WITH_NOBODY = ("submitted", "rejected", "withdrawn")


@dataclass
class Station:
    """A report where it stands, and who asks."""

    name: str
    report_id: UUID
    code: str
    version: int
    lead: tuple[UUID, str]  # another report, which it may be merged into
    people: dict[str, UUID] = field(default_factory=dict)

    @property
    def status(self) -> Status:
        return Status(self.name.partition(",")[0])

    def stands(self, who: str) -> frozenset[Role]:
        """The roles in which somebody stands to this report, as docs and `permissions` say."""
        if who == "dispatcher":
            return frozenset({Role.DISPATCHER})
        if who == "owner":
            return frozenset({Role.REPORTER})
        if self.name == "returned":  # the centre has it, whose head also decides on it
            both = frozenset({Role.HEAD, Role.DISPATCHER})
            return both if who == "head of the centre" else frozenset()
        with_office = self.name not in WITH_NOBODY and who in {"officer", "head"}
        return frozenset({Role(who)}) if with_office else frozenset()


def station(world: World, name: str) -> Station:
    """A report brought there by the steps that lead there."""
    house = world.house
    owner = world.resident(f"{name} owner", "owner")
    lead = _accepted(world, house.submits("somebody else"))
    report = house.submits(f"{name} owner")
    office = house.city.offices_by_id[report.office_id].code
    if name == "returned":  # what the centre's head sees lies at the centre as well
        house.takes(house.official(Role.OFFICER, office), "return", lead, **_NOT_OURS)
    made = Station(name, report.id, codes.spoken(report.code), 0, (lead.id, lead.code))
    made.people = {
        "owner": owner,
        "dispatcher": world.official(Role.DISPATCHER),
        "officer": world.official(Role.OFFICER, office),
        "head": world.official(Role.HEAD, office),
        "joined": world.official(Role.OFFICER, JOINED),
        "elsewhere": world.official(Role.OFFICER, ELSEWHERE),
        "head of the centre": world.official(Role.HEAD),
        "leader": world.official(Role.LEADER),
        "admin": world.official(Role.ADMIN),
    }
    _bring(world, report, made, lead)
    db.session.commit()
    made.version = db.session.get_one(Report, report.id, populate_existing=True).version
    assert report.status == made.status
    return made


def _accepted(world: World, report: Report) -> Report:
    """With the second office that each of them has."""
    world.house.takes(world.dispatcher, "accept", report)
    world.house.takes(world.dispatcher, "join", report, office=JOINED)
    return report


def _bring(world: World, report: Report, made: Station, lead: Report) -> None:
    house, owner = world.house, Viewer(made.people["owner"])
    office = house.city.offices_by_id[report.office_id].code
    officer, head = (house.official(role, office) for role in (Role.OFFICER, Role.HEAD))
    asks = (head, "ask_extension", {"note": "Chờ vật tư.", "until": house.at + timedelta(days=60)})
    done: Mapping[str, tuple[tuple[Viewer, str, dict[str, Any]], ...]] = {
        "accepted": (),
        "accepted, more time asked": (asks,),
        "in_progress": ((officer, "start", {}),),
        "in_progress, more time asked": ((officer, "start", {}), asks),
        "waiting": ((officer, "ask", {"note": "Ở đâu?"}),),
        "returned": ((officer, "return", _NOT_OURS),),
        "resolved": ((officer, "start", {}), (officer, "resolve", _AN_ANSWER)),
        "closed": (
            (officer, "start", {}), (officer, "resolve", _AN_ANSWER), (owner, "confirm", {}),
        ),
        "merged": ((world.dispatcher, "merge", {"target": lead.id}),),
    }  # fmt: skip
    if made.name in WITH_NOBODY:
        house.takes(world.dispatcher, "join", report, office=JOINED)
    if made.name == "rejected":
        house.takes(world.dispatcher, "reject", report, reason="unclear", note="Chưa rõ.")
    elif made.name == "withdrawn":
        house.takes(owner, "withdraw", report)
    elif made.name != "submitted":
        _accepted(world, report)
        for by, step, order in done[made.name]:
            house.takes(by, step, report, **order)


_NOT_OURS = {"note": "Không thuộc đơn vị."}
_AN_ANSWER = {"outcome": "explained", "note": "Đã xem."}


def order_of(step: str, at: Station, world: World) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a step needs, told to the API, and typed into the console's form."""
    later = world.house.at + timedelta(days=90)
    told: dict[str, dict[str, Any]] = {
        "reject": {"reason": "unclear"},
        "assign": {"person": str(at.people["officer"])},
        "forward": {"office": ELSEWHERE},
        "join": {"office": ELSEWHERE},
        "unjoin": {"office": JOINED},
        "amend": {"urgent": True},
        "ask_extension": {"until": later.isoformat()},
        "resolve": {"outcome": "explained"},
        "merge": {"target": str(at.lead[0])},
    }
    typed: dict[str, dict[str, str]] = {
        "amend": {"has_urgent": "yes", "urgent": "yes"},
        "ask_extension": {"until": f"{later:%Y-%m-%d}"},
        "merge": {"target_code": at.lead[1]},
    }
    words = {"id": str(uuid4()), "note": "Đã xem."}
    order = words | {"step": step} | told.get(step, {})
    return order, words | (typed.get(step) or told.get(step, {})) | {"seen": str(at.version)}

"""An official who leaves is out at the next request: sessions, role and devices."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest

from app.auth import accounts
from app.auth.models import Account
from app.clock import now
from app.database import db
from notifications.models import Device
from reports import roles
from reports.city.models import Office
from reports.statuses import Role
from tests.rights.world import Case, World, undone

DOORS = [
    ("GET", "/api/v1/queue", 403),
    ("GET", "/api/v1/reports/{report}", 404),
    ("GET", "/api/v1/reports/{report}/timeline", 404),
    ("POST", "/api/v1/reports/{report}/steps", 404),
    ("POST", "/api/v1/reports/{report}/notes", 403),
    ("POST", "/api/v1/reports/{report}/reporter", 404),
    ("GET", "/api/v1/photos/{photo}.jpg", 404),
]
BODIES = {
    "steps": {"step": "start"},
    "notes": {"text": "Đã xem."},
    "reporter": {"reason": "Hỏi vị trí"},
}


def knock(world: World, account_id: UUID, case: Case) -> list[int]:
    """What each door answers."""
    answers = []
    for method, address, _ in DOORS:
        path = address.format(report=case.report_id, photo=case.photo_id)
        body = BODIES.get(path.rpartition("/")[2])
        if body is not None and "reason" not in body:
            body = {"id": str(uuid4()), **body}
        headers = {"If-Match": f'"v{case.version}"'}
        answer = world.requests(account_id, method, path, json=body, headers=headers)
        answers.append(answer.status_code)
    return answers


def revoke(role: Role, code: str) -> Callable[[UUID], None]:
    def act(account_id: UUID) -> None:
        office = db.session.query(Office).filter_by(code=code).one()
        assert roles.revoke(account_id, role, office, by=None, at=now())

    return act


def disable(account_id: UUID) -> None:
    accounts.disable(db.session.get_one(Account, account_id))


@pytest.mark.parametrize("who", ["officer", "head", "joined", "dispatcher", "leader"])
def test_a_role_that_ended_opens_nothing_any_more(
    world: World, cases: dict[str, Case], who: str
) -> None:
    case = cases["held_back"]
    account_id = case.people[who]
    held = roles.held_by(account_id, now())
    before = knock(world, account_id, case)

    with undone(world.requests.connection):
        for role, office in held:
            revoke(Role(role), office.code)(account_id)
        after = knock(world, account_id, case)
        stays = world.requests(account_id, "GET", "/api/v1/me")

    assert before[:3] == [200, 200, 200]
    assert after == [refusal for _, _, refusal in DOORS]
    assert (stays.status_code, stays.json["roles"]) == (200, [])


@pytest.mark.parametrize("who", ["officer", "dispatcher", "admin"])
def test_an_account_that_was_closed_is_a_stranger_at_once(
    world: World, cases: dict[str, Case], who: str
) -> None:
    case = cases["held_back"]
    account_id, device_id = case.people[who], uuid4()
    signed_in = world.requests(account_id, "GET", "/api/v1/me").status_code

    with undone(world.requests.connection):
        device = {"kind": "fcm_token", "address": f"token-{device_id}"}
        put = world.requests.kept(
            account_id, "PUT", f"/api/v1/devices/{device_id}", json=device
        ).status_code
        disable(account_id)
        after = knock(world, account_id, case)
        devices = db.session.query(Device).filter_by(account_id=account_id).count()
        db.session.commit()

    assert (signed_in, put, devices) == (200, 200, 0)
    assert after == [401, 404, 404, 401, 401, 401, 404]  # what is public is open to strangers too


def test_a_role_for_one_office_is_none_for_another(world: World, cases: dict[str, Case]) -> None:
    """Moved to another office: the old work is gone at once, the new there at once."""
    case = cases["held_back"]
    mover = world.official(Role.OFFICER, "so-khcn")
    before = world.requests(mover, "GET", f"/api/v1/reports/{case.report_id}").status_code

    with undone(world.requests.connection):
        lead = db.session.query(Office).filter_by(code=case.lead).one()
        revoke(Role.OFFICER, "so-khcn")(mover)
        roles.grant(mover, Role.OFFICER, lead, by=None, at=now())
        after = world.requests(mover, "GET", f"/api/v1/reports/{case.report_id}").status_code

    assert (before, after) == (404, 200)

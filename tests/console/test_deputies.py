"""Whoever stands in for somebody has their work on the desk, and hears of it, for that time."""

from datetime import timedelta
from uuid import UUID

from app.clock import now
from app.database import db
from reports import roles
from reports.audiences import Audience, people
from reports.city import snapshot
from reports.city.models import Office
from reports.models import Report
from reports.statuses import Role
from tests.console.conftest import Desk
from tests.console.people import appoint, signed_in

WARD = "ubnd-19789"


def given_to(desk: Desk, account_id: UUID) -> dict[str, str]:
    sent = desk.submits()
    desk.accepted(sent["id"], office=WARD)
    desk.takes(desk.official(Role.HEAD, WARD), "assign", sent["id"], person=str(account_id))
    return sent


def stands_in(desk: Desk, whom: UUID, *, days: int = 7) -> UUID:
    """Somebody who holds the other's role in their place, until some days from now."""
    account_id, _ = appoint(desk, None, name="Bà Lan")
    with desk.app.app_context():
        office, at = snapshot.current().office(WARD), now()
        assert office
        roles.grant(
            account_id,
            Role.OFFICER,
            db.session.get_one(Office, office.id),
            by=None,
            at=at - timedelta(days=30),
            until=at + timedelta(days=days),
            deputy_of=whom,
        )
        db.session.commit()
    return account_id


def hear(desk: Desk, report_id: str) -> set[UUID]:
    """Who is told what concerns whoever it was given to."""
    with desk.app.app_context():
        report = db.session.get_one(Report, UUID(report_id))
        query = people(Audience.ASSIGNEE, report, snapshot.current(), now())
        return set(db.session.scalars(query))


def test_a_deputy_finds_the_others_work_beneath_their_own_and_hears_of_it(desk: Desk) -> None:
    minh, _ = appoint(desk, Role.OFFICER, WARD)
    lan, colleague = stands_in(desk, minh), appoint(desk, Role.OFFICER, WARD)[0]
    sent = given_to(desk, minh)

    assert sent["code"] in signed_in(desk, lan).get("/queue?person=me").text
    assert sent["code"] in signed_in(desk, minh).get("/queue?person=me").text
    assert sent["code"] not in signed_in(desk, colleague).get("/queue?person=me").text
    assert hear(desk, sent["id"]) == {minh, lan}


def test_a_deputys_own_work_is_not_the_others(desk: Desk) -> None:
    minh, _ = appoint(desk, Role.OFFICER, WARD)
    lan = stands_in(desk, minh)
    sent = given_to(desk, lan)

    assert sent["code"] in signed_in(desk, lan).get("/queue?person=me").text
    assert sent["code"] not in signed_in(desk, minh).get("/queue?person=me").text
    assert hear(desk, sent["id"]) == {lan}


def test_it_ends_with_the_role(desk: Desk) -> None:
    minh, _ = appoint(desk, Role.OFFICER, WARD)
    lan = stands_in(desk, minh, days=-1)
    with desk.app.app_context():  # their own role goes on
        office = db.session.get_one(Office, snapshot.current().office(WARD).id)  # type: ignore[union-attr]
        roles.grant(lan, Role.OFFICER, office, by=None, at=now())
        db.session.commit()
    sent = given_to(desk, minh)

    assert sent["code"] not in signed_in(desk, lan).get("/queue?person=me").text
    assert hear(desk, sent["id"]) == {minh}

"""What the console's people have made: runs, filters, templates, accounts, invitations, shifts.
Each is really there, and each has people whose it is.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from app.auth import accounts, api_clients, issuing, totp
from app.auth.issuing import KeyTerms
from app.auth.scopes import Scope
from app.clock import now
from app.database import db
from notifications.models import Channel, Delivery, DeliveryState, Message
from notifications.webhooks import endpoints
from notifications.webhooks.endpoints import Wish
from reports import duty, notices
from reports.city.models import NoticeKind, RoleGrant, WorkingHours
from reports.desk import answers, bulk, bulk_work, handover, invitations, reporter_limits, saved
from reports.desk.answers import Draft
from reports.desk.bulk import Pick
from reports.feeds import calendar_links
from reports.models import Report
from reports.notices import Wording
from reports.statuses import Role
from reports.webhook_events import reader_of
from tests.rights.world import ELSEWHERE, World

WARD = "ubnd-19789"


@dataclass
class Things:
    """Who asks, and the ids of what they ask for."""

    people: dict[str, UUID]
    ids: dict[str, str]


def made(world: World) -> Things:
    people = {
        "officer": world.official(Role.OFFICER, WARD),
        "colleague": _colleague(world),
        "head": world.official(Role.HEAD, WARD),
        "elsewhere": world.official(Role.HEAD, ELSEWHERE),
        "dispatcher": world.official(Role.DISPATCHER),
        "leader": world.official(Role.LEADER),
        "admin": world.official(Role.ADMIN),
        "resident": world.resident("Lan", "resident"),
    }
    ids = _runs(world) | _kept(world) | _staff(world) | _of_the_city(world, people["resident"])
    ids |= _of_neighbours(world, people["head"], people["officer"])
    db.session.commit()
    return Things(people, ids | _letters(people["officer"]))


def _colleague(world: World) -> UUID:
    """Another officer of the same office."""
    office = world.house.city.office(WARD)
    assert office
    return world.somebody_with((Role.OFFICER, office))


def _reports(world: World, number: int) -> list[Report]:
    """That the ward has."""
    sent = [world.house.submits("somebody") for _ in range(number)]
    for report in sent:
        world.house.takes(world.dispatcher, "accept", report, office=WARD)
    return sent


def _runs(world: World) -> dict[str, str]:
    """Of an officer: one that waits, one stopped, one that failed, one that is done; and a head's
    handover."""
    house, at = world.house, world.house.at
    officer, head = (house.official(role, WARD) for role in (Role.OFFICER, Role.HEAD))
    taken = {"note": "Ở đâu?"}

    def begun(report: Report, step: str, fields: dict[str, Any], stale: int = 0) -> UUID:
        picks = [Pick(report.id, report.version - stale)]
        return bulk.begin(uuid4(), step, fields, picks, by=officer, at=at).id

    def worked(run_id: UUID) -> UUID:
        while bulk_work.take_next(run_id, at=now()):
            pass
        return run_id

    waits, stopped, failed, done, moved, has = _reports(world, 6)
    runs = {"waiting": begun(waits, "start", {}), "stopped": begun(stopped, "start", {})}
    bulk.stop(bulk.find(runs["stopped"], officer), at=at)
    runs["failed"] = worked(begun(failed, "start", {}, stale=1))
    runs["done"] = worked(begun(done, "ask", taken))
    leaver = officer.account_id
    assert leaver
    house.takes(head, "assign", moved, person=leaver)
    office = house.office_id(WARD)
    runs["handed"] = worked(handover.hand_over(uuid4(), head, office, leaver, None, at=at).id)
    house.takes(head, "assign", has, person=leaver)
    ids = {f"run {name}": str(run_id) for name, run_id in runs.items()}
    return ids | {"officer": str(leaver), "report": str(has.id)}


def _kept(world: World) -> dict[str, str]:
    house, at = world.house, world.house.at
    officer, head = (house.official(role, WARD) for role in (Role.OFFICER, Role.HEAD))
    own = saved.save(officer, "Quá hạn", "due=overdue")
    shared = saved.save(officer, "Khẩn", "urgent=true", office_id=house.office_id(WARD))
    draft = Draft(name="Đã xong", step="resolve", text_vi="Xong.", office_id=house.office_id(WARD))
    template = answers.write(draft, by=head, city=house.city, at=at)
    everybodys = answers.write(
        Draft(name="Đã tới", step="resolve", text_vi="Đã tới."), by=world.dispatcher,
        city=house.city, at=at,
    )  # fmt: skip
    return {
        "filter own": str(own.id),
        "filter shared": str(shared.id),
        "template of the ward": str(template.id),
        "template of all": str(everybodys.id),
        "ward": str(house.office_id(WARD)),
    }


def _staff(world: World) -> dict[str, str]:
    """An officer of the ward, for ten days, with a second factor; and somebody invited there."""
    house, at = world.house, world.house.at
    account = accounts.create_official("an@hue.example", "Trần Thị An", "bốn từ rất ngẫu nhiên")
    grant = RoleGrant(
        account_id=account.id, office_id=house.office_id(WARD), role=Role.OFFICER,
        since=at - timedelta(days=1), until=at + timedelta(days=10),
    )  # fmt: skip
    db.session.add(grant)
    totp.begin(account)
    head = house.official(Role.HEAD, WARD)
    row, _ = invitations.invite(
        head, "binh@hue.example", "Lê Bình", Role.OFFICER, house.office_id(WARD), at=at
    )
    db.session.flush()
    shift = duty.put_on_duty(WARD, account, at + timedelta(days=1), at + timedelta(days=2))
    return {
        "account": str(account.id),
        "grant": str(grant.id),
        "invitation": row.sha256.hex(),
        "shift": str(shift.id),
        "in 20 days": f"{at + timedelta(days=20):%Y-%m-%d}",
    }


def _of_the_city(world: World, resident: UUID) -> dict[str, str]:
    house, at, by = world.house, world.house.at, world.dispatcher.account_id
    assert by
    words = Wording(
        kind=NoticeKind.FLOOD, text_vi="Đường ngập.", text_en="", areas=(), starts_at=None,
        ends_at=at + timedelta(hours=6),
    )  # fmt: skip
    notice, _ = notices.give(uuid4(), words, house.city, by=by, at=at)
    limit = reporter_limits.set_limit(
        resident, "flood", "Gửi quảng cáo nhiều lần", until=at + timedelta(days=3), by=by, at=at
    )
    hours = WorkingHours(valid_from=(at + timedelta(days=90)).date(), months=[1], weekdays=[0],
                         spans=[["07:30", "11:30"]])  # fmt: skip
    db.session.add(hours)
    db.session.flush()
    return {"notice": str(notice.id), "limit": str(limit.id), "hours": str(hours.id)}


def _of_neighbours(world: World, head: UUID, officer: UUID) -> dict[str, str]:
    """A webhook of the ward's, a program with a key, and an officer's calendar."""
    house, at = world.house, world.house.at
    webhook_id, client_id, key_id = uuid4(), uuid4(), uuid4()
    reader = reader_of(house.office_id(WARD))
    endpoints.register(webhook_id, Wish(url="http://127.0.0.1:9/"), reader=reader, by=head, at=at)
    api_clients.make(client_id, "Chiếu sáng", "it@hue.example", by=None, at=at)
    terms = KeyTerms(scopes=frozenset({Scope.UPDATES_READ}))
    issuing.issue(client_id, key_id, terms, by=None, at=at)
    viewer, office = house.official(Role.OFFICER, WARD), house.city.office(WARD)
    assert viewer.account_id == officer
    link, _ = calendar_links.make(viewer, office, mine=False, name="", at=at)
    return {
        "webhook": str(webhook_id),
        "client": str(client_id),
        "key": str(key_id),
        "calendar": str(link.id),
    }


def _letters(reader: UUID) -> dict[str, str]:
    """A message of the officer's; and one of theirs that could not be delivered."""
    message = db.session.scalar(select(Message).where(Message.account_id == reader).limit(1))
    assert message
    dead = Delivery(message_id=message.id, channel=Channel.FCM, installation_id=uuid4(),
                    state=DeliveryState.DEAD, due_at=now(), tries=8, done_at=now(),
                    error="quota")  # fmt: skip
    db.session.add(dead)
    db.session.commit()
    return {"message": str(message.id), "delivery": str(dead.id), "kind": message.kind}

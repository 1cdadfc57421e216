"""move(): the only writer of a report's status.

A step is one row of `statuses.STEPS`. `move` asks whether it may be taken, lets `effects` change
what belongs to it, writes the status and its history, and hands the news to `announcements` (for
people) and `webhook_events` (for other systems): all in the caller's transaction. Whoever calls
holds the report's row lock (see `locked`).
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import select

from app.auth.accounts import SYSTEM_ACCOUNT_ID
from app.database import db
from app.errors import Invalid, XomError
from app.sentences import both
from reports import (
    announcements,
    effects,
    guards,
    merging,
    ownership,
    photos,
    timetable,
    webhook_events,
)
from reports.city import snapshot
from reports.city.snapshot import City
from reports.errors import (
    SameIdOtherStep,
    StepDoesNotTake,
    StepNeeds,
    StepNotAllowed,
    StepNotYours,
)
from reports.models import Report, StatusChange
from reports.orders import Move, StepOrder
from reports.permissions import Viewer, standing
from reports.statuses import STEPS, Role, Step
from reports.vocabulary import lack_words, status_words, step_words

SYSTEM = Viewer(SYSTEM_ACCOUNT_ID)


def locked(report_id: UUID, *others: UUID) -> Report | None:
    """The report with its row locked, and the others', in the order of their ids."""
    wanted = sorted({report_id, *others})
    rows = db.session.scalars(
        select(Report)
        .where(Report.id.in_(wanted))
        .order_by(Report.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {report.id: report for report in rows}.get(report_id)


def repeated(order: StepOrder, report_id: UUID, by: Viewer) -> StatusChange | None:
    """The change that this order already made; a Conflict when its id was used otherwise."""
    change = db.session.get(StatusChange, order.id)
    if change is None:
        return None
    same = (change.report_id, change.digest) == (report_id, order.digest())
    if not (same and ownership.is_same_person(change.account_id, by.account_id)):
        raise SameIdOtherStep()
    return change


def move(report: Report, order: StepOrder, *, by: Viewer, at: datetime) -> StatusChange:
    """Take one step; return what it left behind. Flushes, does not commit.

    Raises StepNotAllowed, StepNotYours, StepNeeds or what the step's own rule says.
    """
    if known := repeated(order, report.id, by):
        return known
    city = snapshot.current()
    step = STEPS[order.step]
    role = _acting_role(step, report, by, city)
    moving = Move(report=report, order=order, by=by, role=role, city=city, at=at)
    _require_fields(step, moving)
    guards.check(step, moving)
    change = _record(step, moving)
    announcements.announce(change, moving)
    webhook_events.step_taken(change, moving)
    return change


def accept_by_itself(report: Report, *, at: datetime) -> StatusChange:
    """The acceptance that a category allows without a person: routes, and publishes nothing."""
    return by_itself(report, "accept", at=at)


def by_itself(report: Report, step: str, *, at: datetime, note: str = "") -> StatusChange:
    """A step that the system takes; its id follows from the report's, so it happens once."""
    order = StepOrder(id=uuid5(report.id, f"{step}:{report.version}"), step=step, note=note)
    return move(report, order, by=SYSTEM, at=at)


def changes_since(report: Report, version: int) -> list[dict[str, str]]:
    """What happened after a version, for whoever acted on an older one."""
    rows = db.session.scalars(
        select(StatusChange)
        .where(StatusChange.report_id == report.id, StatusChange.version > version)
        .order_by(StatusChange.version)
    )
    return [
        {"step": row.step, "status": row.after, "at": row.at.isoformat(), "by": row.role}
        for row in rows
    ]


def allowed_steps(report: Report, *, by: Viewer, at: datetime) -> Sequence[Step]:
    """The steps that this viewer may take now: for the API and the pages."""
    city = snapshot.current()
    from_here = [step for step in STEPS.values() if report.status in step.before]
    roles = _roles(report, by, city)
    return [step for step in from_here if _may(step, report, by, roles, city, at)]


def refusal(step: Step, report: Report, *, by: Viewer, at: datetime) -> XomError | None:
    """Why this viewer may not take the step now; None when they may. For many reports at once."""
    city = snapshot.current()
    try:
        role = _acting_role(step, report, by, city)
        order = StepOrder(id=report.id, step=step.name)
        guards.check(step, Move(report=report, order=order, by=by, role=role, city=city, at=at))
    except XomError as error:
        return error
    return None


def _may(
    step: Step, report: Report, by: Viewer, roles: frozenset[Role], city: City, at: datetime
) -> bool:
    role = _role_for(step, report, by, roles)
    if role is None:
        return False
    order = StepOrder(id=report.id, step=step.name)
    try:
        guards.check(step, Move(report=report, order=order, by=by, role=role, city=city, at=at))
    except XomError:
        return False
    return True


def _roles(report: Report, by: Viewer, city: City) -> frozenset[Role]:
    if by is SYSTEM:
        return frozenset({Role.SYSTEM})
    return standing(by, report, centre_id=city.centre.id)


def _role_for(step: Step, report: Report, by: Viewer, roles: frozenset[Role]) -> Role | None:
    """The role in which the step is taken, in the order of the enum: the reporter's own first."""
    if step.name in merging.FOR_MERGED_REPORTERS and merging.merged_here(report, by):
        roles |= {Role.REPORTER}
    fitting = roles & step.by
    return next((role for role in Role if role in fitting), None) if fitting else None


def _acting_role(step: Step, report: Report, by: Viewer, city: City) -> Role:
    if report.status not in step.before:
        raise StepNotAllowed(**step_words(step.name), **status_words(report.status))
    role = _role_for(step, report, by, _roles(report, by, city))
    if role is None:
        raise StepNotYours(**step_words(step.name))
    return role


def lacking(step: Step, given: Collection[str]) -> list[Invalid]:
    """Of each field that the step needs and that is not given."""
    absent = [name for name in step.needs if name not in given]
    return [StepNeeds(field=name, **lack_words(step.name, name)) for name in absent]


def _require_fields(step: Step, moving: Move) -> None:
    """All that is missing is told at once, in `errors`."""
    given = moving.order.given()
    if lacks := lacking(step, given):
        lacks += effects.outcome_lacks(moving)
        told = {one.field: [both(one.sentence("vi"), one.sentence("en"))] for one in lacks}
        raise StepNeeds(field=lacks[0].field, errors=told, **lacks[0].facts)
    for name in sorted(given - {*step.needs, *step.takes}):
        raise StepDoesNotTake(field=name, **step_words(step.name))


def _record(step: Step, moving: Move) -> StatusChange:
    """Apply the step and leave its row behind."""
    report, order = moving.report, moving.order
    before = report.status
    report.status = effects.apply(step, moving) or step.to or before
    report.version += 1
    report.next_check_at = timetable.next_check(report, moving.city)
    change = StatusChange(
        id=order.id,
        report_id=report.id,
        version=report.version,
        step=step.name,
        before=before,
        after=report.status,
        at=moving.at,
        account_id=moving.by.account_id,
        role=moving.role,
        office_id=moving.acting_office_id(),
        note=order.note,
        facts=moving.facts,
        digest=order.digest(),
    )
    db.session.add(change)
    db.session.flush()
    photos.attach(order.photos, owner_id=change.account_id, change_id=change.id)
    return change


def stamp(
    report: Report, step: str, *, at: datetime, note: str, facts: Mapping[str, object]
) -> StatusChange:
    """A row of history for what happened to a report from outside the machine (a merger of wards,
    a corrected calendar): the status stays, the version moves."""
    report.version += 1
    change = StatusChange(
        id=uuid5(report.id, f"{step}:{report.version}"),
        report_id=report.id,
        version=report.version,
        step=step,
        before=report.status,
        after=report.status,
        at=at,
        account_id=SYSTEM_ACCOUNT_ID,
        role=Role.SYSTEM,
        note=note,
        facts=dict(facts),
        digest=b"",
    )
    db.session.add(change)
    return change

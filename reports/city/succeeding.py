"""Handing everything of one office to its successor: open work, roles, duty, webhooks, the offices
below.

History keeps the old name: only what is still open moves, and each report's history says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select

from app.database import db
from reports import webhook_events, workflow
from reports.city.models import Area, DutyShift, Office, RoleGrant
from reports.models import Assignment, Report, StatusChange
from reports.statuses import OPEN, Status

MAY_COME_BACK = timedelta(days=30)  # a closed report may be reopened, a rejected one reconsidered
BATCH = 500


@dataclass(frozen=True, slots=True)
class Handover:
    """Old ids and what takes their place. `why` goes into each report's history."""

    at: datetime
    why_vi: str
    why_en: str
    offices: Mapping[int, Office] = field(default_factory=dict)
    areas: Mapping[int, Area] = field(default_factory=dict)


def unfinished(at: datetime) -> ColumnElement[bool]:
    """Reports that are open, or may be again: reopened, reconsidered, or unmerged."""
    rejected_lately = exists().where(
        StatusChange.report_id == Report.id,
        StatusChange.after == Status.REJECTED,
        StatusChange.at > at - MAY_COME_BACK,
    )
    return or_(
        Report.status.in_([*OPEN, Status.RESOLVED, Status.MERGED]),
        and_(Report.status == Status.CLOSED, Report.closed_at > at - MAY_COME_BACK),
        and_(Report.status == Status.REJECTED, rejected_lately),
    )


def touched(handover_offices: Sequence[int], areas: Sequence[int], at: datetime) -> Any:
    """Unfinished reports of these offices (led, joined, asked by, accused) or areas."""
    joined = exists().where(
        Assignment.report_id == Report.id,
        Assignment.office_id.in_(handover_offices),
        Assignment.until.is_(None),
    )
    theirs = or_(
        Report.area_id.in_(areas),
        Report.office_id.in_(handover_offices),
        Report.accused_office_id.in_(handover_offices),
        Report.asked_by_office_id.in_(handover_offices),
        joined,
    )
    return and_(unfinished(at), theirs)


def hand_over(handover: Handover) -> int:
    """Move unfinished reports and roles; how many reports moved. Locks them in order of id."""
    moved = _move_reports(handover)
    for old, new in handover.offices.items():
        _move_roles(old, new, handover.at)
        _move_duty(old, new, handover.at)
        webhook_events.office_succeeded(old, new.id)
    db.session.flush()
    return moved


def _move_reports(handover: Handover) -> int:
    wanted = touched([*handover.offices], [*handover.areas], handover.at)
    ids = db.session.scalars(select(Report.id).where(wanted).order_by(Report.id)).all()
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        rows = db.session.scalars(
            select(Report).where(Report.id.in_(batch)).order_by(Report.id).with_for_update()
        ).all()
        for report in rows:
            _move_report(report, handover)
        _move_assignments(batch, handover)
    return len(ids)


def _move_report(report: Report, handover: Handover) -> None:
    facts: dict[str, object] = {}
    area = handover.areas.get(report.area_id)
    if area is not None:
        facts["area"] = [_code(Area, report.area_id), area.code]
        report.area_id = area.id
    office = handover.offices.get(report.office_id)
    if office is not None:
        facts["office"] = [_code(Office, report.office_id), office.code]
        report.office_id = office.id
    # Whoever takes the accused one's place is kept from reading it just the same.
    accused = handover.offices.get(report.accused_office_id) if report.accused_office_id else None
    if report.accused_office_id and accused:
        facts["accused"] = [_code(Office, report.accused_office_id), accused.code]
        report.accused_office_id = accused.id
    report.asked_by_office_id = _heir(report.asked_by_office_id, handover)
    workflow.stamp(report, "moved", at=handover.at, note=handover.why_vi, facts=facts)


def _heir(office_id: int | None, handover: Handover) -> int | None:
    heir = handover.offices.get(office_id) if office_id else None
    return heir.id if heir else office_id


def _move_assignments(report_ids: Sequence[Any], handover: Handover) -> None:
    """Close those of the old offices and open the same for the new, with the reason."""
    rows = db.session.scalars(
        select(Assignment)
        .where(
            Assignment.report_id.in_(report_ids),
            Assignment.until.is_(None),
            Assignment.office_id.in_([*handover.offices]),
        )
        .order_by(Assignment.part.desc(), Assignment.id)  # proposed, lead, then join
    ).all()
    for row in rows:
        row.until = handover.at
    db.session.flush()
    present = db.session.execute(
        select(Assignment.report_id, Assignment.office_id).where(
            Assignment.report_id.in_(report_ids), Assignment.until.is_(None)
        )
    )
    taken = {(report_id, office_id) for report_id, office_id in present}
    for row in sorted(rows, key=lambda one: one.part == "join"):
        new = handover.offices[row.office_id]
        if (row.report_id, new.id) not in taken:
            taken.add((row.report_id, new.id))
            db.session.add(_continued(row, new, handover))
        elif row.part != "join":
            _promote(row, new, handover)
    db.session.flush()


def _continued(row: Assignment, new: Office, handover: Handover) -> Assignment:
    area = handover.areas.get(row.area_id) if row.area_id else None
    return Assignment(
        report_id=row.report_id,
        office_id=new.id,
        part=row.part,
        rule_id=row.rule_id,
        area_id=area.id if area else row.area_id,
        reason_vi=f"{handover.why_vi} {row.reason_vi}",
        reason_en=f"{handover.why_en} {row.reason_en}",
        since=handover.at,
    )


def _promote(row: Assignment, new: Office, handover: Handover) -> None:
    """The successor had joined a report that it now leads: it is not listed twice."""
    joined = db.session.scalars(
        select(Assignment).where(
            Assignment.report_id == row.report_id,
            Assignment.office_id == new.id,
            Assignment.until.is_(None),
        )
    ).one()
    joined.until = handover.at
    db.session.flush()
    db.session.add(_continued(row, new, handover))


def _move_roles(old: int, new: Office, at: datetime) -> None:
    """End each role for the old office and give the same for the new, unless held already."""
    rows = db.session.scalars(
        select(RoleGrant).where(RoleGrant.office_id == old, _lasting(RoleGrant.until, at))
    ).all()
    held = {
        (grant.account_id, grant.role)
        for grant in db.session.scalars(
            select(RoleGrant).where(RoleGrant.office_id == new.id, _lasting(RoleGrant.until, at))
        )
    }
    for row in rows:
        if (row.account_id, row.role) not in held:
            held.add((row.account_id, row.role))
            since = max(row.since, at)
            db.session.add(
                RoleGrant(
                    account_id=row.account_id,
                    office_id=new.id,
                    role=row.role,
                    since=since,
                    until=row.until,
                )
            )
        row.until = max(row.since, at)


def _move_duty(old: int, new: Office, at: datetime) -> None:
    """Shifts that are not over yet. One that runs now is cut in two."""
    rows = db.session.scalars(
        select(DutyShift).where(DutyShift.office_id == old, DutyShift.until > at)
    ).all()
    for row in rows:
        if row.since >= at:
            row.office_id = new.id
            continue
        db.session.add(
            DutyShift(office_id=new.id, account_id=row.account_id, since=at, until=row.until)
        )
        row.until = at


def _lasting(until: Any, at: datetime) -> ColumnElement[bool]:
    return or_(until.is_(None), until > at)


def _code(model: type[Area] | type[Office], row_id: int) -> str:
    found: Any = db.session.get(model, row_id)
    return str(found.code)

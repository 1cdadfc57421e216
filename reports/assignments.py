"""Which office leads a report and which join it: the rows, with their reasons and their history."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update

from app.database import db
from reports.city.values import Office
from reports.models import Assignment, Report
from reports.routing import Choice


def lead(report: Report, choice: Choice, *, at: datetime, part: str = "lead") -> None:
    """Give the report to an office; whoever led, or was proposed, is closed, not forgotten."""
    _close(report.id, at, Assignment.part.in_(["lead", "proposed"]))
    # An office that joined and now leads is not listed twice.
    _close(report.id, at, Assignment.office_id == choice.office.id)
    db.session.add(
        Assignment(
            report_id=report.id,
            office_id=choice.office.id,
            part=part,
            rule_id=choice.rule.id if choice.rule else None,
            area_id=report.area_id,
            reason_vi=choice.reason_vi,
            reason_en=choice.reason_en,
            since=at,
        )
    )
    report.office_id = choice.office.id
    if part == "lead":
        report.assigned_at = at
        report.started_at = None
        report.assignee_id = None
        report.escalated_at = None


def join(report: Report, office: Office, *, at: datetime, reason_vi: str, reason_en: str) -> None:
    db.session.add(
        Assignment(
            report_id=report.id,
            office_id=office.id,
            part="join",
            area_id=report.area_id,
            reason_vi=reason_vi,
            reason_en=reason_en,
            since=at,
        )
    )


def unjoin(report: Report, office: Office, *, at: datetime) -> bool:
    """Let an office that joined go; False when it had not joined."""
    return _close(report.id, at, Assignment.part == "join", Assignment.office_id == office.id)


def present(report_id: UUID) -> list[Assignment]:
    """Who works on it now: the lead (or the office proposed), then those who joined."""
    return list(
        db.session.scalars(
            select(Assignment)
            .where(Assignment.report_id == report_id, Assignment.until.is_(None))
            .order_by(Assignment.part.desc(), Assignment.since)
        )
    )


def joined_offices(report_id: UUID) -> frozenset[int]:
    return frozenset(row.office_id for row in present(report_id) if row.part == "join")


def _close(report_id: UUID, at: datetime, *which: object) -> bool:
    db.session.flush()
    closed = db.session.execute(
        update(Assignment)
        .where(Assignment.report_id == report_id, Assignment.until.is_(None), *which)  # type: ignore[arg-type]
        .values(until=at)
        .returning(Assignment.id)
    )
    return closed.first() is not None

"""Merging: one report follows another. The target is open, not merged itself, and visible to
whoever merges; chains are flattened, so that every merged report points at its lead.
"""

from sqlalchemy import exists, select, update

from app.database import db
from reports.assignments import joined_offices
from reports.errors import CannotMerge
from reports.models import Report, StatusChange
from reports.orders import Move
from reports.permissions import Viewer, can_view_all_of
from reports.statuses import OPEN, Status

#: Steps that whoever sent a merged report may take on its lead.
FOR_MERGED_REPORTERS = frozenset({"reopen"})


def merge(move: Move) -> Status:
    report = move.report
    target = db.session.get(Report, move.order.target)
    if target is None or not _may_follow(report, target, move):
        raise CannotMerge()
    move.followers = followers(report)
    db.session.execute(update(Report).where(Report.lead_id == report.id).values(lead_id=target.id))
    report.status_before = report.status
    report.lead_id = target.id
    move.facts["target"] = str(target.id)
    return Status.MERGED


def _may_follow(report: Report, target: Report, move: Move) -> bool:
    visible = can_view_all_of(
        move.by, target, joined_offices(target.id), centre_id=move.city.centre.id
    )
    return visible and target.id != report.id and target.status in OPEN and target.lead_id is None


def unmerge(move: Move) -> Status:
    """Back to the status before, on its own again."""
    report = move.report
    move.facts["target"] = str(report.lead_id)
    before = report.status_before or Status.SUBMITTED
    report.lead_id, report.status_before = None, None
    if before == Status.WAITING:
        report.status_before = _status_when_asked(report)
    return before


def _status_when_asked(report: Report) -> Status | None:
    """What a waiting report goes back to: while it was merged only its history knew."""
    return db.session.scalar(
        select(StatusChange.before)
        .where(StatusChange.report_id == report.id, StatusChange.step == "ask")
        .order_by(StatusChange.version.desc())
        .limit(1)
    )


def followers(report: Report) -> list[Report]:
    """The reports merged into this one."""
    return list(
        db.session.scalars(select(Report).where(Report.lead_id == report.id).order_by(Report.id))
    )


def merged_here(report: Report, viewer: Viewer) -> bool:
    """Did this person send a report that now follows this one?"""
    return bool(
        db.session.scalar(
            select(
                exists().where(Report.lead_id == report.id, Report.reporter_id == viewer.account_id)
            )
        )
    )

"""The same thing at the same spot, again: reports of one kind within 50 m and 12 months are
linked, so that an officer reads "the 7th time here" and the third time reaches the head.

It is again only after an office had said that it was done. Who reports what is still being worked
on reports the same time, and is a duplicate.
"""

from datetime import timedelta

from sqlalchemy import select

from app.database import db
from reports.geometry import within_circle
from reports.models import Report
from reports.statuses import Status

WITHIN_M = 50
WITHIN = timedelta(days=365)
HEAD_HEARS_AT = 3


def link_recurrence(report: Report) -> None:
    """Link the report to the one before it at this spot, if there is one."""
    previous = db.session.scalars(
        select(Report)
        .where(
            within_circle(report.lat, report.lng, WITHIN_M),
            Report.category_id == report.category_id,
            Report.id != report.id,
            Report.first_resolved_at <= report.submitted_at,
            Report.status.not_in((Status.MERGED, Status.REJECTED, Status.WITHDRAWN)),
            Report.submitted_at >= report.submitted_at - WITHIN,
            Report.submitted_at <= report.submitted_at,
        )
        .order_by(Report.submitted_at.desc())
        .limit(1)
    ).first()
    if previous is not None:
        report.recurs_from_id = previous.id
        report.recurrence = previous.recurrence + 1

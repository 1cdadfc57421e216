"""The rows that a submission leaves, written by one statement: the report, the first line of its
history, and the office proposed. One trip to the database, and one plan that it keeps.
"""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Integer, Select, bindparam, literal, select, text
from sqlalchemy.dialects.postgresql import insert as insert_or_leave

from app.database import db
from reports import clocks, codes, deadlines, timetable
from reports.city.snapshot import City
from reports.masking import mask_numbers
from reports.models import Assignment, Report, StatusChange
from reports.places import cell_of, to_mercator
from reports.statuses import Role
from reports.submissions import Routed, Submission


def insert(
    submission: Submission, routed: Routed, city: City, *, by: UUID, at: datetime
) -> Report | None:
    """Store the rows; None when the id, or the random code, is already taken."""
    return db.session.scalars(_SUBMIT, _facts(submission, routed, city, by, at)).one_or_none()


def _facts(
    submission: Submission, routed: Routed, city: City, by: UUID, at: datetime
) -> dict[str, Any]:
    """Every value of the rows, by the name of its bind parameter."""
    x, y = to_mercator(submission.lat, submission.lng)
    place, choice, urgent = routed.place, routed.choice, routed.urgent
    due_at = deadlines.urgent_due_at(at) if urgent else None
    centre_due_at = clocks.centre_due_at(city, at)
    return {
        "id": submission.id,
        "code": codes.new_code(),
        "digest": submission.digest(),
        "reporter_id": by,
        "identity": submission.identity,
        "source": submission.source,
        "category_id": routed.category.id,
        "description": submission.description,
        "public_description": mask_numbers(submission.description),
        "place_note": submission.place_note,
        "answers": dict(submission.answers),
        "lat": round(submission.lat, 5),
        "lng": round(submission.lng, 5),
        "spot": f"({x:.2f},{y:.2f})",
        "cell": cell_of(submission.lat, submission.lng),
        "area_id": place.area.id,
        "outside_m": place.outside_m,
        "captured_at": submission.captured_at,
        "urgent": urgent,
        "office_id": choice.office.id,
        "accused_office_id": choice.accused.id if choice.accused else None,
        "submitted_at": at,
        "centre_due_at": centre_due_at,
        "first_due_at": due_at,
        "due_at": due_at,
        "next_check_at": timetable.first_check(at, centre_due_at, urgent=urgent),
        "change_id": uuid5(submission.id, "submit"),
        "rule_id": choice.rule.id if choice.rule else None,
        "reason_vi": choice.reason_vi,
        "reason_en": choice.reason_en,
    }


_REPORT_COLUMNS = [
    "id",
    "code",
    "digest",
    "reporter_id",
    "identity",
    "source",
    "category_id",
    "description",
    "public_description",
    "place_note",
    "answers",
    "lat",
    "lng",
    "spot",
    "cell",
    "area_id",
    "outside_m",
    "captured_at",
    "urgent",
    "office_id",
    "accused_office_id",
    "submitted_at",
    "centre_due_at",
    "first_due_at",
    "due_at",
    "next_check_at",
]


def _statement() -> Select[Report]:
    """Report, first status change and proposed office in one statement: one trip, one plan."""
    new = (
        insert_or_leave(Report)
        .values({name: bindparam(name) for name in _REPORT_COLUMNS} | _defaults())
        .on_conflict_do_nothing()
        .returning(Report)
        .cte("new")
    )
    change = insert_or_leave(StatusChange).from_select(
        [
            "id",
            "report_id",
            "version",
            "step",
            "after",
            "at",
            "account_id",
            "role",
            "note",
            "facts",
            "digest",
        ],
        select(
            bindparam("change_id"),
            new.c.id,
            new.c.version,
            literal("submit"),
            new.c.status,
            new.c.submitted_at,
            new.c.reporter_id,
            literal(Role.REPORTER.value),
            literal(""),
            text("'{}'::jsonb"),
            new.c.digest,
        ),
        include_defaults=False,
    )
    proposal = insert_or_leave(Assignment).from_select(
        ["report_id", "office_id", "part", "rule_id", "area_id", "reason_vi", "reason_en", "since"],
        select(
            new.c.id,
            new.c.office_id,
            literal("proposed"),
            bindparam("rule_id", type_=Integer),
            new.c.area_id,
            bindparam("reason_vi"),
            bindparam("reason_en"),
            new.c.submitted_at,
        ),
    )
    return select(new).add_cte(change.cte("change"), proposal.cte("proposal"))


def _defaults() -> dict[str, Any]:
    """The model's own defaults, which SQLAlchemy leaves out of an INSERT within a CTE."""
    columns = [c for c in Report.__table__.columns if c.default and c.name not in _REPORT_COLUMNS]
    return {c.name: literal(c.default.arg, c.type) for c in columns if c.default.is_scalar}


_SUBMIT = select(Report).from_statement(_statement())

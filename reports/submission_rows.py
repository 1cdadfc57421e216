"""The rows that a submission leaves, written by one statement: the report, the first line of its
history, and the office proposed. One trip to the database, and one plan that it keeps.
"""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import (
    ColumnClause,
    Integer,
    Select,
    Uuid,
    bindparam,
    literal,
    literal_column,
    select,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import insert as insert_or_leave
from sqlalchemy.orm import make_transient_to_detached

from app.database import db
from reports import clocks, codes, deadlines, ownership, timetable
from reports.city.snapshot import City
from reports.covers import cover_of
from reports.masking import mask_numbers
from reports.models import Assignment, Photo, Report, StatusChange
from reports.places import cell_of, to_mercator
from reports.statuses import Role
from reports.submissions import Routed, Submission


def insert(
    submission: Submission, routed: Routed, city: City, *, by: UUID, at: datetime
) -> Report | None:
    """Store the rows; None when the id or the random code is taken, or the anonymous account has
    sent its one report."""
    facts = _facts(submission, routed, city, by, at)
    row = db.session.connection().execute(_SUBMIT, facts).one_or_none()
    return None if row is None else _stored(facts | row._asdict())


def _stored(values: dict[str, Any]) -> Report:
    """The report as the session would have read it back: all of it is known already."""
    report = Report()
    # As loading does: what is set so counts as unchanged, and is not written again.
    report.__dict__.update(_UNSET | {name: values[name] for name in _ALL_COLUMNS & values.keys()})
    make_transient_to_detached(report)
    db.session.add(report)
    return report


def _facts(
    submission: Submission, routed: Routed, city: City, by: UUID, at: datetime
) -> dict[str, Any]:
    """Every value of the rows, by the name of its bind parameter."""
    x, y = to_mercator(submission.lat, submission.lng)
    place, choice, urgent = routed.place, routed.choice, routed.urgent
    due_at = deadlines.urgent_due_at(at) if urgent else None
    centre_due_at = clocks.centre_due_at(city, at, promised=due_at)
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
        "consent": submission.consent,
        "urgent": urgent,
        "office_id": choice.office.id,
        "accused_office_id": choice.accused.id if choice.accused else None,
        "submitted_at": at,
        "centre_due_at": centre_due_at,
        "first_due_at": due_at,
        "due_term": deadlines.URGENT if urgent else None,
        "first_due_term": deadlines.URGENT if urgent else None,
        "due_at": due_at,
        "next_check_at": timetable.first_check(at, centre_due_at, urgent=urgent),
        "cover_id": next(iter(submission.photos), None),
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
    "consent",
    "urgent",
    "office_id",
    "accused_office_id",
    "submitted_at",
    "centre_due_at",
    "first_due_at",
    "due_at",
    "due_term",
    "first_due_term",
    "next_check_at",
]


_ALL_COLUMNS = {column.name for column in Report.__table__.columns}
#: The model's own, which SQLAlchemy leaves out of an INSERT within a CTE.
_DEFAULTS: dict[str, Any] = {
    column.name: column.default.arg
    for column in Report.__table__.columns
    if column.default and column.default.is_scalar and column.name not in _REPORT_COLUMNS
}


_UNSET: dict[str, Any] = dict.fromkeys(_ALL_COLUMNS) | _DEFAULTS


def _statement() -> Select[Any]:
    """Report, first status change and proposed office in one statement: one trip, one plan.

    Constants are written out: the driver keeps what it prepared for up to fifty parameters.
    """
    given: dict[str, Any] = {name: bindparam(name) for name in _REPORT_COLUMNS}
    given["reporter_id"] = ownership.now_of(bindparam("reporter_id", type_=Uuid()))
    # Whose it is, `photos.attach` looks next; if it is not theirs, nothing of this stays.
    given["cover"] = cover_of(Photo.id == bindparam("cover_id", type_=Uuid()))
    new = (
        insert_or_leave(Report)
        .values(given | {name: _constant(name, value) for name, value in _DEFAULTS.items()})
        .on_conflict_do_nothing()
        .returning(*(Report.__table__.c[name] for name in _PASSED_ON))
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
            literal_column("'submit'"),
            new.c.status,
            new.c.submitted_at,
            new.c.reporter_id,
            literal_column(f"'{Role.REPORTER}'"),
            literal_column("''"),
            literal_column("'{}'::jsonb"),
            new.c.digest,
        ),
        include_defaults=False,
    )
    proposal = insert_or_leave(Assignment).from_select(
        ["report_id", "office_id", "part", "rule_id", "area_id", "reason_vi", "reason_en", "since"],
        select(
            new.c.id,
            new.c.office_id,
            literal_column("'proposed'"),
            bindparam("rule_id", type_=Integer),
            new.c.area_id,
            bindparam("reason_vi"),
            bindparam("reason_en"),
            new.c.submitted_at,
        ),
    )
    known = select(new.c.reporter_id, new.c.act_by, new.c.shown, new.c.cover)
    return known.add_cte(change.cte("change"), proposal.cte("proposal"))


#: What the other rows are written from, and what the database works out.
_PASSED_ON = ("id", "version", "status", "submitted_at", "reporter_id", "digest", "office_id",
              "area_id", "act_by", "shown", "cover")  # fmt: skip


def _constant(name: str, value: Any) -> ColumnClause[Any]:
    spelled = literal(value, Report.__table__.c[name].type).compile(
        dialect=postgresql.dialect(),  # type: ignore[no-untyped-call]
        compile_kwargs={"literal_binds": True},
    )
    return literal_column(str(spelled))


_SUBMIT = _statement()

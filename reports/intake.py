"""Submitting a report: the whole story on one screen.

The id is made on the phone, so that sending again is harmless: the same id with the same content
by the same account is the same report, for ever. What was acknowledged is stored with its photos,
its proposed office and its reason, in one transaction.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid5

import orjson
from sqlalchemy import Integer, Select, bindparam, exists, literal, select, text
from sqlalchemy.dialects.postgresql import insert

from app.auth.guards import Caller
from app.auth.models import AccountKind
from app.database import db
from app.errors import XomError
from reports import announcements, clocks, codes, deadlines, photos, questions, timetable, workflow
from reports.city import snapshot
from reports.city.snapshot import City
from reports.city.values import Category
from reports.errors import (
    AnonymousNeedsItsOwnAccount,
    LegalChannel,
    NothingSaid,
    SameIdOtherReport,
    UnknownCategory,
)
from reports.masking import mask_numbers
from reports.models import Assignment, Report, StatusChange
from reports.places import Place, cell_of, to_mercator
from reports.routing import Choice, choose_office
from reports.statuses import Identity, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What a phone sends, validated and normalised. `photos` are ids of pictures already put."""

    id: UUID
    category: str
    lat: float  # degrees, WGS84
    lng: float
    description: str = ""
    place_note: str = ""
    photos: tuple[UUID, ...] = ()
    answers: Mapping[str, Any]
    identity: Identity = Identity.CONFIDENTIAL
    captured_at: datetime | None = None
    source: str = "app"

    def digest(self) -> bytes:
        """SHA-256 of the content: what makes two submissions the same."""
        return sha256(orjson.dumps(asdict(self), option=orjson.OPT_SORT_KEYS)).digest()


@dataclass(frozen=True, slots=True)
class Submitted:
    report: Report
    created: bool  # False: it was already here


def submit_report(submission: Submission, *, by: Caller, at: datetime) -> Submitted:
    """Store a report, route it, start the clock, tell whoever must hear at once.

    Raises an Invalid with a sentence for whatever is wrong, SameIdOtherReport (409), or
    `photos.MissingPhotos` naming the photos that have not arrived. Flushes; the edge commits.
    """
    try:
        city = snapshot.current()
        category = accepted_category(city, submission.category)
        require_substance(submission, by)
        urgent = category.urgent or questions.check(category, submission.answers)
        place = city.areas.locate(submission.lat, submission.lng)
        choice = choose_office(category, place, city)
    except XomError:
        # A repeat stays a repeat, even when the city's rules have changed since the first time.
        if known := _known(submission, by):
            return known
        raise
    report = _insert(_facts(submission, by, at, city, category, place, choice, urgent=urgent))
    if report is None:
        return _known(submission, by) or submit_report(submission, by=by, at=at)  # code was taken
    photos.attach(submission.photos, owner_id=by.account_id, report_id=report.id)
    if category.auto_accept:
        workflow.accept_by_itself(report, at=at)
    elif urgent:
        announcements.urgent_arrived(report, city, at=at)
    return Submitted(report, created=True)


def accepted_category(city: City, code: str) -> Category:
    """The category, or the successor of a retired one; some matters are pointed elsewhere."""
    category = city.category(code)
    if category is None:
        raise UnknownCategory()
    if category.legal_channel:
        raise LegalChannel(**category.legal_channel)
    return category


def require_substance(submission: Submission, by: Caller) -> None:
    if not submission.description and not submission.photos:
        raise NothingSaid()
    is_anonymous = by.kind is AccountKind.ANONYMOUS
    if (submission.identity is Identity.ANONYMOUS) != is_anonymous:
        raise AnonymousNeedsItsOwnAccount()
    if is_anonymous and _sent_another(submission.id, by.account_id):
        raise AnonymousNeedsItsOwnAccount()


def _sent_another(report_id: UUID, account_id: UUID) -> bool:
    mine = exists().where(Report.reporter_id == account_id, Report.id != report_id)
    return bool(db.session.scalar(select(mine)))


def _known(submission: Submission, by: Caller) -> Submitted | None:
    """The report that this submission repeats; a Conflict when the id is somebody else's."""
    report = db.session.get(Report, submission.id)
    if report is None:
        return None
    if report.reporter_id != by.account_id or report.digest != submission.digest():
        raise SameIdOtherReport()
    return Submitted(report, created=False)


def _facts(
    submission: Submission,
    by: Caller,
    at: datetime,
    city: City,
    category: Category,
    place: Place,
    choice: Choice,
    *,
    urgent: bool,
) -> dict[str, Any]:
    """Every value of the rows that a submission leaves, by the name of its bind parameter."""
    x, y = to_mercator(submission.lat, submission.lng)
    due_at = deadlines.urgent_due_at(at) if urgent else None
    centre_due_at = clocks.centre_due_at(city, at)
    return {
        "id": submission.id,
        "code": codes.new_code(),
        "digest": submission.digest(),
        "reporter_id": by.account_id,
        "identity": submission.identity,
        "source": submission.source,
        "category_id": category.id,
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
        insert(Report)
        .values({name: bindparam(name) for name in _REPORT_COLUMNS} | _defaults())
        .on_conflict_do_nothing()
        .returning(Report)
        .cte("new")
    )
    change = insert(StatusChange).from_select(
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
    proposal = insert(Assignment).from_select(
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


def _insert(facts: dict[str, Any]) -> Report | None:
    """Store the rows; None when the id, or the random code, is already taken."""
    return db.session.scalars(_SUBMIT, facts).one_or_none()

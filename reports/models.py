"""Tables of a report's life. What happened is append-only; the report row is its present state.

The reporter's name and number are not here: see `identity`. A city's own facts are in `city`.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Computed,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import UserDefinedType

from app.auth.models import one_of
from app.clock import now
from app.database import Base, OneOf
from reports.statuses import Identity as IdentityLevel
from reports.statuses import Outcome, Role, Status


class Point(UserDefinedType[str]):
    """PostgreSQL's own `point`: Web-Mercator metres, written as `(x,y)`."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "point"


_OPEN = text("status in ('submitted','accepted','in_progress','waiting','returned')")
_URGENT_OPEN = text(f"urgent and {_OPEN.text}")
#: As far as the report itself tells it: new, or taken by itself and shown to nobody yet.
_UNSEEN = (
    "(status = 'submitted' or accepted_at is not null and published_at is null"
    " and checked_at is null and not held_back and not hidden)"
)
_ELSEWHERE = "source <> 'app'"
_SHOWN = text("shown")
_SHOWN_OPEN = text(f"shown and {_OPEN.text}")


class Report(Base):
    __tablename__ = "report"
    __table_args__ = (
        CheckConstraint(one_of("status", Status), name="status"),
        CheckConstraint(one_of("outcome", Outcome), name="outcome"),
        CheckConstraint(one_of("identity", IdentityLevel), name="identity"),
        CheckConstraint("lat between -90 and 90 and lng between -180 and 180", name="place"),
        Index("ix_report_reporter", "reporter_id", "submitted_at"),
        # An account made for one anonymous report carries no second one.
        Index(
            "uq_report_anonymous",
            "reporter_id",
            unique=True,
            postgresql_where=text("identity = 'anonymous'"),
        ),
        Index("ix_report_spot", "spot", postgresql_using="gist"),
        # A box's newest are found in the index alone, and so is where the newest lie.
        Index(
            "ix_report_shown_spot",
            "spot",
            postgresql_using="gist",
            postgresql_include=["submitted_at", "id"],
            postgresql_where=_SHOWN,
        ),
        # What is open is what maps show first, and a small part of all.
        Index(
            "ix_report_open_spot",
            "spot",
            postgresql_using="gist",
            postgresql_include=["submitted_at"],
            postgresql_where=_SHOWN_OPEN,
        ),
        Index(
            "ix_report_words",
            text("xom_fold(public_description) gin_trgm_ops"),
            postgresql_using="gin",
        ),
        Index("ix_report_lead", "lead_id", postgresql_where=text("lead_id is not null")),
        Index(
            "ix_report_accused",
            "accused_office_id",
            postgresql_where=text("accused_office_id is not null"),
        ),
        Index(
            "ix_report_next_check",
            "next_check_at",
            postgresql_where=text("next_check_at is not null"),
        ),
        Index("ix_report_queue", "office_id", "act_by", "id", postgresql_where=_OPEN),
        Index("ix_report_open", "act_by", "id", postgresql_where=_OPEN),
        Index(
            "ix_report_urgent", "act_by", "id", postgresql_where=text(f"urgent and {_OPEN.text}")
        ),
        Index("ix_report_status", "status", "act_by", "id", postgresql_where=_OPEN),
        Index(
            "ix_report_unseen",
            "act_by",
            "id",
            postgresql_where=text(f"{_UNSEEN} and {_OPEN.text}"),
        ),
        Index("ix_report_new", "submitted_at", "id"),
        Index("ix_report_office_new", "office_id", "submitted_at", "id"),
        Index(
            "ix_report_source",
            "source",
            "submitted_at",
            "id",
            postgresql_where=text(_ELSEWHERE),
        ),
        Index(
            "ix_report_source_open",
            "source",
            "act_by",
            "id",
            postgresql_where=text(f"{_ELSEWHERE} and {_OPEN.text}"),
        ),
        Index(
            "ix_report_assignee",
            "assignee_id",
            "act_by",
            "id",
            postgresql_where=text(f"assignee_id is not null and {_OPEN.text}"),
        ),
        Index(
            "ix_report_unchecked",
            "act_by",
            "id",
            postgresql_where=text("status = 'resolved'"),
        ),
        Index(
            "ix_report_shown_new",
            "submitted_at",
            "id",
            postgresql_include=["spot"],
            postgresql_where=_SHOWN,
        ),
        # What was published last, for feeds.
        Index("ix_report_shown_published", "published_at", "id", postgresql_where=_SHOWN),
        Index("ix_report_shown_area", "area_id", "submitted_at", "id", postgresql_where=_SHOWN),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)  # made on the phone
    code: Mapped[str] = mapped_column(String(10), unique=True)  # 482173906K
    digest: Mapped[bytes] = mapped_column(LargeBinary)  # SHA-256 of the normalised submission
    version: Mapped[int] = mapped_column(default=1)
    reporter_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    identity: Mapped[IdentityLevel] = mapped_column(OneOf(IdentityLevel, 12))
    source: Mapped[str] = mapped_column(String(12), default="app")

    category_id: Mapped[int] = mapped_column(ForeignKey("category.id"))
    description: Mapped[str] = mapped_column(Text)
    public_description: Mapped[str] = mapped_column(Text)  # numbers masked
    place_note: Mapped[str] = mapped_column(String(200), default="")
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    lat: Mapped[float]
    lng: Mapped[float]
    spot: Mapped[str] = mapped_column(Point)
    cell: Mapped[int] = mapped_column(BigInteger)  # H3, resolution 10
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"))
    outside_m: Mapped[int] = mapped_column(default=0)  # metres outside the area it was given to
    captured_at: Mapped[datetime | None]
    consent: Mapped[str | None] = mapped_column(String(20))  # version of the words agreed to
    cover: Mapped[str | None] = mapped_column(Text)  # its first photo, for lists: see `covers`

    status: Mapped[Status] = mapped_column(OneOf(Status, 12), default=Status.SUBMITTED)
    outcome: Mapped[Outcome | None] = mapped_column(OneOf(Outcome, 12))
    rejection: Mapped[str | None] = mapped_column(String(20))
    planned_for: Mapped[datetime | None]
    urgent: Mapped[bool] = mapped_column(default=False)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))  # leads (or is proposed)
    #: Who in the lead office does it, as it was given out there.
    assignee_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    accused_office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    lead_id: Mapped[UUID | None] = mapped_column(ForeignKey("report.id"))  # merged into
    status_before: Mapped[Status | None] = mapped_column(
        OneOf(Status, 12)
    )  # waiting, merged: back to
    held_back: Mapped[bool] = mapped_column(default=False)
    hidden: Mapped[bool] = mapped_column(default=False)

    submitted_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    assigned_at: Mapped[datetime | None]  # to the office that leads now
    started_at: Mapped[datetime | None]
    centre_due_at: Mapped[datetime | None]  # the centre's own clock, while it runs
    first_due_at: Mapped[datetime | None]  # moves only by waiting
    due_at: Mapped[datetime | None]
    due_from: Mapped[datetime | None]  # what `due_at` is counted from
    due_term: Mapped[str | None] = mapped_column(String(8))  # urgent, 7d or 16h; see clocks
    first_due_term: Mapped[str | None] = mapped_column(String(8))
    rested_s: Mapped[int] = mapped_column(default=0)  # seconds waited since `due_from`
    rested_total_s: Mapped[int] = mapped_column(default=0)  # … and since acceptance
    resolved_at: Mapped[datetime | None]
    first_resolved_at: Mapped[datetime | None]  # last resolve before closing or first reopening
    closed_at: Mapped[datetime | None]
    reopened_at: Mapped[datetime | None]  # the first time
    waiting_since: Mapped[datetime | None]
    asked_by_office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    extension_until: Mapped[datetime | None]  # asked for, not yet decided

    asked: Mapped[int] = mapped_column(SmallInteger, default=0)
    returned: Mapped[int] = mapped_column(SmallInteger, default=0)
    returnable: Mapped[bool] = mapped_column(default=True)  # false: the head has decided
    reopened: Mapped[int] = mapped_column(SmallInteger, default=0)
    extended: Mapped[int] = mapped_column(SmallInteger, default=0)
    reconsidered: Mapped[bool] = mapped_column(default=False)
    reminded: Mapped[int] = mapped_column(SmallInteger, default=0)  # rung of the ladder
    escalated_at: Mapped[datetime | None]  # urgent, and nobody took it
    next_check_at: Mapped[datetime | None]  # when the clock has to look at it again
    #: By when whoever has it must act: the centre while its clock runs, else the office.
    act_by: Mapped[datetime] = mapped_column(
        Computed("coalesce(centre_due_at, due_at, submitted_at)", persisted=True)
    )
    #: May the public see it? A category that is or becomes private is hidden by `effects`.
    shown: Mapped[bool] = mapped_column(
        Computed(
            "published_at is not null and not hidden and erased_at is null"
            " and status <> 'withdrawn'",
            persisted=True,
        )
    )
    supporters: Mapped[int] = mapped_column(default=0)
    recurrence: Mapped[int] = mapped_column(SmallInteger, default=1)  # "the 7th time here"
    recurs_from_id: Mapped[UUID | None] = mapped_column(ForeignKey("report.id"))
    erased_at: Mapped[datetime | None]
    checked_at: Mapped[datetime | None]  # the centre looked: at what accepted itself, at the answer
    retold_at: Mapped[datetime | None]  # the public words or pictures were changed without a step


class StatusChange(Base):
    """What a step left behind. Append-only: a trigger refuses edits and deletions."""

    __tablename__ = "status_change"
    __table_args__ = (
        CheckConstraint(one_of("role", Role), name="role"),
        Index("uq_status_change_version", "report_id", "version", unique=True),
        # What happened lately, wherever, in its order; and what was published by hand.
        Index("ix_status_change_at", "at"),
        Index("ix_status_change_publish", "at", postgresql_where=text("step = 'publish'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)  # made by the caller
    report_id: Mapped[UUID] = mapped_column(ForeignKey("report.id"))
    version: Mapped[int]  # of the report, after it
    step: Mapped[str] = mapped_column(String(20))
    before: Mapped[Status | None] = mapped_column(OneOf(Status, 12))
    after: Mapped[Status] = mapped_column(OneOf(Status, 12))
    at: Mapped[datetime]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    role: Mapped[Role] = mapped_column(OneOf(Role, 12))
    office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))  # acted for
    note: Mapped[str] = mapped_column(Text, default="")
    facts: Mapped[dict[str, Any]] = mapped_column(
        default=dict
    )  # what else changed, in plain values
    digest: Mapped[bytes] = mapped_column(LargeBinary)  # SHA-256 of the order: repeats are known


class Assignment(Base):
    """Which office is proposed, leads or joins a report, from when to when, and why."""

    __tablename__ = "assignment"
    __table_args__ = (
        CheckConstraint("part in ('proposed', 'lead', 'join')", name="part"),
        Index(
            "uq_assignment_present",
            "report_id",
            "office_id",
            unique=True,
            postgresql_where=text("until is null"),
        ),
        Index("ix_assignment_office", "office_id", postgresql_where=text("until is null")),
        Index(
            "ix_assignment_joined",
            "office_id",
            "report_id",
            postgresql_where=text("until is null and part = 'join'"),
        ),
        Index("ix_assignment_past", "report_id", postgresql_where=text("until is not null")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    report_id: Mapped[UUID] = mapped_column(ForeignKey("report.id"))
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    part: Mapped[str] = mapped_column(String(8))
    rule_id: Mapped[int | None] = mapped_column(ForeignKey("routing_rule.id"))
    area_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"))
    reason_vi: Mapped[str] = mapped_column(Text)
    reason_en: Mapped[str] = mapped_column(Text)
    since: Mapped[datetime]
    until: Mapped[datetime | None]


class Photo(Base):
    """A picture, re-encoded. It belongs to one thing, or to nobody yet (swept after 7 days)."""

    __tablename__ = "photo"
    __table_args__ = (
        CheckConstraint("num_nonnulls(report_id, change_id) <= 1", name="one_owner"),
        Index("ix_photo_report", "report_id", postgresql_where=text("report_id is not null")),
        Index("ix_photo_change", "change_id", postgresql_where=text("change_id is not null")),
        Index(
            "ix_photo_loose",
            "created_at",
            postgresql_where=text("report_id is null and change_id is null"),
        ),
        Index("ix_photo_sha256", "sha256"),
        Index("ix_photo_evidence", "owner_id", postgresql_where=text("change_id is not null")),
        Index(
            "ix_photo_original",
            "original_until",
            postgresql_where=text("original_key is not null"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)  # made on the phone
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    sha256: Mapped[bytes] = mapped_column(LargeBinary)  # of the bytes as sent, which are not kept
    key: Mapped[str] = mapped_column(String(100))  # storage key of the 1600 px JPEG
    small_key: Mapped[str] = mapped_column(String(100))  # and of its 400 px sibling
    width: Mapped[int]
    height: Mapped[int]
    thumbhash: Mapped[bytes] = mapped_column(LargeBinary)
    likeness: Mapped[int] = mapped_column(BigInteger)  # difference hash, for duplicates
    created_at: Mapped[datetime] = mapped_column(default=now)
    report_id: Mapped[UUID | None] = mapped_column(ForeignKey("report.id"))
    change_id: Mapped[UUID | None] = mapped_column(ForeignKey("status_change.id"))
    position: Mapped[int] = mapped_column(SmallInteger, default=0)
    redacted_at: Mapped[datetime | None]
    #: The picture before its boxes were drawn, kept apart until then: for a mistake to be undone.
    original_key: Mapped[str | None] = mapped_column(String(100))
    original_until: Mapped[datetime | None]
    #: Of an office's photo of its work, as its metadata told (`evidence`). Never of a resident's.
    taken_at: Mapped[datetime | None]
    from_pin_m: Mapped[int | None]  # how far from the report's pin; the place itself is not kept


class Support(Base):
    """ "Me too": follows the report and hears what happens."""

    __tablename__ = "support"

    report_id: Mapped[UUID] = mapped_column(ForeignKey("report.id"), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True, index=True)
    at: Mapped[datetime] = mapped_column(default=now)


class Comment(Base):
    """A resident's comment waits for a person; an office speaks as an office."""

    __tablename__ = "comment"
    __table_args__ = (
        Index("ix_comment_report", "report_id", "at"),
        Index("ix_comment_at", "at"),
        Index(
            "ix_comment_waiting",
            "at",
            "id",
            postgresql_where=text("published_at is null and hidden_at is null"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    report_id: Mapped[UUID] = mapped_column(ForeignKey("report.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    hidden_at: Mapped[datetime | None]


class Note(Base):
    """Internal: read by the offices that lead or join, and the centre."""

    __tablename__ = "note"
    __table_args__ = (Index("ix_note_report", "report_id", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    report_id: Mapped[UUID] = mapped_column(ForeignKey("report.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class Rating(Base):
    """One to five stars and words, once a person, replaceable for 30 days."""

    __tablename__ = "rating"
    __table_args__ = (CheckConstraint("stars between 1 and 5", name="stars"),)

    report_id: Mapped[UUID] = mapped_column(ForeignKey("report.id"), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    stars: Mapped[int] = mapped_column(SmallInteger)
    comment: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]


class ReporterIdentity(Base):
    """The person behind an account, each field encrypted under that person's own key.

    Read through `identity` alone. `wrapped_key` is destroyed by erasure: the rest is then noise.
    """

    __tablename__ = "reporter_identity"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    wrapped_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    name: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone: Mapped[bytes | None] = mapped_column(LargeBinary)
    email: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone_hmac: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    firebase_uid_hmac: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    sms_consent_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]

"""Tables of the officials' desk."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.auth.models import one_of
from app.clock import now
from app.database import Base, OneOf
from reports.statuses import Outcome, Role


class Presence(Base):
    """Who has a report before them just now, and what they are writing. Lost with the server:
    nothing depends on it."""

    __tablename__ = "presence"
    __table_args__ = (
        Index("ix_presence_seen_at", "seen_at"),
        {"prefixes": ["UNLOGGED"]},
    )

    report_id: Mapped[UUID] = mapped_column(ForeignKey("report.id"), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    doing: Mapped[str] = mapped_column(String(20), default="")  # a step's name; none: reading
    seen_at: Mapped[datetime]


class SavedFilter(Base):
    """A queue's filter under a name, for oneself or for everybody of an office."""

    __tablename__ = "saved_filter"
    __table_args__ = (
        Index("ix_saved_filter_account", "account_id"),
        Index(
            "ix_saved_filter_office", "office_id", postgresql_where=text("office_id is not null")
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))  # shared with
    name: Mapped[str] = mapped_column(String(60))
    query: Mapped[str] = mapped_column(String(600))  # as the queue's address has it
    position: Mapped[int] = mapped_column(SmallInteger, default=0)  # among its maker's
    created_at: Mapped[datetime] = mapped_column(default=now)


class AnswerTemplate(Base):
    """Words to begin an answer from, by step and category, with placeholders."""

    __tablename__ = "answer_template"
    __table_args__ = (
        CheckConstraint("text_vi <> '' or text_en <> ''", name="something"),
        CheckConstraint(one_of("outcome", Outcome), name="outcome"),
        Index("ix_answer_template_step", "step", "office_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))  # none: every office's
    category_id: Mapped[int | None] = mapped_column(ForeignKey("category.id"))  # none: any
    step: Mapped[str] = mapped_column(String(20))
    outcome: Mapped[Outcome | None] = mapped_column(OneOf(Outcome, 12))
    name: Mapped[str] = mapped_column(String(80))
    text_vi: Mapped[str] = mapped_column(Text, default="")
    text_en: Mapped[str] = mapped_column(Text, default="")
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    updated_at: Mapped[datetime] = mapped_column(default=now)
    retired_at: Mapped[datetime | None]


class Mention(Base):
    """An official who is named in a note, and hears of it."""

    __tablename__ = "mention"

    note_id: Mapped[UUID] = mapped_column(ForeignKey("note.id"), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)


class LimitKind(StrEnum):
    """Why, in the words that whoever is limited reads."""

    FALSE = "false"  # said what was not so, again and again
    ABUSIVE = "abusive"
    FLOOD = "flood"  # the same thing over and over
    OTHER = "other"


class ReporterLimit(Base):
    """A pseudonym that may send nothing for a time, with a reason that can be answered for."""

    __tablename__ = "reporter_limit"
    __table_args__ = (
        CheckConstraint(one_of("kind", LimitKind), name="kind"),
        CheckConstraint("until > since", name="order"),
        CheckConstraint("until <= since + interval '1 year'", name="expiry"),
        Index("ix_reporter_limit_account", "account_id", "until"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    kind: Mapped[LimitKind] = mapped_column(OneOf(LimitKind, 12))
    reason: Mapped[str] = mapped_column(String(500))  # for officials
    since: Mapped[datetime]
    until: Mapped[datetime]
    created_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))


class Decision(StrEnum):
    """What became of a complaint about something published."""

    UPHELD = "upheld"  # it was hidden or corrected
    REFUSED = "refused"  # it stays


class Complaint(Base):
    """Somebody says that something published should not be."""

    __tablename__ = "complaint"
    __table_args__ = (
        CheckConstraint(one_of("decision", Decision), name="decision"),
        CheckConstraint("(decision is null) = (decided_at is null)", name="decided"),
        Index("ix_complaint_open", "at", postgresql_where=text("decided_at is null")),
        Index("ix_complaint_report", "report_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)  # made on the phone
    report_id: Mapped[UUID] = mapped_column(ForeignKey("report.id"))
    comment_id: Mapped[UUID | None] = mapped_column(ForeignKey("comment.id"))
    photo_id: Mapped[UUID | None]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    text: Mapped[str] = mapped_column(String(1000))
    at: Mapped[datetime]
    decision: Mapped[Decision | None] = mapped_column(OneOf(Decision, 12))
    answer: Mapped[str] = mapped_column(String(1000), default="")
    begun_at: Mapped[datetime | None]  # a part is being redacted: decided when that is stored
    begun_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    draft: Mapped[str] = mapped_column(String(1000), default="")  # the answer until then
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))


class RedactedReply(Base):
    """What the public reads of an office's reply; the reply itself stays, for officials alone."""

    __tablename__ = "redacted_reply"

    change_id: Mapped[UUID] = mapped_column(
        ForeignKey("status_change.id", ondelete="CASCADE"), primary_key=True
    )
    words: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class RunState(StrEnum):
    WAITING = "waiting"  # for a worker
    RUNNING = "running"
    FINISHED = "finished"
    STOPPED = "stopped"  # by whoever began it


class BulkRun(Base):
    """One step taken on many reports, by a job: who asked for it, and how far it is."""

    __tablename__ = "bulk_run"
    __table_args__ = (
        CheckConstraint(one_of("state", RunState), name="state"),
        Index("ix_bulk_run_account", "account_id", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)  # made by the caller: again is the same
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    step: Mapped[str] = mapped_column(String(20))
    fields: Mapped[dict[str, Any]]  # of the order, the same for each report
    state: Mapped[RunState] = mapped_column(OneOf(RunState, 12), default=RunState.WAITING)
    total: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
    undoes: Mapped[UUID | None] = mapped_column(ForeignKey("bulk_run.id"))
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class BulkItem(Base):
    """One report of a bulk run: what became of it, and why not."""

    __tablename__ = "bulk_item"
    __table_args__ = (
        Index(
            "ix_bulk_item_left", "run_id", "position", postgresql_where=text("finished_at is null")
        ),
    )

    run_id: Mapped[UUID] = mapped_column(ForeignKey("bulk_run.id"), primary_key=True)
    report_id: Mapped[UUID] = mapped_column(ForeignKey("report.id"), primary_key=True)
    position: Mapped[int]
    seen: Mapped[int]  # the version that was looked at when it was chosen
    change_id: Mapped[UUID | None] = mapped_column(ForeignKey("status_change.id"))
    problem_vi: Mapped[str | None] = mapped_column(String(500))
    problem_en: Mapped[str | None] = mapped_column(String(500))
    finished_at: Mapped[datetime | None]


class Invitation(Base):
    """A letter that lets somebody make an official's account; only its SHA-256 is kept."""

    __tablename__ = "invitation"
    __table_args__ = (
        CheckConstraint(one_of("role", Role), name="role"),
        Index("ix_invitation_office", "office_id"),
    )

    sha256: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[Role] = mapped_column(OneOf(Role, 12))
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    invited_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))  # that it made
    withdrawn_at: Mapped[datetime | None]


class OfficeLink(Base):
    """A link by mail for an office without accounts: good for one report, for a time."""

    __tablename__ = "office_link"
    __table_args__ = (Index("ix_office_link_report", "report_id", "office_id"),)

    sha256: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    report_id: Mapped[UUID] = mapped_column(ForeignKey("report.id"))
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    email: Mapped[str] = mapped_column(String(254))  # that it was sent to
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    opened: Mapped[int] = mapped_column(SmallInteger, default=0)


class ReadFile(Base):
    """A file of city data that was looked through and waits for its confirmation, for an hour."""

    __tablename__ = "read_file"
    __table_args__ = (Index("ix_read_file_read_at", "read_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    kind: Mapped[str] = mapped_column(String(12))
    replaces: Mapped[bool]  # what it does not mention ends
    name: Mapped[str] = mapped_column(String(80))  # as its owner calls it
    data: Mapped[bytes] = mapped_column(LargeBinary)
    read_at: Mapped[datetime]

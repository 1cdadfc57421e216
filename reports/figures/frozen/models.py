"""Tables: reports as they were published, who gets them by mail, and each of those letters."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.auth.models import one_of
from app.database import Base, OneOf
from reports.figures.periods import Kind


class LetterState(StrEnum):
    DUE = "due"  # waits, until `due_at`
    SENDING = "sending"  # a worker is at it; after a kill it becomes unsure
    SENT = "sent"  # the mail server took it
    REFUSED = "refused"  # the server will never take it
    UNSURE = "unsure"  # a worker died over it: it may have gone, so nobody is told twice


class FigureReport(Base):
    """One published report. The database refuses to change or delete it (migration)."""

    __tablename__ = "figure_report"
    __table_args__ = (
        CheckConstraint("kind in ('month', 'quarter')", name="kind"),
        CheckConstraint("number >= 1", name="number"),
        Index("uq_figure_report_period_number", "period", "number", unique=True),
        Index("ix_figure_report_since", "since"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(String(7))  # 2026-10, 2026-Q3
    kind: Mapped[Kind] = mapped_column(OneOf(Kind, 8))
    number: Mapped[int] = mapped_column(SmallInteger)  # 1; 2 and more are amendments
    since: Mapped[date] = mapped_column(Date)
    until: Mapped[date] = mapped_column(Date)  # the first day after it
    as_of: Mapped[datetime]  # up to when its figures tell
    made_at: Mapped[datetime]
    made_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))  # none: the schedule
    definitions_version: Mapped[int]
    contents: Mapped[dict[str, Any]]  # see `contents`
    files: Mapped[dict[str, Any]]  # "vi.pdf" → {"key", "sha256", "bytes"}


class FigureReader(Base):
    """Who gets reports by mail: an official, or an address outside. Ended ones stay on record."""

    __tablename__ = "figure_reader"
    __table_args__ = (
        CheckConstraint("(account_id is null) <> (email is null)", name="somebody"),
        CheckConstraint("months or quarters", name="something"),
        CheckConstraint("locale in ('vi', 'en')", name="locale"),
        Index(
            "uq_figure_reader_account",
            "account_id",
            unique=True,
            postgresql_where=text("ended_at is null"),
        ),
        Index(
            "uq_figure_reader_email",
            "email",
            unique=True,
            postgresql_where=text("ended_at is null"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    email: Mapped[str | None] = mapped_column(String(254))  # in lower case
    name: Mapped[str] = mapped_column(String(120))  # whose address it is
    locale: Mapped[str] = mapped_column(String(2))
    months: Mapped[bool]
    quarters: Mapped[bool]
    added_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))  # none: by command
    added_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class FigureLetter(Base):
    """One report to one reader. Written with the report itself, sent afterwards."""

    __tablename__ = "figure_letter"
    __table_args__ = (
        CheckConstraint(one_of("state", LetterState), name="state"),
        Index("ix_figure_letter_reader_id", "reader_id"),
        Index(
            "ix_figure_letter_open",
            "due_at",
            postgresql_where=text("state in ('due', 'sending')"),
        ),
    )

    report_id: Mapped[UUID] = mapped_column(ForeignKey("figure_report.id"), primary_key=True)
    reader_id: Mapped[UUID] = mapped_column(ForeignKey("figure_reader.id"), primary_key=True)
    state: Mapped[LetterState] = mapped_column(OneOf(LetterState, 8))
    due_at: Mapped[datetime]  # when it is tried; while sending, when it counts as unsure
    tries: Mapped[int] = mapped_column(SmallInteger)
    email: Mapped[str | None] = mapped_column(String(254))  # where it went
    note: Mapped[str] = mapped_column(String(100))  # what the mail server said
    sent_at: Mapped[datetime | None]

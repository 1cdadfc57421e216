"""Tables of what was published of a month. Written once, in one transaction, and never changed: a
trigger refuses it, but for a report that its reporter erased or that was hidden (`PublicRow`).
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base


class PublicMonth(Base):
    """A month that anyone may see, by its first day."""

    __tablename__ = "public_month"

    month: Mapped[date] = mapped_column(primary_key=True)
    published_at: Mapped[datetime]
    as_of: Mapped[datetime]  # up to when its figures tell
    told: Mapped[dict[str, Any]]  # see `contents.Told`


class PublicAtom(Base):
    """A group of reports of which nothing is told but how many there are; see `atoms`."""

    __tablename__ = "public_atom"

    month: Mapped[date] = mapped_column(ForeignKey("public_month.month"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    shown: Mapped[bool]  # may each of its reports be read by anyone, or none
    area_id: Mapped[int | None]
    cell: Mapped[int | None] = mapped_column(BigInteger)  # H3, resolution 6 to 9
    category_id: Mapped[int | None]
    reports: Mapped[int]


class PublicRow(Base):
    """A report that anyone could read when its month was published, as it then was; no words."""

    __tablename__ = "public_row"
    __table_args__ = (Index("ix_public_row_report_id", "report_id"),)

    month: Mapped[date] = mapped_column(ForeignKey("public_month.month"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    report_id: Mapped[UUID]
    code: Mapped[str] = mapped_column(String(10))
    category_id: Mapped[int]
    area_id: Mapped[int]
    office_id: Mapped[int]
    status: Mapped[str] = mapped_column(String(12))
    outcome: Mapped[str | None] = mapped_column(String(12))
    lat: Mapped[float]
    lng: Mapped[float]
    submitted_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    first_due_at: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    on_time: Mapped[bool | None]  # as its month counts it; none in months published before 0020


class PublicNote(Base):
    """What is said of a published month later: about how many of its reports changed since."""

    __tablename__ = "public_note"

    month: Mapped[date] = mapped_column(ForeignKey("public_month.month"), primary_key=True)
    at: Mapped[datetime] = mapped_column(primary_key=True)
    changed: Mapped[int]  # in fives

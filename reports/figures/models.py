"""Tables of figures. Everything here is derived: it can be made anew at any time from reports and
their history (`flask figures rebuild`), and is never told apart from them.

A column that grows with time while something runs is kept as what it was when it began: `…_from`
(and `since`) hold the city's working seconds at that moment, so that n things that run have run
n × worked(as_of) - sum(from) seconds, and no row has to be written because time passes.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    Uuid,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base
from reports.figures.columns import CELL_SUMS, FATES, HELD_SUMS, SUMS, TIMES, Sum

SPANS = ("day", "month", "quarter", "year")


#: What a cell of the map tells is read from an index alone.
_MAP_TELLS = (
    "category_id", "office_id",
    "fate", "on_time", "resolve_s", "ratings", "satisfied", "reopened", "late_from",
)  # fmt: skip


class ReportFact(Base):
    """One row a report: what figures ask of it. Working times are in the city's working seconds."""

    __tablename__ = "report_fact"
    __table_args__ = (
        CheckConstraint("fate in ('" + "', '".join(FATES) + "')", name="fate"),
        Index("ix_report_fact_day", "day"),
        Index("ix_report_fact_map", "cell", "day", postgresql_include=["area_id", *_MAP_TELLS]),
        Index("ix_report_fact_area", "area_id", "day", postgresql_include=["cell", *_MAP_TELLS]),
        # What is overdue, by group, of any days: all that is asked stands in the index.
        Index(
            "ix_report_fact_open",
            "day",
            "late_from",
            postgresql_include=["reopened", "area_id", "category_id", "office_id", "report_id"],
            postgresql_where=text("fate = 'open'"),
        ),
        Index(
            "ix_report_fact_centre_late",
            "centre_late_from",
            postgresql_where=text("centre_late_from is not null"),
        ),
    )

    report_id: Mapped[UUID] = mapped_column(primary_key=True)
    day: Mapped[date]  # received, in the city's zone
    area_id: Mapped[int]
    category_id: Mapped[int]
    office_id: Mapped[int]  # leads now, or is proposed
    cell: Mapped[int] = mapped_column(BigInteger)  # H3, resolution 10
    reporter_id: Mapped[UUID]
    urgent: Mapped[bool]
    source: Mapped[str] = mapped_column(String(12))
    fate: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str | None] = mapped_column(String(20))  # of the rejection, or the outcome
    published: Mapped[bool]
    accept_s: Mapped[int | None]
    resolve_s: Mapped[int | None]
    rest_s: Mapped[int]
    rest_from: Mapped[int | None] = mapped_column(BigInteger)  # worked() when it began to wait
    centre_s: Mapped[int | None]
    centre_in_time: Mapped[bool | None]
    centre_late_from: Mapped[datetime | None]
    on_time: Mapped[bool | None]
    late_from: Mapped[datetime | None]
    reopened: Mapped[int] = mapped_column(SmallInteger)
    returned: Mapped[int] = mapped_column(SmallInteger)
    extended: Mapped[int] = mapped_column(SmallInteger)
    recurrence: Mapped[int] = mapped_column(SmallInteger)
    stars_sum: Mapped[int]
    ratings: Mapped[int]
    satisfied: Mapped[int]
    comments: Mapped[int]
    unanswered: Mapped[int]


class ReportHeld(Base):
    """How long each office led a report, in working seconds; `since` while it still does."""

    __tablename__ = "report_held"

    report_id: Mapped[UUID] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seconds: Mapped[int]
    since: Mapped[int | None] = mapped_column(BigInteger)  # worked() when what runs now began


class WorkSpan(Base):
    """The city's working time, span by span, for SQL to count with: see `xom_worked`."""

    __tablename__ = "work_span"

    opens: Mapped[datetime] = mapped_column(primary_key=True)
    closes: Mapped[datetime]
    worked_before: Mapped[int] = mapped_column(BigInteger)  # seconds in all spans before


class FigureState(Base):
    """One row: up to when figures tell, and how far the making anew has come."""

    __tablename__ = "figure_state"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    as_of: Mapped[datetime | None]  # none until everything was made once
    worked: Mapped[int] = mapped_column(BigInteger)  # worked(as_of)
    made_by: Mapped[str] = mapped_column(String(64))  # hashes: SQL, calendar
    rebuild_after: Mapped[UUID | None]  # facts are being made anew, and are done up to this report
    rest_until: Mapped[datetime | None]  # the next pass begins no sooner; each pass writes it


#: Ids of reports whose facts have to be written anew: by triggers, taken away by `keeping`. It has
#: no key, so that a row costs as little as a row can.
figure_change = Table("figure_change", Base.metadata, Column("report_id", Uuid(), nullable=False))


def _keys(*names: str) -> list[Column[int]]:
    """Columns by which a roll-up is found; 0 stands for all of them."""
    return [Column(name, Integer(), primary_key=True, autoincrement=False) for name in names]


def _span_keys() -> list[Column[str] | Column[date]]:
    return [
        Column("span", String(8), primary_key=True),
        Column("start", Date(), primary_key=True),
    ]


def _sums(sums: tuple[Sum, ...]) -> list[Column[int]]:
    return [
        Column(one.name, BigInteger() if one.big else Integer(), nullable=False) for one in sums
    ]


def _percentiles() -> list[Column[int]]:
    names = [f"{one.name}_{which}" for one in TIMES for which in ("median", "p90")]
    return [Column(name, Integer()) for name in names]


def _one_span(table: str) -> CheckConstraint:
    return CheckConstraint("span in ('" + "', '".join(SPANS) + "')", name="span")


figure_group = Table(
    "figure_group",
    Base.metadata,
    *_span_keys(),
    *_keys("area_id", "category_id", "office_id"),
    *_sums(SUMS),
    *_percentiles(),
    _one_span("figure_group"),
)
figure_held = Table(
    "figure_held",
    Base.metadata,
    *_span_keys(),
    *_keys("area_id", "category_id", "office_id"),
    *_sums(HELD_SUMS),
    _one_span("figure_held"),
)
figure_cell = Table(
    "figure_cell",
    Base.metadata,
    *_span_keys(),
    *_keys("category_id", "office_id"),
    Column("cell", BigInteger(), primary_key=True, autoincrement=False),
    *_sums(CELL_SUMS),
    Column("resolve_median", Integer()),
    _one_span("figure_cell"),
)

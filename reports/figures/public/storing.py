"""A month's reports, read by one statement; and what was made of them, written down."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, case, insert, select, text

from app.database import db
from reports.city.models import Category
from reports.figures.columns import OVERDUE_AT
from reports.figures.models import ReportFact
from reports.figures.periods import Period
from reports.figures.public.atoms import Atom
from reports.figures.public.contents import Contents, Source
from reports.figures.public.models import PublicAtom, PublicRow
from reports.models import Report

_SETTLED = ("rejected", "merged", "withdrawn")
_AT_ONCE = 5_000  # rows a statement
_COUNTED = len(Source._fields)
_ROW = tuple(
    column.name
    for column in PublicRow.__table__.columns
    if column.name not in {"month", "position"}
)


@dataclass(frozen=True, slots=True)
class Reports:
    """The reports of a month: as they are counted, and those that anyone may read, in full."""

    counted: Sequence[Source]
    shown: Sequence[Sequence[Any]]


def reports_of(period: Period, *, as_of: datetime) -> Reports:
    """The reports received in a period; facts and reports as of one moment. None about officials:
    what is told exactly, and to everybody, would tell the one accused (docs/adr/0035)."""
    query = _READ.where(ReportFact.day >= period.since, ReportFact.day < period.until)
    rows = db.session.execute(query, {"moment": as_of}).all()
    counted = [_source(row) for row in rows]
    shown = [tuple(row)[_COUNTED:] for row, one in zip(rows, counted, strict=True) if one.shown]
    return Reports(counted, shown)


def _source(row: Sequence[Any]) -> Source:
    return Source(*row[:_COUNTED])


def write_atoms(first: date, contents: Contents) -> None:
    every = [(True, atom) for atom in contents.shown] + [(False, atom) for atom in contents.hidden]
    rows = [_atom(first, number, shown, atom) for number, (shown, atom) in enumerate(every)]
    if rows:
        db.session.execute(insert(PublicAtom), rows)


def _atom(first: date, number: int, shown: bool, atom: Atom) -> dict[str, object]:  # noqa: FBT001
    return {
        "month": first,
        "number": number,
        "shown": shown,
        "area_id": atom.place.area,
        "cell": atom.place.cell,
        "category_id": atom.place.category,
        "reports": len(atom.rows),
    }


def write_rows(first: date, rows: Sequence[Sequence[Any]]) -> None:
    for start in range(0, len(rows), _AT_ONCE):
        slice_ = enumerate(rows[start : start + _AT_ONCE], start)
        db.session.execute(
            insert(PublicRow),
            [
                {"month": first, "position": position, **dict(zip(_ROW, row, strict=True))}
                for position, row in slice_
            ],
        )


_settled = (
    ReportFact.fate.in_(_SETTLED)
    | Report.hidden
    | Report.held_back
    | Report.erased_at.is_not(None)
    | Category.private
)
#: As `definitions.on_time` counts: what is open and overdue is not on time.
_overdue = and_(text(OVERDUE_AT), ReportFact.reopened == 0)
_on_time = case((ReportFact.on_time.is_not(None), ReportFact.on_time), (_overdue, False))
_READ = (
    select(
        ReportFact.reporter_id,
        ReportFact.area_id,
        ReportFact.cell,
        ReportFact.category_id,
        ReportFact.office_id,
        Report.shown,
        _settled,
        ReportFact.fate,
        _on_time,
        ReportFact.resolve_s,
        ReportFact.ratings,
        ReportFact.satisfied,
        # … and what of a report stands in the open data
        Report.id.label("report_id"),
        Report.code,
        Report.category_id,
        Report.area_id,
        Report.office_id,
        Report.status,
        Report.outcome,
        Report.lat,
        Report.lng,
        Report.submitted_at,
        Report.accepted_at,
        Report.published_at,
        Report.first_due_at,
        Report.resolved_at,
        Report.closed_at,
        _on_time.label("on_time"),
    )
    .join(Report, Report.id == ReportFact.report_id)
    .join(Category, Category.id == ReportFact.category_id)
    .where(Report.accused_office_id.is_(None))
    .order_by(Report.submitted_at, Report.id)
)

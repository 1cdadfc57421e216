"""Finding requests: what is shown to everybody, as it was asked for, newest first.

One statement reads a page; ids are picked by an index first, and only what is picked is fetched
whole, with when it last changed. Officials' business does not count as a change.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Row,
    Select,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    text,
    true,
)

from app.database import reading
from app.text import uuid_in
from reports import codes
from reports.filters import narrowed
from reports.geometry import box_values, spot_in_box
from reports.models import Report, StatusChange
from reports.open311.asked import FARTHEST, Asked
from reports.pages import CARD, NEWEST, newest_first

#: Steps after which everybody reads the same as before: whose desk it lies on, and who asked whom.
INNER_STEPS = ("assign", "join", "unjoin", "ask_extension", "refuse_extension")

_report, _change = Report.__table__.c, StatusChange.__table__.c
_SHOWN: ColumnElement[bool] = text("shown")  # type: ignore[assignment]
_TELLS = _change.step.not_in(INNER_STEPS)


@dataclass(frozen=True, slots=True)
class Found:
    """Rows of a page (a card's columns, `lead_id`, `planned_for`, `updated_at`), and how many there
    are in all."""

    rows: Sequence[Row[Any]]
    total: int


def find(asked: Asked) -> Found:
    """What is shown of this. Read outside any transaction; a page past the end is empty."""
    conditions, values = _bounds(asked)
    if asked.offset > FARTHEST:
        return Found((), _count(conditions, values))
    picked = newest_first(
        select(*NEWEST).where(*conditions), paged=False, rows=asked.size + 1
    ).offset(literal_column(str(asked.offset)))
    with reading() as connection:
        rows = connection.execute(_whole(picked.subquery("picked")), values).all()
    first_and_only = asked.offset == 0 and len(rows) <= asked.size
    total = len(rows) if first_and_only else _count(conditions, values)
    return Found(rows[: asked.size], total)


def _count(conditions: Sequence[ColumnElement[bool]], values: dict[str, Any]) -> int:
    with reading() as connection:
        query = select(func.count()).select_from(Report.__table__).where(*conditions)
        return int(connection.scalar(query, values) or 0)


def _whole(picked: FromClause) -> Select[Any]:
    """The cards of what was picked, and when each last changed for everybody."""
    last = (
        select(_change.at)
        .where(_change.report_id == _report.id, _TELLS)
        .order_by(_change.version.desc())
        .limit(1)
        .lateral("last")
    )
    more = (_report.lead_id, _report.planned_for, last.c.at.label("updated_at"))
    query = select(*CARD, *more).join(picked, picked.c.id == _report.id).join(last, true())
    return query.order_by(picked.c.submitted_at.desc(), picked.c.id.desc())


def _bounds(asked: Asked) -> tuple[list[ColumnElement[bool]], dict[str, Any]]:
    """The conditions, and what their parameters stand for."""
    if asked.ids is not None:
        return [_SHOWN, _named(asked.ids)], {}
    values = asked.filters.values()
    conditions = [_SHOWN, *narrowed(values)]
    if asked.category_ids is not None:
        conditions.append(_report.category_id.in_(asked.category_ids))
    if asked.office_ids is not None:
        conditions.append(_report.office_id.in_(asked.office_ids))
    if asked.box is not None:
        conditions.append(spot_in_box("report"))
        values |= box_values(*asked.box)
    if asked.by_update:
        conditions += _updated(asked)
        values |= {"updated_since": asked.updated_since, "updated_until": asked.updated_until}
    return conditions, values


def _named(ids: Sequence[str]) -> ColumnElement[bool]:
    """By the code as it is read aloud, or by the id that the sender's phone made."""
    known = [code for one in ids if (code := codes.read_code(one))]
    made = [found for one in ids if (found := uuid_in(one))]
    return or_(_report.code.in_(known), _report.id.in_(made))


def _updated(asked: Asked) -> list[ColumnElement[bool]]:
    """The last change lies within. By time first: few of all reports changed lately."""
    lately = select(_change.report_id).where(_change.at >= bindparam("updated_since"), _TELLS)
    later = select(_change.id).where(
        _change.report_id == _report.id, _change.at >= bindparam("updated_until"), _TELLS
    )
    found: list[ColumnElement[bool]] = [_report.id.in_(lately)]
    return found if asked.updated_until is None else [*found, ~later.exists()]

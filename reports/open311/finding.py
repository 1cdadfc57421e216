"""Finding requests: what is shown to everybody, as it was asked for.

One statement reads a page; ids are picked by an index first, and only what is picked is fetched
whole, with when it last changed. As in `queries`: a statement for each shape, made once, and what
varies is parameters.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    DateTime,
    Integer,
    Row,
    Select,
    String,
    Uuid,
    any_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    true,
)
from sqlalchemy.orm import aliased

from app.database import reading
from app.text import uuid_in
from reports import codes
from reports.filters import Bounds, narrowed
from reports.geometry import box_values, spot_in_box
from reports.models import Report, StatusChange
from reports.open311.asked import MOST, Asked
from reports.pages import CARD, SHOWN, count
from reports.queries import kept
from reports.timeline import UNSEEN_STEPS

FARTHEST = 1_000_000  # requests before a page; beyond it there is nothing
#: Rows that a statement fetches, one more than the sizes that are asked for most.
_ROWS = (26, 51, 101, 251, 501, MOST + 1)

_report, _change = Report.__table__.c, StatusChange.__table__.c
_Later = aliased(StatusChange.__table__, name="later")
_TELLS = _change.step.not_in(UNSEEN_STEPS)


@dataclass(frozen=True, slots=True)
class Found:
    """Rows of a page (a card's columns, `lead_id`, `planned_for`, `updated_at`), whether more
    follow, and how many there are in all: None where counting them is dear."""

    rows: Sequence[Row[Any]]
    more: bool
    total: int | None


class _Shape(NamedTuple):
    """What makes a statement another one. `bounds`: of `filters`, `_BESIDE`, `_WINDOW`."""

    bounds: Bounds
    by_update: bool
    newest: bool
    rows: int
    first: bool  # page: nothing lies before it


def find(asked: Asked) -> Found:
    """What is shown of this. Read outside any transaction; a page past the end is empty."""
    values = _values(asked)
    bounds = frozenset(values)
    rows: Sequence[Row[Any]] = ()
    if asked.offset <= FARTHEST:
        many = next(rows for rows in _ROWS if rows > asked.size)
        shape = _Shape(bounds, asked.by_update, asked.newest, many, first=asked.offset == 0)
        with reading() as connection:
            rows = connection.execute(_page(shape), values | {"offset": asked.offset}).all()
    more = len(rows) > asked.size
    return Found(rows[: asked.size], more, _total(asked, bounds, values, len(rows), more=more))


def _total(
    asked: Asked, bounds: Bounds, values: dict[str, Any], read: int, *, more: bool
) -> int | None:
    if not more and (read or asked.offset == 0):  # the last page tells it
        return asked.offset + read
    if asked.is_dear_to_count:
        return None
    with reading() as connection:
        return int(connection.scalar(_count(bounds), values) or 0)


def _values(asked: Asked) -> dict[str, Any]:
    """What the parameters of the bounds stand for."""
    if asked.ids is not None:
        known = [code for one in asked.ids if (code := codes.read_code(one))]
        made = [found for one in asked.ids if (found := uuid_in(one))]
        return {"codes": known, "ids": made}
    beside: dict[str, Any] = {
        "category_ids": asked.category_ids,
        "office_ids": asked.office_ids,
        "area_ids": asked.area_ids,
        "updated_since": asked.updated_since,
        "updated_until": asked.updated_until,
    }
    given = {name: one for name, one in beside.items() if one is not None}
    given |= {name: sorted(one) for name, one in given.items() if isinstance(one, frozenset)}
    box = box_values(*asked.box) if asked.box else {}
    return asked.filters.values() | given | box


# Statements ------------------------------------------------------------------------------------


@kept
def _page(shape: _Shape) -> Select[Any]:
    """The cards of what was picked, and when each last changed for everybody."""
    picked = _picked(shape).subquery("picked")
    last = (
        select(_change.at)
        .where(_change.report_id == _report.id, _TELLS)
        .order_by(_change.version.desc())
        .limit(1)
        .lateral("last")
    )
    more = (_report.lead_id, _report.planned_for, last.c.at.label("updated_at"))
    query = select(*CARD, *more).join(picked, picked.c.id == _report.id).join(last, true())
    return query.order_by(*_turned((picked.c.at, picked.c.id), newest=shape.newest))


def _picked(shape: _Shape) -> Select[Any]:
    """Ids, in order: by the index of when they were sent; of what changed within a time, by the
    index of when anything did."""
    report, window = Report.__table__, shape.bounds & _WINDOW.keys()
    at = _change.at if shape.by_update else _report.submitted_at
    query = select(at.label("at"), _report.id).where(*_conditions(shape.bounds - window))
    if shape.by_update:
        query = query.join_from(StatusChange.__table__, report, _report.id == _change.report_id)
        query = query.where(*_changed(window))
    elif window:
        # Materialized, or a plan for any time would look for them through everybody's reports.
        ids = select(_change.report_id).distinct().where(*_any_or_last(window))
        changed = ids.cte("changed").prefix_with("materialized")
        query = query.join_from(changed, report, _report.id == changed.c.report_id)
    query = query.order_by(*_turned((at, _report.id), newest=shape.newest))
    query = query.limit(count(shape.rows))
    return query if shape.first else query.offset(bindparam("offset", type_=Integer))


def _turned(order: Sequence[Any], *, newest: bool) -> Sequence[Any]:
    return [column.desc() for column in order] if newest else order


@kept
def _count(bounds: Bounds) -> Select[Any]:
    query = select(func.count()).select_from(Report.__table__)
    return query.where(*_conditions(bounds))


def _conditions(bounds: Bounds) -> list[ColumnElement[bool]]:
    beside = [_BESIDE[name] for name in sorted(bounds & _BESIDE.keys())]
    if "codes" in bounds:
        beside.append(_NAMED)
    return [SHOWN, *narrowed(bounds - _BESIDE.keys() - {"codes", "ids"}), *beside]


def _among(column: Any, name: str, kind: Any) -> ColumnElement[bool]:
    """One array, so that it is one statement however many there are."""
    found: ColumnElement[bool] = column == any_(bindparam(name, type_=ARRAY(kind)))
    return found


def _any_or_last(window: Bounds) -> list[ColumnElement[bool]]:
    """What changed since a time changed last since then, so that any step tells it."""
    return _changed(window) if "updated_until" in window else [_WINDOW["updated_since"], _TELLS]


def _changed(window: Bounds) -> list[ColumnElement[bool]]:
    """Of steps: the last ones that changed something for everybody, if they lie within."""
    later: Select[Any] = select(literal_column("1")).where(
        _Later.c.report_id == _change.report_id,
        _Later.c.version > _change.version,
        _Later.c.step.not_in(UNSEEN_STEPS),
    )
    return [*(_WINDOW[name] for name in sorted(window)), _TELLS, ~later.exists()]


_WINDOW = {
    "updated_since": _change.at >= bindparam("updated_since", type_=DateTime(timezone=True)),
    "updated_until": _change.at < bindparam("updated_until", type_=DateTime(timezone=True)),
}
#: By the code as it is read aloud, or by the id that the sender's phone made.
_NAMED = or_(_among(_report.code, "codes", String), _among(_report.id, "ids", Uuid))
_BESIDE = {
    "category_ids": _among(_report.category_id, "category_ids", Integer),
    "office_ids": _among(_report.office_id, "office_ids", Integer),
    "area_ids": _among(_report.area_id, "area_ids", Integer),
    "box": spot_in_box("report"),
}

"""One page of a list: the columns of a card, the orders that lists come in, the row to go on from.

Statements are made once and kept by `queries`; what varies is parameters, whose values are here.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Integer, Row, Select, String, Uuid, bindparam, tuple_, type_coerce

from app.database import reading
from reports.models import Report

_report = Report.__table__.c  # not the mapped attributes: reading rows by those costs twice as much
CARD = (
    _report.id,
    _report.code,
    _report.version,
    type_coerce(_report.status, String).label("status"),
    type_coerce(_report.outcome, String).label("outcome"),
    _report.category_id,
    _report.area_id,
    _report.office_id,
    _report.description,
    _report.public_description,
    _report.lat,
    _report.lng,
    _report.urgent,
    _report.submitted_at,
    _report.act_by,
    _report.due_at,
    _report.first_due_at,
    _report.resolved_at,
    _report.closed_at,
    _report.supporters,
)
Rows = Sequence[Row[Any]]
Key = tuple[datetime, UUID]  # of the last row of the page before


NEWEST = (_report.submitted_at, _report.id)
SOONEST = (_report.act_by, _report.id)
LIMIT: Any = bindparam("limit", type_=Integer)
_AFTER = tuple_(
    bindparam("after_at", type_=DateTime(timezone=True)), bindparam("after_id", type_=Uuid())
)


def newest_first(query: Select[Any], *, paged: bool, limit: Any = LIMIT) -> Select[Any]:
    """By the time of sending; `paged`: from a key on."""
    query = query.where(tuple_(*NEWEST) < _AFTER) if paged else query
    return query.order_by(*(column.desc() for column in NEWEST)).limit(limit)


def soonest_first(query: Select[Any], *, paged: bool) -> Select[Any]:
    """By when whoever has it must act."""
    query = query.where(tuple_(*SOONEST) > _AFTER) if paged else query
    return query.order_by(*SOONEST).limit(LIMIT)


def page(limit: int, after: Key | None) -> dict[str, Any]:
    """The parameters: one row more than asked for tells whether there is a next page."""
    values: dict[str, Any] = {"limit": limit + 1}
    return values | {"after_at": after[0], "after_id": after[1]} if after else values


def read(query: Select[Any], values: dict[str, Any]) -> Rows:
    """Run it outside any transaction."""
    with reading() as connection:
        return connection.execute(query, values).all()

"""One page of a list: the columns of a card, the orders that lists come in, the row to go on from.

Statements are made once and kept by `queries`; what varies is parameters, whose values are here.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Integer,
    Row,
    Select,
    String,
    Uuid,
    bindparam,
    literal_column,
    text,
    tuple_,
    type_coerce,
)

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
    _report.cover,
    _report.assignee_id,
)
#: What everybody may see, as the partial indexes spell it.
SHOWN: ColumnElement[bool] = text("shown")  # type: ignore[assignment]
Rows = Sequence[Row[Any]]
Key = tuple[datetime, UUID]  # of the last row of the page before


NEWEST = (_report.submitted_at, _report.id)
SOONEST = (_report.act_by, _report.id)
AFTER = tuple_(
    bindparam("after_at", type_=DateTime(timezone=True)), bindparam("after_id", type_=Uuid())
)


def newest_first(query: Select[Any], *, paged: bool, rows: int) -> Select[Any]:
    """By the time of sending; `paged`: from a key on."""
    query = following(query, newest=True) if paged else query
    return query.order_by(*(column.desc() for column in NEWEST)).limit(count(rows))


def soonest_first(query: Select[Any], *, paged: bool, rows: int) -> Select[Any]:
    """By when whoever has it must act."""
    query = following(query, newest=False) if paged else query
    return query.order_by(*SOONEST).limit(count(rows))


def following(query: Select[Any], *, newest: bool) -> Select[Any]:
    """What comes after the key of a page's last row."""
    return query.where(tuple_(*NEWEST) < AFTER if newest else tuple_(*SOONEST) > AFTER)


def count(rows: int) -> Any:
    """Written out: a plan that is kept must know how many rows it is for."""
    return literal_column(str(rows), Integer)


def after_values(after: Key | None) -> dict[str, Any]:
    return {"after_at": after[0], "after_id": after[1]} if after else {}


def read(query: Select[Any], values: dict[str, Any]) -> Rows:
    """Run it outside any transaction."""
    with reading() as connection:
        return connection.execute(query, values).all()

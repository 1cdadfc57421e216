"""Saved filters: a queue's filter under a name, for oneself or for everybody of an office."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from sqlalchemy import ARRAY, Integer, Row, any_, bindparam, func, or_, select

from app.database import db, reading
from app.errors import Forbidden, Invalid, NotFound
from app.text import normalise
from reports.desk.models import SavedFilter
from reports.permissions import Viewer
from reports.queue_in import QueueIn
from reports.statuses import Role

MOST = 30  # of one person
MOST_LETTERS = 600  # of a filter's address
_PAGED = frozenset({"after", "limit"})


class FilterNameMissing(Invalid):
    code = "filter-name-missing"
    vi = "Đặt tên cho bộ lọc, để lần sau nhận ra."
    en = "Give the filter a name, to know it by next time."
    field = "name"


class FilterIsEmpty(Invalid):
    code = "filter-is-empty"
    vi = "Chưa lọc theo gì cả. Chọn bộ lọc trong danh sách rồi lưu."
    en = "Nothing is filtered yet. Choose filters on the list, then save them."


class FilterTooLong(Invalid):
    code = "filter-too-long"
    vi = "Bộ lọc này dài quá, không lưu được. Bỏ bớt rồi lưu."
    en = "This filter is too long to keep. Leave some of it out."


class TooManyFilters(Invalid):
    code = "too-many-filters"
    vi = "Đã có {most} bộ lọc. Xóa bớt rồi lưu tiếp."
    en = "There are {most} filters already. Delete some first."
    field = "name"


class NotYourOffice(Forbidden):
    code = "not-your-office"
    vi = "Chỉ chia sẻ được cho đơn vị của bạn."
    en = "You may share with your own office alone."
    field = "office"


_filter = SavedFilter.__table__.c
_own_one = _filter.account_id == bindparam("account_id")
_SEEN = (
    select(SavedFilter.__table__)
    .where(or_(_own_one, _filter.office_id == any_(bindparam("offices", type_=ARRAY(Integer)))))
    .order_by(_own_one.desc(), _filter.position, _filter.name, _filter.id)
)


def for_viewer(viewer: Viewer) -> Sequence[Row[Any]]:
    """Their own in the order they gave them, then what others share with their offices."""
    offices = [office for _, office in viewer.held]
    with reading() as connection:  # every page asks
        return connection.execute(
            _SEEN, {"account_id": viewer.account_id, "offices": offices}
        ).all()


def save(viewer: Viewer, name: str, query: str, *, office_id: int | None = None) -> SavedFilter:
    """Keep a filter, behind the others. Flushes. Raises FilterNameMissing, FilterIsEmpty,
    FilterTooLong, TooManyFilters, NotYourOffice, or ValidationError for a broken filter."""
    name, query = _name(name), _query(query)
    _require_office(viewer, office_id)
    mine = _own(viewer)
    if len(mine) >= MOST:
        raise TooManyFilters(most=MOST)
    assert viewer.account_id is not None  # noqa: S101 (only somebody signed in comes here)
    row = SavedFilter(
        account_id=viewer.account_id,
        office_id=office_id,
        name=name,
        query=query,
        position=max((one.position for one in mine), default=0) + 1,
    )
    db.session.add(row)
    db.session.flush()
    return row


def change(viewer: Viewer, filter_id: UUID, name: str, *, office_id: int | None) -> None:
    """Another name, or with whom it is shared: for whoever made it. Flushes."""
    row = _mine(viewer, filter_id)
    name = _name(name)
    if office_id != row.office_id:
        _require_office(viewer, office_id)
    row.name, row.office_id = name, office_id
    db.session.flush()


def move(viewer: Viewer, filter_id: UUID, *, up: bool) -> None:
    """One place up or down among one's own; at the end it stays. Flushes."""
    rows = _own(viewer)
    here = next((place for place, row in enumerate(rows) if row.id == filter_id), None)
    if here is None:
        raise NotFound
    there = here - 1 if up else here + 1
    if 0 <= there < len(rows):
        rows[here], rows[there] = rows[there], rows[here]
    for place, row in enumerate(rows, 1):
        row.position = place
    db.session.flush()


def delete(viewer: Viewer, filter_id: UUID) -> None:
    """Take it away: whoever made it, or the head of the office it is shared with. Flushes."""
    row = db.session.get(SavedFilter, filter_id)
    if row is None or not may_delete(viewer, row):
        raise NotFound
    db.session.delete(row)
    db.session.flush()


def may_delete(viewer: Viewer, row: SavedFilter | Row[Any]) -> bool:
    return row.account_id == viewer.account_id or row.office_id in viewer.offices(Role.HEAD)


def asked_for(query: str) -> dict[str, str]:
    """What an address filters by: only what the queue knows, without its pages."""
    known = QueueIn().fields.keys() - _PAGED
    return {n: t for n, t in parse_qsl(query.lstrip("?")) if n in known}


def _query(query: str) -> str:
    asked = asked_for(query)
    if not asked:
        raise FilterIsEmpty
    QueueIn().load(asked)
    kept = urlencode(asked)
    if len(kept) > MOST_LETTERS:
        raise FilterTooLong
    return kept


def _name(name: str) -> str:
    name = " ".join(normalise(name).split())[:60]
    if not name:
        raise FilterNameMissing
    return name


def _require_office(viewer: Viewer, office_id: int | None) -> None:
    if office_id is not None and office_id not in {office for _, office in viewer.held}:
        raise NotYourOffice


def _own(viewer: Viewer) -> list[SavedFilter]:
    """In their order; nobody else changes it meanwhile."""
    query = select(SavedFilter).where(SavedFilter.account_id == viewer.account_id)
    query = query.order_by(SavedFilter.position, SavedFilter.name, SavedFilter.id)
    db.session.execute(select(func.pg_advisory_xact_lock(_lock_of(viewer))))
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def _lock_of(viewer: Viewer) -> int:
    account = viewer.account_id or UUID(int=0)
    return account.int & (2**62 - 1)


def _mine(viewer: Viewer, filter_id: UUID) -> SavedFilter:
    row = db.session.get(SavedFilter, filter_id)
    if row is None or row.account_id != viewer.account_id:
        raise NotFound
    return row

"""Saved filters: a queue's filter under a name, for oneself or for everybody of an office."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import or_, select

from app.database import db
from app.errors import Forbidden, Invalid, NotFound
from reports.desk.models import SavedFilter
from reports.permissions import Viewer

MOST = 30  # of one person, and of one office


class FilterNameMissing(Invalid):
    code = "filter-name-missing"
    vi = "Đặt tên cho bộ lọc, để lần sau nhận ra."
    en = "Give the filter a name, to know it by next time."
    field = "name"


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


def for_viewer(viewer: Viewer) -> Sequence[SavedFilter]:
    """Their own, and what is shared with their offices, by name."""
    offices = [office for _, office in viewer.held]
    mine = or_(SavedFilter.account_id == viewer.account_id, SavedFilter.office_id.in_(offices))
    return db.session.scalars(select(SavedFilter).where(mine).order_by(SavedFilter.name)).all()


def save(viewer: Viewer, name: str, query: str, *, office_id: int | None = None) -> SavedFilter:
    """Keep a filter. Flushes. Raises FilterNameMissing, TooManyFilters, NotYourOffice."""
    name = name.strip()[:60]
    if not name:
        raise FilterNameMissing
    if office_id is not None and office_id not in {office for _, office in viewer.held}:
        raise NotYourOffice
    if len(for_viewer(viewer)) >= MOST:
        raise TooManyFilters(most=MOST)
    assert viewer.account_id is not None  # noqa: S101 (only somebody signed in comes here)
    row = SavedFilter(
        account_id=viewer.account_id, office_id=office_id, name=name, query=query[:600]
    )
    db.session.add(row)
    db.session.flush()
    return row


def delete(viewer: Viewer, filter_id: UUID) -> None:
    """Take one's own away; of a shared one, whoever made it."""
    row = db.session.get(SavedFilter, filter_id)
    if row is None or row.account_id != viewer.account_id:
        raise NotFound
    db.session.delete(row)
    db.session.flush()

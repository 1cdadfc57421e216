"""Lists as CSV: for programs with plain names and moments with their zone, for people at a desk
with words in their language and times as a spreadsheet reads them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.auth.models import Account
from app.database import reading
from app.locale import in_words
from reports import vocabulary
from reports.cards import Plain
from reports.city.snapshot import City
from reports.csv_text import BOM, line_of
from reports.deadlines import is_overdue
from reports.feeds.rows import flat_rows, with_moments
from reports.pages import Rows
from reports.statuses import Outcome

#: What a program reads of each report; the names never change.
PUBLIC_COLUMNS = (
    "id", "code", "status", "status_name", "outcome", "category", "category_name", "area",
    "area_name", "office", "office_name", "description", "lat", "lng", "urgent", "submitted_at",
    "first_due_at", "due_at", "resolved_at", "closed_at", "supporters", "photo", "url",
)  # fmt: skip
#: … and of an official's queue besides: by when whoever has it must act, whether that is past, who.
INNER_COLUMNS = (*PUBLIC_COLUMNS, "act_by", "overdue", "person")
#: What people read, in their order: value by name, and the head in both languages.
DESK_COLUMNS: Mapping[str, tuple[str, str]] = {
    "code": ("Mã", "Code"),
    "status_name": ("Trạng thái", "Status"),
    "urgent": ("Khẩn", "Urgent"),
    "overdue": ("Quá hạn", "Overdue"),
    "act_by": ("Phải làm trước", "To be done by"),
    "category_name": ("Lĩnh vực", "Category"),
    "area_name": ("Địa bàn", "Area"),
    "office_name": ("Đơn vị", "Office"),
    "person": ("Người xử lý", "Person"),
    "description": ("Nội dung", "Words"),
    "submitted_at": ("Gửi lúc", "Sent"),
    "first_due_at": ("Hạn đầu tiên", "First deadline"),
    "due_at": ("Hạn hiện tại", "Present deadline"),
    "resolved_at": ("Trả lời lúc", "Answered"),
    "closed_at": ("Kết thúc lúc", "Closed"),
    "outcome": ("Kết quả", "Outcome"),
    "supporters": ("Cùng phản ánh", "Supporters"),
    "lat": ("Vĩ độ", "Latitude"),
    "lng": ("Kinh độ", "Longitude"),
    "url": ("Địa chỉ", "Address"),
}
Tell = Callable[[Plain], Sequence[Any]]


def public_csv(pages: Iterable[Rows], city: City, locale: str, base_url: str) -> Iterator[bytes]:
    """What anyone may see."""
    zone = ZoneInfo(city.profile.timezone)
    plain = (flat_rows(rows, city, locale, base_url) for rows in pages)
    return _file(PUBLIC_COLUMNS, plain, _named(PUBLIC_COLUMNS, zone))


def queue_csv(
    pages: Iterable[Rows], city: City, locale: str, base_url: str, *, at: datetime
) -> Iterator[bytes]:
    """An official's queue for a program; `at`: what is overdue by then."""
    zone = ZoneInfo(city.profile.timezone)
    plain = (_inner(rows, city, locale, base_url, at) for rows in pages)
    return _file(INNER_COLUMNS, plain, _named(INNER_COLUMNS, zone))


def desk_csv(
    pages: Iterable[Rows], city: City, locale: str, base_url: str, *, at: datetime
) -> Iterator[bytes]:
    """The same for people, in words."""
    zone = ZoneInfo(city.profile.timezone)
    plain = (_inner(rows, city, locale, base_url, at) for rows in pages)
    heads = [in_words(*words) for words in DESK_COLUMNS.values()]
    return _file(heads, plain, lambda row: [_said(row[name], name, zone) for name in DESK_COLUMNS])


def _inner(rows: Rows, city: City, locale: str, base_url: str, at: datetime) -> list[Plain]:
    names = _names({row.assignee_id for row in rows if row.assignee_id})
    told = flat_rows(rows, city, locale, base_url, inside=True)
    for one, row in zip(told, rows, strict=True):
        one["act_by"] = row.act_by
        one["overdue"] = is_overdue(row.status, row.act_by, at)
        one["person"] = names.get(row.assignee_id)
    return told


def _names(accounts: set[UUID]) -> dict[UUID, str]:
    """Officials act by name, towards each other."""
    if not accounts:
        return {}
    with reading() as connection:
        query = select(Account.id, Account.name).where(Account.id.in_(accounts))
        return {account_id: name or "" for account_id, name in connection.execute(query)}


def _file(heads: Sequence[str], pages: Iterable[list[Plain]], tell: Tell) -> Iterator[bytes]:
    """A page of rows a piece."""
    yield (BOM + line_of(heads)).encode()
    for rows in pages:
        yield "".join(line_of(tell(row)) for row in rows).encode()


def _named(columns: Sequence[str], zone: ZoneInfo) -> Tell:
    def tell(row: Plain) -> Sequence[Any]:
        told = with_moments(row, zone)
        return [told[name] for name in columns]

    return tell


def _said(value: Any, name: str, zone: ZoneInfo) -> Any:
    if isinstance(value, datetime):
        return f"{value.astimezone(zone):%Y-%m-%d %H:%M}"
    if isinstance(value, bool):
        return in_words("có", "yes") if value else ""
    if name == "outcome" and value:
        return in_words(*vocabulary.OUTCOMES[Outcome(value)])
    return value

"""Where one can go in the console: the lists that officials begin with, each with its count, and
the pages behind them. What somebody may not enter is not offered.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import request, url_for

from app.auth.guards import may_enter
from app.clock import now
from app.locale import in_words
from notifications import inbox
from reports import asking, complaints, official_queue
from reports.city import snapshot
from reports.desk import waiting_comments
from reports.permissions import OFFICE_ROLES, Viewer
from reports.queue_in import QueueIn
from reports.statuses import Role


@dataclass(frozen=True, slots=True)
class Place:
    """One line at the side: a list (`query`), or a page (`endpoint` alone)."""

    name: str
    icon: str
    vi: str
    en: str
    query: Mapping[str, str] | None = None
    endpoint: str = "console.queue"
    section: str = "work"  # work | centre | admin
    roles: frozenset[Role] | None = None  # whose place it is; None: of all who may enter
    loud: bool = False  # its count is a warning
    tally: Callable[[Viewer], int] | None = None  # counts for somebody what is no list of reports

    @property
    def url(self) -> str:
        return address_of(self.endpoint, self.query or {})

    @property
    def counted(self) -> bool:
        return self.query is not None or self.tally is not None

    @property
    def words(self) -> str:
        return in_words(self.vi, self.en)


def address_of(endpoint: str, query: Mapping[str, Any], **values: str) -> str:
    """A page's address with a query that is only known when it is drawn."""
    asked: dict[str, Any] = {**query, **values}
    return url_for(endpoint, **asked)


def _unread(viewer: Viewer) -> int:
    return inbox.count_unread(viewer.account_id) if viewer.account_id else 0


_TELLING = frozenset(QueueIn().fields) - {"after", "limit"}
_CENTRE = frozenset({Role.DISPATCHER})
PLACES: tuple[Place, ...] = (
    Place("open", "inbox", "Việc đang mở", "Open work", {"status": "open"}),
    Place("overdue", "alarm-clock", "Quá hạn", "Overdue", {"due": "overdue"}, loud=True),
    Place("urgent", "flame", "Khẩn", "Urgent", {"urgent": "true"}),
    Place("mine", "user-round", "Giao cho tôi", "Assigned to me", {"person": "me"},
          roles=OFFICE_ROLES),
    Place("nobody", "user-round-x", "Chưa giao ai", "Assigned to nobody", {"person": "nobody"},
          roles=frozenset({Role.HEAD})),
    Place("new", "send", "Mới gửi", "New", {"status": "submitted"}, roles=_CENTRE),
    Place("returned", "undo-2", "Bị chuyển trả", "Returned", {"status": "returned"},
          roles=_CENTRE),
    Place("waiting", "message-circle-question-mark", "Chờ bổ sung", "Waiting for an answer",
          {"status": "waiting"}),
    Place("check", "clipboard-check", "Chờ kiểm tra", "To be checked",
          {"status": "resolved", "checked": "false", "sort": "newest"}, roles=_CENTRE),
    Place("inbox", "bell", "Thông báo", "Messages", endpoint="console.inbox",
          tally=_unread),
    Place("bulk", "layers", "Làm hàng loạt", "In bulk", endpoint="console.bulk_runs",
          roles=OFFICE_ROLES | _CENTRE),
    Place("templates", "file-text", "Mẫu trả lời", "Answer templates",
          endpoint="console.templates"),
    Place("handover", "arrow-right-left", "Bàn giao việc", "Hand over work",
          endpoint="console.handover"),
    Place("notices", "megaphone", "Thông báo khu vực", "Notices",
          endpoint="console.notices_page"),
    Place("overview", "layout-dashboard", "Toàn cảnh", "Overview", endpoint="dashboard.board"),
    Place("triage", "list", "Phân loại", "Triage", endpoint="console.triage", section="centre"),
    Place("enter", "phone", "Ghi nhận thay", "Enter a report", endpoint="console.enter_report",
          section="centre"),
    Place("comments", "message-square", "Bình luận chờ đăng", "Comments to publish",
          endpoint="console.comments", section="centre", tally=waiting_comments.count),
    Place("complaints", "flag", "Báo vi phạm nội dung", "Complaints",
          endpoint="console.list_complaints", section="centre", tally=complaints.count_waiting),
    Place("limits", "ban", "Giới hạn người gửi", "Limits on senders", endpoint="console.limits",
          section="centre"),
    Place("accounts", "users", "Tài khoản cán bộ", "Officials' accounts",
          endpoint="console.accounts", section="admin"),
    Place("categories", "shapes", "Lĩnh vực", "Categories", endpoint="console.city_categories",
          section="admin"),
    Place("offices", "building", "Đơn vị", "Offices", endpoint="console.city_offices",
          section="admin"),
    Place("rules", "route", "Quy tắc chuyển", "Routing rules", endpoint="console.city_rules",
          section="admin"),
    Place("areas", "map", "Địa bàn", "Areas", endpoint="console.city_areas", section="admin"),
    Place("import", "upload", "Nạp dữ liệu", "Import", endpoint="console.city_import",
          section="admin"),
    Place("calendar", "calendar-clock", "Lịch làm việc", "Working calendar",
          endpoint="console.city_calendar", section="admin"),
    Place("duty", "user-round-check", "Lịch trực", "Duty roster", endpoint="console.city_duty",
          section="admin"),
    Place("dead", "mail-x", "Tin không gửi được", "Undelivered messages",
          endpoint="console.dead_letters_page", section="admin"),
    Place("api-clients", "cable", "Hệ thống kết nối", "API clients",
          endpoint="console.api_clients_page", section="admin"),
    Place("webhooks", "webhook", "Webhook", "Webhooks",
          endpoint="console.webhooks_page", section="admin"),
    Place("audit", "scroll-text", "Nhật ký", "Audit log", endpoint="console.audit_page",
          section="admin"),
)  # fmt: skip


def places_for(viewer: Viewer) -> list[Place]:
    """What this person is offered, in order."""
    roles = {role for role, _ in viewer.held}
    return [
        place
        for place in PLACES
        if may_enter(place.endpoint) and (place.roles is None or place.roles & roles)
    ]


def here() -> str | None:
    """The place that this request's page is, if it is one of them."""
    asked = {n: t for n, t in request.args.items() if t and n in _TELLING}
    if request.endpoint not in {"console.queue", "console.report"}:
        pages = (one for one in PLACES if one.query is None)
        return next((one.name for one in pages if _leads_to(one.url, request.path)), None)
    wanted = {"status": "open"} | asked
    for place in PLACES:
        if place.query is not None and {"status": "open"} | dict(place.query) == wanted:
            return place.name
    return None


def _leads_to(url: str, path: str) -> bool:
    """Is a page the place itself, or one that lies behind it?"""
    return path == url or path.startswith(f"{url}/")


def counts_for(viewer: Viewer) -> dict[str, tuple[int, int]]:
    """How long each of those lists is, and up to what that is exact."""
    most, offered = official_queue.MOST_COUNTED, places_for(viewer)
    lists = {one.name: (count(viewer, one.query), most) for one in offered if one.query}
    tallied = {
        one.name: (one.tally(viewer), inbox.MOST_COUNTED - 1) for one in offered if one.tally
    }
    return lists | tallied


def count(viewer: Viewer, query: Mapping[str, str]) -> int:
    city = snapshot.current()
    asked = {"status": "open"} | _typed(query)
    filters = asking.queue_filters(asked, city, me=viewer.account_id, at=now())
    return official_queue.length(viewer, filters, centre_id=city.centre.id)


_BOOLEANS: Mapping[str, object] = {"true": True, "false": False}


def _typed(query: Mapping[str, str]) -> dict[str, object]:
    return {name: _BOOLEANS.get(text, text) for name, text in query.items()}

"""The centre's triage: what nobody there has looked at yet, one report at a time, and what an
office has answered and nobody has read. What a choice changes goes by the machine's own steps.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from uuid import UUID, uuid5

from app.auth.models import Account
from app.database import db
from app.errors import Invalid, Stale
from reports import official_queue, taking
from reports.filters import Filters
from reports.models import Report
from reports.orders import StepOrder
from reports.pages import Key, Rows
from reports.permissions import Viewer
from reports.statuses import OPEN, Rejection, Status

NEW = Filters(statuses=OPEN, unseen=True)
ANSWERED = Filters(unchecked=True)

#: What the reporter reads when a dispatcher adds no words of their own.
TOLD: dict[Rejection, tuple[str, str]] = {
    Rejection.OUTSIDE_SCOPE: (
        "Việc này không thuộc phạm vi mà thành phố tiếp nhận qua ứng dụng.",
        "This is not among the matters that the city takes up through the app.",
    ),
    Rejection.UNCLEAR: (
        "Chúng tôi chưa rõ việc gì, ở đâu. Bạn gửi lại với ảnh rõ hơn hoặc chỉ chỗ cụ thể hơn nhé.",
        "We could not tell what it is, or where. Please send a clearer photo or place.",
    ),
    Rejection.ABUSIVE: (
        "Phản ánh có lời lẽ xúc phạm. Bạn viết lại nội dung sự việc, chúng tôi sẽ tiếp nhận.",
        "The report insults somebody. Write again what happened, and we will take it up.",
    ),
    Rejection.PERSONAL: (
        "Phản ánh có thông tin riêng của người khác. Bạn gửi lại, bỏ những chi tiết đó.",
        "The report tells private facts of somebody else. Please send it again without them.",
    ),
    Rejection.ALREADY_ANSWERED: (
        "Việc này đã được trả lời ở một phản ánh trước.",
        "This was answered already, on an earlier report.",
    ),
    Rejection.OTHER: (
        "Trung tâm không tiếp nhận phản ánh này. Gọi tổng đài của thành phố nếu bạn cần hỏi thêm.",
        "The centre does not take up this report. Call the city's line if you want to ask more.",
    ),
}


class ReasonNotChosen(Invalid):
    code = "reason-not-chosen"
    vi = "Chọn lý do không tiếp nhận."
    en = "Choose why it is rejected."
    field = "reason"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a dispatcher wants of a report that stands before them. None: as it is."""

    id: UUID  # made with the page: a repeat is known by it
    office: str | None = None  # code
    category: str | None = None  # code
    urgent: bool | None = None
    hold_back: bool = False


def waiting(
    viewer: Viewer, which: Filters, *, centre_id: int, limit: int, after: Key | None
) -> Rows:
    """The next ones, soonest to act first; one row more than `limit` when there are others."""
    return official_queue.page(viewer, which, centre_id=centre_id, limit=limit, after=after)


def how_many(viewer: Viewer, which: Filters, *, centre_id: int) -> int:
    """As far as `official_queue.MOST_COUNTED` + 1."""
    return official_queue.length(viewer, which, centre_id=centre_id)


def settle(
    report: Report,
    choice: Choice,
    *,
    private: bool,
    by: Viewer,
    seen: int,
    locale: str,
    at: datetime,
) -> Report:
    """Take what was chosen: accept a new report, or put right and publish one that was taken by
    itself. All of it or nothing. Flushes."""
    orders = _accepting(choice) if report.status == Status.SUBMITTED else _putting_right(choice)
    if report.status != Status.SUBMITTED and not private and not choice.hold_back:
        orders.append(_order(choice, "publish"))
    for order in orders:
        taken = taking.take(report.id, order, by=by, seen=partial(int, seen), locale=locale, at=at)
        seen = taken.report.version
    return looked_at(report.id, seen=seen, at=at)


def looked_at(report_id: UUID, *, seen: int, at: datetime) -> Report:
    """Remember that somebody at the centre has read it as it was `seen`. Changes nothing else.
    Flushes. Raises Stale for another version."""
    report = db.session.get_one(Report, report_id, with_for_update=True, populate_existing=True)
    if report.version != seen:
        raise Stale(version=report.version)
    report.checked_at = at
    db.session.flush()
    return report


def reason_named(text: str) -> Rejection:
    try:
        return Rejection(text)
    except ValueError:
        raise ReasonNotChosen from None


def told_for(reason: Rejection, report: Report) -> str:
    """The usual words for this reason, in the reporter's language."""
    account = db.session.get(Account, report.reporter_id)
    return TOLD[reason][0 if account is None or account.locale == "vi" else 1]


def _accepting(choice: Choice) -> list[StepOrder]:
    accept = _order(choice, "accept")
    return [
        replace(
            accept,
            office=choice.office,
            category=choice.category,
            urgent=choice.urgent,
            hold_back=choice.hold_back or None,
        )
    ]


def _putting_right(choice: Choice) -> list[StepOrder]:
    orders = []
    if choice.category or choice.urgent is not None:
        amend = _order(choice, "amend")
        orders.append(replace(amend, category=choice.category, urgent=choice.urgent))
    if choice.office:
        orders.append(replace(_order(choice, "forward"), office=choice.office))
    return orders


def _order(choice: Choice, step: str) -> StepOrder:
    return StepOrder(id=uuid5(choice.id, step), step=step)

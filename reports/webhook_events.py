"""Which event a step is to other systems, and whose it is to know. What it says: `webhook_bodies`.

Endpoints read as the public, or as an office. To the public a report begins when it is published
and ends when it is hidden; to an office, when it is given to it and when it is taken away. The
office accused hears of nothing; one that had it before is told that it was taken away. All is
written in the transaction of the step.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4, uuid5

from sqlalchemy import or_, select

from app.database import db
from notifications.webhooks import endpoints, outbox
from notifications.webhooks.models import PUBLIC
from notifications.webhooks.outbox import Happening
from reports.models import Assignment, Report, StatusChange
from reports.orders import Move

PUBLISHED, HIDDEN = "report.published", "report.hidden"
ASSIGNED, UNASSIGNED = "report.assigned", "report.unassigned"
CHANGED = "report.changed"
#: Steps with an event of their own; any other changes the report.
OF_STEPS: dict[str, str] = {
    "accept": "report.accepted",
    "reject": "report.rejected",
    "reconsider": "report.reconsidered",
    "start": "report.started",
    "ask": "report.asked",
    "answer": "report.answered",
    "resume": "report.resumed",
    "return": "report.returned",
    "forward": "report.forwarded",
    "resolve": "report.resolved",
    "send_back": "report.sent_back",
    "confirm": "report.closed",
    "reopen": "report.reopened",
    "merge": "report.merged",
    "unmerge": "report.unmerged",
    "withdraw": "report.withdrawn",
}
#: Of the steps of a public report, those that the public reads of, as in its timeline; …
TO_THE_PUBLIC = frozenset(
    {"accept", "start", "forward", "resolve", "confirm", "reopen"}
    | {"merge", "unmerge", "reject", "reconsider", "withdraw"}
)
#: … and those that change what it sees without a word: category, pin, deadline.
SEEN_BY_THE_PUBLIC = frozenset({"amend", "grant_extension"})
#: Steps by which an office may get a report, or lose it.
GIVING = frozenset({"accept", "forward", "return", "reconsider", "join", "unjoin", "amend"})
#: All events, in Vietnamese and in English.
EVENTS: dict[str, tuple[str, str]] = {
    PUBLISHED: ("Phản ánh được công khai", "A report is published"),
    HIDDEN: ("Phản ánh không còn công khai", "A report is public no longer"),
    ASSIGNED: ("Giao cho đơn vị", "Given to the office"),
    UNASSIGNED: ("Không còn giao cho đơn vị", "Taken from the office"),
    "report.accepted": ("Tiếp nhận", "Accepted"),
    "report.rejected": ("Không tiếp nhận", "Rejected"),
    "report.reconsidered": ("Xem xét lại", "Taken up again"),
    "report.started": ("Bắt đầu xử lý", "Work begins"),
    "report.asked": ("Hỏi thêm người phản ánh", "The reporter is asked"),
    "report.answered": ("Người phản ánh trả lời", "The reporter answers"),
    "report.resumed": ("Xử lý tiếp", "Work goes on"),
    "report.returned": ("Chuyển trả trung tâm", "Returned to the centre"),
    "report.forwarded": ("Chuyển đơn vị khác", "Forwarded"),
    "report.resolved": ("Báo kết quả", "Resolved"),
    "report.sent_back": ("Yêu cầu trả lời lại", "The reply is sent back"),
    "report.closed": ("Kết thúc", "Closed"),
    "report.reopened": ("Mở lại", "Reopened"),
    "report.merged": ("Gộp vào phản ánh khác", "Merged into another"),
    "report.unmerged": ("Tách khỏi phản ánh đã gộp", "Taken apart again"),
    "report.withdrawn": ("Người phản ánh rút lại", "Withdrawn"),
    CHANGED: ("Thay đổi khác", "Something else changed"),
}
#: Those of which each may hear. To the public, a report that is taken back is hidden.
HEARD: dict[str, frozenset[str]] = {
    "public": frozenset({PUBLISHED, HIDDEN, CHANGED})
    | {OF_STEPS[step] for step in TO_THE_PUBLIC - {"withdraw"}},
    "office": frozenset(EVENTS) - {PUBLISHED, HIDDEN},
}
#: Events by which a reader learns that the report is no longer theirs to read.
LEAVING = frozenset({HIDDEN, UNASSIGNED})
_SUBJECT = "report:"
_OFFICE = "office:"


@dataclass(frozen=True, slots=True)
class Hands:
    """The offices that have a report after a step, and those that had it before."""

    now: frozenset[int]
    before: frozenset[int]


def step_taken(change: StatusChange, move: Move) -> None:
    """Tell of a step, in the same transaction."""
    if not outbox.somebody_listens():
        return
    report = move.report
    told: dict[str, set[str]] = {}
    hands = _hands(report, change.at, accused_before=move.accused_before)
    for event, reader in _told(change, move, hands):
        told.setdefault(event, set()).add(reader)
    outbox.happened(
        *(
            Happening(
                event_id=uuid5(change.id, event),
                type=event,
                subject=subject_of(report.id),
                readers=readers,
                facts={"change": str(change.id)},
                at=change.at,
            )
            for event, readers in told.items()
        )
    )


def redacted(report_id: UUID, *, at: datetime) -> None:
    """Words or pictures were taken out: whoever has a copy is told how it reads now."""
    if outbox.somebody_listens():
        shown = db.session.get_one(Report, report_id).shown
        outbox.happened(_another(CHANGED, report_id, _readers_of(report_id, at, shown=shown), at))


def erased(shown: Iterable[tuple[UUID, bool]], *, at: datetime) -> None:
    """The person behind these reports was erased, and with them what the reports said. Each with
    whether it was public until now."""
    if not outbox.somebody_listens():
        return
    told = []
    for report_id, was_shown in shown:
        told.append(_another(HIDDEN, report_id, {PUBLIC} if was_shown else set(), at))
        told.append(_another(CHANGED, report_id, _readers_of(report_id, at, shown=False), at))
    outbox.happened(*told)


def told_to(reader: str) -> frozenset[str]:
    """The events of which this reader may ever hear."""
    return HEARD["public" if reader == PUBLIC else "office"]


def office_succeeded(before: int, after: int) -> int:
    """An office's endpoints are its successor's from now on; how many."""
    return endpoints.move(reader_of(before), reader_of(after))


def subject_of(report_id: UUID) -> str:
    return f"{_SUBJECT}{report_id}"


def report_of(subject: str) -> UUID:
    return UUID(subject.removeprefix(_SUBJECT))


def reader_of(office_id: int | None) -> str:
    """As whom an endpoint reads: an office, or (None) the public."""
    return PUBLIC if office_id is None else f"{_OFFICE}{office_id}"


def office_of(reader: str) -> int | None:
    return None if reader == PUBLIC else int(reader.removeprefix(_OFFICE))


def _told(change: StatusChange, move: Move, hands: Hands) -> Iterator[tuple[str, str]]:
    """Each event of the step, with a reader of it."""
    if public := _to_the_public(change, move):
        yield public, PUBLIC
    if change.step not in GIVING:
        hands = Hands(now=hands.now, before=hands.now)
    for office_id in hands.now | hands.before:
        yield _to_the_office(office_id, change.step, hands), reader_of(office_id)


def _to_the_public(change: StatusChange, move: Move) -> str | None:
    shown, before = move.report.shown, move.shown_before
    if shown != before:
        return PUBLISHED if shown else HIDDEN
    if shown and change.step in TO_THE_PUBLIC:
        return OF_STEPS[change.step]
    return CHANGED if shown and change.step in SEEN_BY_THE_PUBLIC else None


def _to_the_office(office_id: int, step: str, hands: Hands) -> str:
    if office_id not in hands.before:
        return ASSIGNED
    if office_id not in hands.now:
        return UNASSIGNED
    return OF_STEPS.get(step, CHANGED)


def _hands(report: Report, at: datetime, *, accused_before: int | None) -> Hands:
    """Who leads or joins, and who did until this moment. A proposal gives no rights, and the office
    that a report is about has none in it: one that it turns out to be about loses it."""
    db.session.flush()
    rows = db.session.execute(
        select(Assignment.office_id, Assignment.since, Assignment.until).where(
            Assignment.report_id == report.id,
            Assignment.part != "proposed",
            or_(Assignment.until.is_(None), Assignment.until == at),
        )
    ).all()
    now = {row.office_id for row in rows if row.until is None}
    before = {row.office_id for row in rows if row.since < at}
    return Hands(
        now=frozenset(now - {report.accused_office_id}),
        before=frozenset(before - {accused_before}),
    )


def _readers_of(report_id: UUID, at: datetime, *, shown: bool) -> set[str]:
    report = db.session.get_one(Report, report_id)
    hands = _hands(report, at, accused_before=report.accused_office_id)
    readers = {reader_of(office_id) for office_id in hands.now}
    return readers | {PUBLIC} if shown else readers


def _another(event: str, report_id: UUID, readers: set[str], at: datetime) -> Happening:
    """Of something that is no step."""
    subject = subject_of(report_id)
    return Happening(event_id=uuid4(), type=event, subject=subject, readers=readers, at=at)

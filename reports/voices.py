"""What others add to a report: support ("me too"), comments, internal notes, ratings.

Comments of residents wait for a person; offices speak as offices. Repeats are harmless: comments
and notes carry a client-made id, support and rating are one a person.
"""

from datetime import datetime, timedelta
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import UUID, uuid5

from sqlalchemy import delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from app.auth.guards import Caller
from app.auth.models import AccountKind
from app.database import db
from app.errors import Forbidden, Invalid, Unauthenticated
from reports import announcements, ownership
from reports.assignments import joined_offices
from reports.audiences import Audience, News
from reports.city import snapshot
from reports.desk import mentions, reporter_limits
from reports.errors import NotRateable, OwnReport, SameIdOtherStep
from reports.masking import mask_numbers
from reports.merging import merged_here
from reports.models import Comment, Note, Rating, Report, Support
from reports.permissions import OFFICE_ROLES, Viewer, can_view_all_of, works_on
from reports.presenting import View
from reports.statuses import OPEN, Identity, Role, Status

Said = TypeVar("Said", Comment, Note)
RATEABLE = frozenset({Status.RESOLVED, Status.CLOSED})
RATEABLE_FOR = timedelta(days=30)


class Written(NamedTuple, Generic[Said]):
    """A comment or note, and whether it is new: else it was here already."""

    said: Said
    created: bool


class NoLongerOpen(Forbidden):
    code = "no-longer-open"
    vi = "Phản ánh này đã xong, không cần thêm người cùng phản ánh."
    en = "This report is finished; it needs no more supporters."


class AnonymousStays(Forbidden):
    code = "anonymous-stays"
    vi = "Người gửi đã chọn ẩn danh, không ai xem được."
    en = "The reporter chose to be anonymous; nobody can look."


class OnlyTheCentre(Forbidden):
    code = "only-the-centre"
    vi = "Người gửi chọn giữ kín tên. Chỉ trung tâm được xem, khi có lý do."
    en = "The reporter chose confidentiality: only the centre may look, with a reason."


class AnonymousElsewhere(Forbidden):
    code = "anonymous-elsewhere"
    vi = "Phiên ẩn danh chỉ dùng cho phản ánh của chính nó. Dùng phiên khác để góp ý ở đây."
    en = "An anonymous session serves its own report alone. Use another session to take part here."


class CommentMissing(Invalid):
    code = "comment-missing"
    vi = "Viết vài chữ rồi gửi."
    en = "Write a few words, then send."
    field = "text"


def support(report: Report, by: UUID, *, at: datetime) -> bool:
    """Follow the report and hear what happens; True when this is new.

    Whoever supports a report that was merged hears of its lead (see `audiences.reporters`): either
    may be supported.
    """
    if report.reporter_id == by:
        raise OwnReport()
    if report.status not in OPEN | {Status.RESOLVED, Status.MERGED}:
        raise NoLongerOpen()
    added = db.session.execute(
        insert(Support)
        .values(report_id=report.id, account_id=ownership.now_of(by), at=at)
        .on_conflict_do_nothing()
        .returning(Support.report_id)
    ).first()
    if added:
        _count_supporters(report.id, +1)
    return added is not None


def unsupport(report_id: UUID, by: UUID) -> bool:
    """Stop following; True when there was something to stop."""
    gone = db.session.execute(
        delete(Support)
        .where(Support.report_id == report_id, Support.account_id == by)
        .returning(Support.report_id)
    ).first()
    if gone:
        _count_supporters(report_id, -1)
    return gone is not None


def _count_supporters(report_id: UUID, by: int) -> None:
    # The database adds: two people who support at once are both counted.
    db.session.execute(
        update(Report)
        .where(Report.id == report_id)
        .values(supporters=Report.supporters + by)
        .execution_options(synchronize_session=False)
    )


def comment(
    report: Report, comment_id: UUID, text: str, *, by: Viewer, at: datetime
) -> Written[Comment]:
    """Say something on a report. The words of an office at work on it are shown at once, those of
    anybody else wait."""
    text = _something(text)
    office_id = _answering_office(report, by)
    if office_id is None:
        reporter_limits.require_free(_account(by), at=at)
    values = {
        "id": comment_id,
        "report_id": report.id,
        "account_id": ownership.now_of(_account(by)),
        "office_id": office_id,
        "text": text if office_id else mask_numbers(text),
        "at": at,
        "published_at": at if office_id else None,
    }
    written = _written(Comment, values, report, text, by)
    if office_id and written.created:
        city = snapshot.current()
        news = News("commented", Audience.REPORTERS)
        announcements.tell(uuid5(comment_id, "said"), news, report, city, at=at, but=by.account_id)
    return written


def publish_comment(said: Comment, *, at: datetime, shown: bool) -> None:
    """A person has looked: show a resident's comment, or hide it."""
    said.published_at = (said.published_at or at) if shown else said.published_at
    said.hidden_at = None if shown else at


def note(report: Report, note_id: UUID, text: str, *, by: Viewer, at: datetime) -> Written[Note]:
    """Write an internal note, for the offices that work on the report and the centre. Whoever is
    named in it hears."""
    text = _something(text)
    values = {
        "id": note_id,
        "report_id": report.id,
        "account_id": _account(by),
        "office_id": _speaking_office(report, by),
        "text": text,
        "at": at,
    }
    written = _written(Note, values, report, text, by)
    if written.created:
        mentions.tell(written.said, report, at=at)
    return written


def rate(report: Report, stars: int, words: str, *, by: UUID, at: datetime) -> None:
    """Rate the answer, once a person; a new rating replaces theirs. Apart from confirming."""
    answered = report.closed_at or report.resolved_at
    if report.status not in RATEABLE or answered is None or at - answered > RATEABLE_FOR:
        raise NotRateable()
    values = {"stars": stars, "comment": mask_numbers(words), "at": at}
    db.session.execute(
        insert(Rating)
        .values(report_id=report.id, account_id=ownership.now_of(by), **values)
        .on_conflict_do_update(index_elements=["report_id", "account_id"], set_=values)
    )


def _speaking_office(report: Report, by: Viewer) -> int | None:
    """The office in whose name an official speaks: the lead if it is theirs, else their own."""
    mine = by.offices(*OFFICE_ROLES, Role.DISPATCHER)
    if report.office_id in mine:
        return report.office_id
    return min(mine, default=None)


def _answering_office(report: Report, by: Viewer) -> int | None:
    """The office that leads or joins the report if it is theirs, else the centre for dispatchers.
    Leaders see all and speak for no office; other offices are passers-by."""
    city, joined = snapshot.current(), joined_offices(report.id)
    if not can_view_all_of(by, report, joined, centre_id=city.centre.id):
        return None
    mine = by.offices(*OFFICE_ROLES) & {report.office_id, *joined} - {report.accused_office_id}
    if report.office_id in mine:
        return report.office_id
    return min(mine or by.offices(Role.DISPATCHER), default=None)


def _something(text: str) -> str:
    """The words without the room around them; of room alone nothing is kept."""
    words = text.strip()
    if not words:
        raise CommentMissing()
    return words


def _account(by: Viewer) -> UUID:
    if by.account_id is None:
        raise Unauthenticated
    return by.account_id


def _written(
    table: type[Said], values: dict[str, Any], report: Report, text: str, by: Viewer
) -> Written[Said]:
    """Store the words, or find them stored: the same id may come twice at once."""
    added = insert(table).values(values).on_conflict_do_nothing(index_elements=["id"])
    row = db.session.scalars(added.returning(table)).one_or_none()
    if row is not None:
        return Written(row, created=True)
    return Written(_same(db.session.get_one(table, values["id"]), report, text, by), created=False)


def _same(known: Said, report: Report, text: str, by: Viewer) -> Said:
    said = mask_numbers(text) if isinstance(known, Comment) and not known.office_id else text
    same = (known.report_id, known.text) == (report.id, said)
    if not (same and ownership.is_same_person(known.account_id, by.account_id)):
        raise SameIdOtherStep()
    return known


def require_at_home(report: Report, by: Caller) -> None:
    """An anonymous session was made for one report: with others it could be recognised."""
    if by.kind is not AccountKind.ANONYMOUS or report.reporter_id == by.account_id:
        return
    if not merged_here(report, Viewer(by.account_id)):
        raise AnonymousElsewhere


def require_concerned(report: Report, view: View) -> None:
    """The reporter, whoever was merged into it, and supporters of either may rate; passers-by may
    not."""
    if view.own or merged_here(report, view.viewer) or _supports(report, view.viewer):
        return
    raise NotRateable


def _supports(report: Report, viewer: Viewer) -> bool:
    here = or_(Report.id == report.id, Report.lead_id == report.id)
    mine = select(Support.report_id).join(Report, Report.id == Support.report_id)
    found = mine.where(here, Support.account_id == viewer.account_id).exists()
    return bool(db.session.scalar(select(found)))


def require_may_reveal(report: Report, view: View) -> None:
    """Confidential: the centre alone. Open: the handling offices too. Anonymous: nobody."""
    if report.identity == Identity.ANONYMOUS:
        raise AnonymousStays
    dispatches = bool(view.viewer.offices(Role.DISPATCHER))
    handles = works_on(view.viewer, report, joined_offices(report.id))
    if not dispatches and not (handles and report.identity == Identity.OPEN):
        raise OnlyTheCentre

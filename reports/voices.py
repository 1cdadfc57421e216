"""What others add to a report: support ("me too"), comments, internal notes, ratings.

Comments of residents wait for a person; offices speak as offices. Repeats are harmless: comments
and notes carry a client-made id, support and rating are one a person.
"""

from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID, uuid5

from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert

from app.database import db
from app.errors import Forbidden, Invalid
from reports import announcements
from reports.assignments import joined_offices
from reports.audiences import Audience, News
from reports.city import snapshot
from reports.errors import NotRateable, OwnReport, SameIdOtherStep
from reports.masking import mask_numbers
from reports.merging import merged_here
from reports.models import Comment, Note, Rating, Report, Support
from reports.permissions import OFFICE_ROLES, Viewer, works_on
from reports.presenting import View
from reports.statuses import OPEN, Identity, Role, Status

Said = TypeVar("Said", Comment, Note)
RATEABLE = frozenset({Status.RESOLVED, Status.CLOSED})
RATEABLE_FOR = timedelta(days=30)


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


class CommentMissing(Invalid):
    code = "comment-missing"
    vi = "Viết vài chữ rồi gửi."
    en = "Write a few words, then send."
    field = "text"


def support(report: Report, by: UUID, *, at: datetime) -> bool:
    """Follow the report and hear what happens; True when this is new.

    A merged report's supporters follow its lead, so the lead is what one supports.
    """
    if report.reporter_id == by:
        raise OwnReport()
    if report.status not in OPEN | {Status.RESOLVED, Status.MERGED}:
        raise NoLongerOpen()
    added = db.session.execute(
        insert(Support)
        .values(report_id=report.id, account_id=by, at=at)
        .on_conflict_do_nothing()
        .returning(Support.report_id)
    ).first()
    if added:
        _count_supporters(report.id, +1)
    return added is not None


def unsupport(report: Report, by: UUID) -> bool:
    """Stop following; True when there was something to stop."""
    gone = db.session.execute(
        delete(Support)
        .where(Support.report_id == report.id, Support.account_id == by)
        .returning(Support.report_id)
    ).first()
    if gone:
        _count_supporters(report.id, -1)
    return gone is not None


def _count_supporters(report_id: UUID, by: int) -> None:
    # The database adds: two people who support at once are both counted.
    db.session.execute(
        update(Report)
        .where(Report.id == report_id)
        .values(supporters=Report.supporters + by)
        .execution_options(synchronize_session=False)
    )


def comment(report: Report, comment_id: UUID, text: str, *, by: Viewer, at: datetime) -> Comment:
    """Say something on a report. An office's words are shown at once, a resident's wait."""
    known = db.session.get(Comment, comment_id)
    if known is not None:
        return _same(known, report, text, by)
    if not text:
        raise CommentMissing()
    office_id = _speaking_office(report, by)
    said = Comment(
        id=comment_id,
        report_id=report.id,
        account_id=by.account_id,
        office_id=office_id,
        text=text if office_id else mask_numbers(text),
        at=at,
        published_at=at if office_id else None,
    )
    db.session.add(said)
    db.session.flush()
    if office_id:
        city = snapshot.current()
        news = News("commented", Audience.REPORTERS)
        announcements.tell(uuid5(comment_id, "said"), news, report, city, at=at, but=by.account_id)
    return said


def publish_comment(said: Comment, *, at: datetime, shown: bool) -> None:
    """A person has looked: show a resident's comment, or hide it."""
    said.published_at = (said.published_at or at) if shown else said.published_at
    said.hidden_at = None if shown else at


def note(report: Report, note_id: UUID, text: str, *, by: Viewer, at: datetime) -> Note:
    """Write an internal note, for the offices that work on the report and the centre."""
    known = db.session.get(Note, note_id)
    if known is not None:
        return _same(known, report, text, by)
    if not text:
        raise CommentMissing()
    written = Note(
        id=note_id,
        report_id=report.id,
        account_id=by.account_id,
        office_id=_speaking_office(report, by),
        text=text,
        at=at,
    )
    db.session.add(written)
    db.session.flush()
    return written


def rate(report: Report, stars: int, words: str, *, by: UUID, at: datetime) -> None:
    """Rate the answer, once a person; a new rating replaces theirs. Apart from confirming."""
    answered = report.closed_at or report.resolved_at
    if report.status not in RATEABLE or answered is None or at - answered > RATEABLE_FOR:
        raise NotRateable()
    values = {"stars": stars, "comment": mask_numbers(words), "at": at}
    db.session.execute(
        insert(Rating)
        .values(report_id=report.id, account_id=by, **values)
        .on_conflict_do_update(index_elements=["report_id", "account_id"], set_=values)
    )


def _speaking_office(report: Report, by: Viewer) -> int | None:
    """The office in whose name an official speaks: the lead if it is theirs, else their own."""
    mine = by.offices(*OFFICE_ROLES, Role.DISPATCHER)
    if report.office_id in mine:
        return report.office_id
    return min(mine, default=None)


def _same(known: Said, report: Report, text: str, by: Viewer) -> Said:
    said = mask_numbers(text) if isinstance(known, Comment) and not known.office_id else text
    if (known.report_id, known.account_id, known.text) != (report.id, by.account_id, said):
        raise SameIdOtherStep()
    return known


def require_concerned(report: Report, view: View) -> None:
    """The reporter, whoever was merged into it, and supporters may rate; passers-by may not."""
    supports = db.session.get(Support, (report.id, view.viewer.account_id))
    if not (view.own or supports or merged_here(report, view.viewer)):
        raise NotRateable


def require_may_reveal(report: Report, view: View) -> None:
    """Confidential: the centre alone. Open: the handling offices too. Anonymous: nobody."""
    if report.identity == Identity.ANONYMOUS:
        raise AnonymousStays
    dispatches = bool(view.viewer.offices(Role.DISPATCHER))
    handles = works_on(view.viewer, report, joined_offices(report.id))
    if not dispatches and not (handles and report.identity == Identity.OPEN):
        raise OnlyTheCentre

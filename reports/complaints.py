"""Complaints about something published: a report, one of its photos, a comment. Somebody at the
centre decides, with an answer; whoever complained hears. What is upheld is hidden or redacted:
nothing is decided, and nobody told, before it is.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID, uuid5

from sqlalchemy import ColumnElement, Row, func, or_, select
from sqlalchemy.dialects.postgresql import insert

from app import audit
from app.database import db, reading
from app.errors import Conflict, Invalid, NotFound
from notifications import outbox
from reports import announcements, official_queue, ownership, taking, voices
from reports.city import snapshot
from reports.desk.models import Complaint, Decision
from reports.errors import NoSuchReport, SameIdOtherStep
from reports.models import Comment, Photo, Report, StatusChange
from reports.orders import StepOrder
from reports.permissions import Viewer

MOST_WAITING = 10  # of one person at a time
PAGE = 100


class Told(NamedTuple):
    """A complaint, and whether it is new: else it was here already."""

    complaint: Complaint
    created: bool


class NotSaid(Invalid):
    code = "complaint-missing"
    vi = "Viết vài chữ: điều gì không nên để công khai, và vì sao."
    en = "Say in a few words what should not be public, and why."
    field = "text"


class NotPartOfIt(Invalid):
    code = "not-part-of-it"
    vi = "Ảnh hoặc bình luận này không thuộc phản ánh đang xem, hoặc không còn công khai."
    en = "This photo or comment is not part of the report, or is no longer public."


class TooManyComplaints(Conflict):
    code = "too-many-complaints"
    vi = "Bạn đã báo {most} điều đang chờ xem. Đợi trung tâm trả lời rồi báo tiếp."
    en = "{most} of your complaints wait already. Wait for the centre's answer, then go on."


class NothingAnswered(Invalid):
    code = "complaint-answer-missing"
    vi = "Viết câu trả lời cho người đã báo."
    en = "Write an answer to whoever complained."
    field = "answer"


class DecidedAlready(Conflict):
    code = "decided-already"
    vi = "Người khác vừa quyết định điều này rồi."
    en = "Somebody else has just decided this."


def complain(
    report: Report,
    complaint_id: UUID,
    text: str,
    *,
    comment_id: UUID | None = None,
    photo_id: UUID | None = None,
    by: UUID,
    at: datetime,
) -> Told:
    """Say that something published should not be. Again is the same. Flushes. Raises NotSaid,
    NotPartOfIt, TooManyComplaints, SameIdOtherStep; NoSuchReport for what is not public."""
    text = text.strip()
    known = db.session.get(Complaint, complaint_id)
    if known is not None:
        return Told(_same(known, report, text, comment_id, photo_id, by), created=False)
    if not report.shown:
        raise NoSuchReport
    if not text:
        raise NotSaid
    if comment_id and not _is_public_comment(comment_id, report):
        raise NotPartOfIt(field="comment")
    if photo_id and not _is_photo_of(photo_id, report):
        raise NotPartOfIt(field="photo")
    _require_few(by)
    values = {
        "id": complaint_id,
        "report_id": report.id,
        "comment_id": comment_id,
        "photo_id": photo_id,
        "account_id": ownership.now_of(by),
        "text": text,
        "answer": "",
        "draft": "",
        "at": at,
    }
    added = insert(Complaint).values(values).on_conflict_do_nothing(index_elements=["id"])
    row = db.session.scalars(added.returning(Complaint)).one_or_none()
    if row is not None:
        return Told(row, created=True)
    known = db.session.get_one(Complaint, complaint_id)
    return Told(_same(known, report, text, comment_id, photo_id, by), created=False)


class CommentsAreHidden(Conflict):
    code = "comments-are-hidden"
    vi = "Bình luận không che một phần được. Ẩn cả bình luận, hoặc giữ nguyên."
    en = "A comment is not redacted in part. Hide it, or leave it."


def waiting(viewer: Viewer) -> Sequence[Row[Complaint, Report]]:
    """What nobody has decided, oldest first; nothing about the viewer's own office."""
    query = (
        select(Complaint, Report)
        .join(Report, Report.id == Complaint.report_id)
        .where(Complaint.decided_at.is_(None), official_queue.NOT_ACCUSED)
        .order_by(Complaint.at, Complaint.id)
        .limit(PAGE)
    )
    return db.session.execute(query, official_queue.not_accused_values(viewer)).all()


def count_waiting(viewer: Viewer) -> int:
    """How many of those wait, as far as PAGE."""
    some = (
        select(Complaint.id)
        .join(Report, Report.id == Complaint.report_id)
        .where(Complaint.decided_at.is_(None), official_queue.NOT_ACCUSED)
        .limit(PAGE)
        .subquery()
    )
    counted = select(func.count()).select_from(some)
    with reading() as connection:
        found: int = connection.execute(
            counted, official_queue.not_accused_values(viewer)
        ).scalar_one()
    return found


def hide(complaint_id: UUID, answer: str, *, by: Viewer, locale: str, at: datetime) -> Complaint:
    """It should not be public: the comment is hidden, or the report. Flushes. Raises
    NothingAnswered, DecidedAlready, or what hiding does."""
    complaint = _open(complaint_id)
    _decide(complaint, Decision.UPHELD, answer, by=by.account_id, at=at)
    _hide(complaint, by=by, locale=locale, at=at)
    return complaint


def refuse(complaint_id: UUID, answer: str, *, by: Viewer, at: datetime) -> Complaint:
    """It stays as it is, and this is why. Flushes. Raises NothingAnswered, DecidedAlready."""
    complaint = _open(complaint_id)
    _decide(complaint, Decision.REFUSED, answer, by=by.account_id, at=at)
    return complaint


# A part of it is redacted -----------------------------------------------------------------------


def begin_redaction(complaint_id: UUID, answer: str, *, by: Viewer, at: datetime) -> Complaint:
    """A part of it is to be redacted, and this will be the answer. It stays among those that wait
    until `redacted`, or `put_back`. Flushes. Raises NothingAnswered, DecidedAlready,
    CommentsAreHidden."""
    complaint = _open(complaint_id)
    if complaint.comment_id:
        raise CommentsAreHidden
    if not answer:
        raise NothingAnswered
    complaint.begun_at, complaint.begun_by, complaint.draft = at, by.account_id, answer[:1000]
    db.session.flush()
    return complaint


def put_back(complaint_id: UUID) -> Complaint:
    """Nobody redacts anything for it any more; the answer that was written stays as a draft.
    Flushes. Raises DecidedAlready."""
    complaint = _open(complaint_id)
    complaint.begun_at, complaint.begun_by = None, None
    db.session.flush()
    return complaint


def being_redacted(report_id: UUID, *, photo_id: UUID | None = None) -> Sequence[Complaint]:
    """For what a part of this report is being redacted, oldest first; of those, with `photo_id`,
    the ones that covering this photo settles."""
    query = select(Complaint).where(_begun(report_id))
    if photo_id:
        query = query.where(_settled_by(photo_id))
    return db.session.scalars(query.order_by(Complaint.at, Complaint.id)).all()


def redacted(report_id: UUID, *, photo_id: UUID | None = None, by: UUID, at: datetime) -> int:
    """This photo of the report was covered, or else some of its words. What that was begun for is
    upheld, in the same transaction, with the answer written then. How many were. Flushes."""
    settled = (
        select(Complaint)
        .where(_begun(report_id), _settled_by(photo_id))
        .order_by(Complaint.id)
        # Whoever locks one just now decides it or puts it back: it is not waited for.
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    found = db.session.scalars(settled).all()
    for complaint in found:
        _decide(complaint, Decision.UPHELD, complaint.draft, by=by, at=at)
    return len(found)


def _begun(report_id: UUID) -> ColumnElement[bool]:
    mine = Complaint.report_id == report_id
    return mine & Complaint.begun_at.is_not(None) & Complaint.decided_at.is_(None)


def _settled_by(photo_id: UUID | None) -> ColumnElement[bool]:
    """One about the whole report by whatever is redacted; one about a photo by that photo."""
    return or_(Complaint.photo_id.is_(None), Complaint.photo_id == photo_id)


# Deciding ---------------------------------------------------------------------------------------


def _open(complaint_id: UUID) -> Complaint:
    complaint = db.session.get(
        Complaint, complaint_id, with_for_update=True, populate_existing=True
    )
    if complaint is None:
        raise NotFound
    if complaint.decided_at is not None:
        raise DecidedAlready
    return complaint


def _decide(
    complaint: Complaint, decision: Decision, answer: str, *, by: UUID | None, at: datetime
) -> None:
    if not answer:
        raise NothingAnswered
    complaint.decision, complaint.answer, complaint.draft = decision, answer[:1000], ""
    complaint.decided_at, complaint.decided_by = at, by
    db.session.flush()
    _tell(complaint, at)
    audit.record(
        f"complaint.{decision}",
        subject=f"complaint:{complaint.id}",
        actor_id=by,
        fields=["decision"],
    )


def _hide(complaint: Complaint, *, by: Viewer, locale: str, at: datetime) -> None:
    if complaint.comment_id:
        said = db.session.get_one(Comment, complaint.comment_id)
        voices.publish_comment(said, at=at, shown=False)
        return
    report = db.session.get_one(Report, complaint.report_id)
    if report.hidden:
        return
    note = complaint.answer
    order = StepOrder(id=uuid5(complaint.id, "hide"), step="hide", note=note)
    version = report.version
    taking.take(report.id, order, by=by, seen=lambda: version, locale=locale, at=at)


def _tell(complaint: Complaint, at: datetime) -> None:
    """Whoever complained hears what came of it."""
    report, city = db.session.get_one(Report, complaint.report_id), snapshot.current()
    outbox.tell(
        change_id=uuid5(complaint.id, "decided"),
        kind=f"complaint_{complaint.decision}",
        people=select(Complaint.account_id).where(Complaint.id == complaint.id),
        subject=f"complaint:{complaint.id}",
        payload=announcements.payload(report, city),
        at=at,
    )


def _same(
    known: Complaint,
    report: Report,
    text: str,
    comment_id: UUID | None,
    photo_id: UUID | None,
    by: UUID,
) -> Complaint:
    mine = ownership.is_same_person(known.account_id, by)
    told = (known.report_id, known.text, known.comment_id, known.photo_id)
    if not mine or told != (report.id, text, comment_id, photo_id):
        raise SameIdOtherStep
    return known


def _is_public_comment(comment_id: UUID, report: Report) -> bool:
    said = db.session.get(Comment, comment_id)
    public = said is not None and said.published_at is not None and said.hidden_at is None
    return public and said is not None and said.report_id == report.id


def _is_photo_of(photo_id: UUID, report: Report) -> bool:
    photo = db.session.get(Photo, photo_id)
    if photo is None:
        return False
    if photo.report_id == report.id:
        return True
    change = db.session.get(StatusChange, photo.change_id) if photo.change_id else None
    return change is not None and change.report_id == report.id


def _require_few(by: UUID) -> None:
    mine = select(Complaint.id).where(Complaint.account_id == by, Complaint.decided_at.is_(None))
    if len(db.session.scalars(mine.limit(MOST_WAITING)).all()) >= MOST_WAITING:
        raise TooManyComplaints(most=MOST_WAITING)

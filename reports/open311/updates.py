"""What has become of reports, as updates: GET servicerequestupdates, as FixMyStreet polls it.

An update is a step of a report's life or an office's reply, with GeoReport's word for the status
after it. Everybody reads of what is shown. A client that entered by `updates:read` also reads of
what it sent itself, as a reporter does, and of what those offices work on for which it holds roles,
as they do (`timeline` has the same three ways to look at a report).

What is published late becomes an update then: it carries the time at which it could first be read,
so that whoever asks for the last two hours misses nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    String,
    and_,
    case,
    exists,
    false,
    literal,
    null,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import aliased

from app.database import reading
from reports import presenting, timeline
from reports.city import contacts
from reports.city.snapshot import City
from reports.desk.models import RedactedReply
from reports.models import Assignment, Comment, Report, StatusChange
from reports.open311 import received
from reports.permissions import OFFICE_ROLES, Viewer
from reports.statuses import Outcome, Rejection, Status

MOST = 1000  # updates of one answer, as of requests

#: Steps that are updates to everybody, to a report's sender, to the office that works on it.
#: Being sent is no update: it is the request itself.
PUBLIC = timeline.PUBLIC_STEPS - {"submit"}
OWN = PUBLIC | {"ask", "answer", "resume"}
INSIDE = OWN | {"return", "send_back"}

#: GeoReport knows open and closed alone; these are the words that FixMyStreet's clients share.
WORDS = {
    Status.SUBMITTED: "open",
    Status.ACCEPTED: "open",
    Status.IN_PROGRESS: "in_progress",
    Status.WAITING: "investigating",
    Status.RETURNED: "for_triage",
    Status.MERGED: "duplicate",
    Status.WITHDRAWN: "cancelled",
}
OUTCOMES = {
    Outcome.FIXED: "fixed",
    Outcome.PLANNED: "planned",
    Outcome.EXPLAINED: "no_further_action",
    Outcome.NOT_FOUND: "no_further_action",
}
REJECTIONS = {
    Rejection.OUTSIDE_SCOPE: "not_councils_responsibility",
    Rejection.ALREADY_ANSWERED: "no_further_action",
}
UNCHANGED = "unchanged"  # a reply that leaves the status as it is
CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Update:
    """One update, in plain values."""

    id: UUID
    code: str  # of the report
    status: str  # in GeoReport's words
    detail: str  # the same in ours: `resolved/planned`
    at: datetime
    words: str
    photos: tuple[UUID, ...]


def status_word(status: Status, outcome: str | None, rejection: str | None) -> str:
    """GeoReport's word for where a report stands, with how it was resolved or why rejected."""
    match status:
        case Status.RESOLVED:
            return OUTCOMES[Outcome(outcome or Outcome.EXPLAINED)]
        case Status.CLOSED:
            return OUTCOMES[Outcome.FIXED] if outcome == Outcome.FIXED else CLOSED
        case Status.REJECTED:
            return REJECTIONS.get(Rejection(rejection or Rejection.OTHER), CLOSED)
    return WORDS[status]


def read(
    since: datetime, until: datetime, *, viewer: Viewer, city: City, newest: bool = False
) -> list[Update]:
    """The updates of [since, until), oldest first; of more than MOST the oldest, or the newest."""
    with reading() as connection:
        rows = connection.execute(_statement(since, until, viewer, newest=newest)).all()
    heard = [row.id for row in rows if _heard(row)]
    photos = presenting.photos_by_change(heard)
    found = [_update(row, city, [one["id"] for one in photos.get(row.id, [])]) for row in rows]
    return found[::-1] if newest else found


def _update(row: Row[Any], city: City, photos: Sequence[UUID]) -> Update:
    if row.step is None:
        status, detail = UNCHANGED, ""
    else:
        status = status_word(row.after, row.outcome, row.rejection)
        detail = "/".join(filter(None, (row.after, row.outcome or row.rejection)))
    return Update(row.id, row.code, status, detail, row.told_at, _words(row, city), tuple(photos))


def _heard(row: Row[Any]) -> bool:
    """Are the words and pictures of this row for the reader, and not its status alone?"""
    notes = timeline.REPORTER_NOTES if row.own else timeline.PUBLIC_NOTES
    return bool(row.inside or row.step is None or row.step in notes)


def _words(row: Row[Any], city: City) -> str:
    if not _heard(row):
        return ""
    note: str = row.note if row.inside or row.left_over is None else row.left_over
    return note if row.inside or row.own else contacts.mask_all_but_offices(note, city)


# The statement ---------------------------------------------------------------------------------

_Publish = aliased(StatusChange)
_Later = aliased(StatusChange)
_Resolve = aliased(StatusChange)
_LAST = literal(2**31 - 1)  # words follow the step that was taken with them
_is_publish = _Publish.step == "publish"


def _statement(
    since: datetime, until: datetime, viewer: Viewer, *, newest: bool
) -> Select[tuple[Any, ...]]:
    """Four branches of at most MOST rows each: steps and replies, those read since they were made,
    and those that a later `publish` lets everybody read."""
    looks = _Looks(inside=_works_on(viewer), own=_sent(viewer))
    branches = []
    for told in (_steps(looks), _replies(looks)):
        for query, at in (_in_time(told, looks), _published_late(told, looks)):
            within = query.where(at >= since, at < until)
            order = (at, told.place, told.id)
            rows = within.order_by(*_turned(order, newest=newest)).limit(MOST).subquery()
            branches.append(select(rows))
    every = union_all(*branches).subquery()
    order = (every.c.told_at, every.c.place, every.c.id)
    return select(every).order_by(*_turned(order, newest=newest)).limit(MOST)


def _turned(order: Sequence[ColumnElement[Any]], *, newest: bool) -> Sequence[ColumnElement[Any]]:
    return [column.desc() for column in order] if newest else order


@dataclass(frozen=True, slots=True)
class _Looks:
    """What of a report's row tells how the reader looks at it."""

    inside: ColumnElement[bool]
    own: ColumnElement[bool]

    @property
    def nearer(self) -> ColumnElement[bool]:
        return or_(self.inside, self.own)


@dataclass(frozen=True, slots=True)
class _Told:
    """Steps or replies: their rows, and what everybody, or whoever is nearer, reads of them."""

    rows: Select[Any]
    id: ColumnElement[UUID]
    report_id: ColumnElement[UUID]
    at: ColumnElement[datetime]
    place: ColumnElement[int]  # among those of one moment
    public: ColumnElement[bool]
    nearer: ColumnElement[bool]


def _steps(looks: _Looks) -> _Told:
    step = StatusChange.step
    resolved = (
        select(_Resolve.facts["outcome"].astext)
        .where(_Resolve.report_id == StatusChange.report_id, _Resolve.step == "resolve")
        .where(_Resolve.version <= StatusChange.version)
        .order_by(_Resolve.version.desc())
        .limit(1)
        .scalar_subquery()
    )
    ended = StatusChange.after.in_((Status.RESOLVED, Status.CLOSED))
    rows = (
        select(
            StatusChange.id,
            Report.code,
            step.label("step"),
            StatusChange.after.label("after"),
            case((ended, resolved), else_=null()).label("outcome"),
            StatusChange.facts["reason"].astext.label("rejection"),
            StatusChange.note,
            RedactedReply.words.label("left_over"),
            looks.inside.label("inside"),
            looks.own.label("own"),
            StatusChange.version.label("place"),
        )
        .join(Report, Report.id == StatusChange.report_id)
        .outerjoin(RedactedReply, RedactedReply.change_id == StatusChange.id)
    )
    nearer = or_(and_(looks.inside, step.in_(INSIDE)), and_(looks.own, step.in_(OWN)))
    public = and_(Report.shown, step.in_(PUBLIC))
    identity = StatusChange.id, StatusChange.report_id, StatusChange.at, StatusChange.version
    return _Told(rows, *identity, public=public, nearer=nearer)  # type: ignore[arg-type]


def _replies(looks: _Looks) -> _Told:
    """What offices say between steps. Residents' comments are nobody's update but their own."""
    nothing = type_coerce(null(), String)
    rows = (
        select(
            Comment.id,
            Report.code,
            nothing.label("step"),
            nothing.label("after"),
            nothing.label("outcome"),
            nothing.label("rejection"),
            Comment.text.label("note"),
            nothing.label("left_over"),
            looks.inside.label("inside"),
            looks.own.label("own"),
            _LAST.label("place"),
        )
        .join(Report, Report.id == Comment.report_id)
        .where(Comment.office_id.is_not(None), Comment.published_at.is_not(None))
        .where(Comment.hidden_at.is_(None))
    )
    identity = Comment.id, Comment.report_id, Comment.at, _LAST
    return _Told(rows, *identity, public=Report.shown, nearer=looks.nearer)  # type: ignore[arg-type]


def _in_time(told: _Told, looks: _Looks) -> tuple[Select[Any], ColumnElement[datetime]]:
    """Read since it was made: by those nearer, and by all where no later act published it."""
    later = exists().where(_Publish.report_id == told.report_id, _is_publish, _Publish.at > told.at)
    seen = or_(told.nearer, and_(told.public, ~looks.nearer, ~later))
    return told.rows.add_columns(told.at.label("told_at")).where(seen), told.at


def _published_late(told: _Told, looks: _Looks) -> tuple[Select[Any], ColumnElement[datetime]]:
    """Made before the last time at which its report was published by hand."""
    again = exists().where(
        _Later.report_id == told.report_id, _Later.step == "publish", _Later.at > _Publish.at
    )
    rows = told.rows.add_columns(_Publish.at.label("told_at")).join(
        _Publish, and_(_Publish.report_id == told.report_id, _is_publish)
    )
    return rows.where(_Publish.at > told.at, ~again, told.public, ~looks.nearer), _Publish.at  # type: ignore[return-value]


def _works_on(viewer: Viewer) -> ColumnElement[bool]:
    """`permissions.can_view_all_of` as SQL; who sees all does not see what accuses anybody."""
    mine = viewer.offices(*OFFICE_ROLES)
    accused = Report.accused_office_id
    if not mine and not viewer.sees_all:
        return false()
    joined = exists().where(
        Assignment.report_id == Report.id,
        Assignment.until.is_(None),
        Assignment.part == "join",
        Assignment.office_id.in_(mine),
        Assignment.office_id.is_distinct_from(accused),
    )
    leads = and_(
        Report.assigned_at.is_not(None),
        Report.office_id.in_(mine),
        Report.office_id.is_distinct_from(accused),
    )
    everything = accused.is_(None) if viewer.sees_all else false()
    return and_(Report.erased_at.is_(None), or_(leads, joined, everything))


def _sent(viewer: Viewer) -> ColumnElement[bool]:
    """What the reader sent itself, by Open311 or as its reporter."""
    if viewer.account_id is None:
        return false()
    mine = Report.reporter_id == viewer.account_id
    return and_(Report.erased_at.is_(None), or_(mine, received.sent_by(viewer.account_id)))

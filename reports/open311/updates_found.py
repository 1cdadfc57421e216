"""Which updates a reader is told, and when: one statement.

Everybody reads of what is shown. A client that entered by `updates:read` also reads of what it sent
itself, as a reporter does, until that person reads for themselves: from then on what everybody
reads, and what came through it. Of what its offices work on it reads as they do.

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
    DateTime,
    Select,
    String,
    and_,
    bindparam,
    case,
    exists,
    false,
    literal,
    literal_column,
    null,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import aliased

from reports import timeline
from reports.desk.models import RedactedReply
from reports.models import Comment, Report, StatusChange
from reports.open311 import received
from reports.permissions import Viewer, views_all_of
from reports.queries import kept
from reports.statuses import Role, Status

#: To be sent is no update: it is the request itself.
_SENT = frozenset({"submit"})

_Publish = aliased(StatusChange)
_Later = aliased(StatusChange)
_Resolve = aliased(StatusChange)
_LAST = literal(2**31 - 1)  # words follow the step that was taken with them
_PUBLISH = literal_column("'publish'", String)  # as the index over them is spelled
_SINCE = bindparam("since", type_=DateTime(timezone=True))
_UNTIL = bindparam("until", type_=DateTime(timezone=True))


@kept
def statement(
    viewer: Viewer, *, centre_id: int, newest: bool, most: int
) -> Select[tuple[Any, ...]]:
    """Of [`since`, `until`), its parameters: at most so many, the oldest or the newest first.

    Four branches: steps and replies, those read since they were made, and those that a later
    `publish` lets everybody read."""
    looks = _looks(viewer, centre_id)
    branches = []
    for told in (_steps(looks), _replies(looks)):
        for query, at in (_in_time(told), _published_late(told)):
            within = query.where(at >= _SINCE, at < _UNTIL)
            order = (at, told.place, told.id)
            rows = within.order_by(*_turned(order, newest=newest)).limit(most).subquery()
            branches.append(select(rows))
    every = union_all(*branches).subquery()
    order = (every.c.told_at, every.c.place, every.c.id)
    return select(every).order_by(*_turned(order, newest=newest)).limit(most)


def _turned(order: Sequence[ColumnElement[Any]], *, newest: bool) -> Sequence[ColumnElement[Any]]:
    return [column.desc() for column in order] if newest else order


@dataclass(frozen=True, slots=True)
class _Looks:
    """What of a report's row tells how the reader looks at it."""

    inside: ColumnElement[bool]
    theirs: ColumnElement[bool]  # the reader is the reporter
    own: ColumnElement[bool]  # … or still speaks for whoever is
    through: ColumnElement[bool]  # of a step: it came through the reader


def _looks(viewer: Viewer, centre_id: int) -> _Looks:
    kept_ = Report.erased_at.is_(None)
    inside = and_(kept_, views_all_of(viewer, centre_id=centre_id))
    if viewer.account_id is None:
        return _Looks(inside, false(), false(), false())
    theirs = and_(kept_, Report.reporter_id == viewer.account_id)
    sent = and_(kept_, received.sent_by(viewer.account_id))
    own = or_(theirs, and_(sent, ~received.READS_FOR_THEMSELVES))
    return _Looks(inside, theirs, own, and_(sent, received.came_through(viewer.account_id)))


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
    near: ColumnElement[bool]  # the reader is nearer than everybody, whatever of this is told


def _steps(looks: _Looks) -> _Told:
    step, by_reporter = StatusChange.step, StatusChange.role == Role.REPORTER
    said_here = or_(looks.theirs, looks.through)
    rows = (
        select(
            StatusChange.id,
            Report.code,
            step.label("step"),
            StatusChange.before.label("before"),
            StatusChange.after.label("after"),
            _outcome().label("outcome"),
            StatusChange.facts["reason"].astext.label("rejection"),
            StatusChange.note,
            RedactedReply.words.label("left_over"),
            looks.inside.label("inside"),
            # A person's words are for whoever they came through alone.
            case((by_reporter, said_here), else_=looks.own).label("own"),
            StatusChange.version.label("place"),
        )
        .join(Report, Report.id == StatusChange.report_id)
        .outerjoin(RedactedReply, RedactedReply.change_id == StatusChange.id)
    )
    nearer = or_(
        and_(looks.inside, step.not_in(_SENT)),
        and_(looks.own, step.in_(timeline.REPORTER_STEPS - _SENT)),
        looks.through,
    )
    public = and_(Report.shown, step.in_(timeline.PUBLIC_STEPS - _SENT))
    near = or_(looks.inside, looks.own, looks.through)
    identity = StatusChange.id, StatusChange.report_id, StatusChange.at, StatusChange.version
    return _Told(rows, *identity, public=public, nearer=nearer, near=near)  # type: ignore[arg-type]


def _outcome() -> ColumnElement[Any]:
    """How it was last resolved until then, where it has ended."""
    resolved = (
        select(_Resolve.facts["outcome"].astext)
        .where(_Resolve.report_id == StatusChange.report_id, _Resolve.step == "resolve")
        .where(_Resolve.version <= StatusChange.version)
        .order_by(_Resolve.version.desc())
        .limit(1)
        .scalar_subquery()
    )
    ended = StatusChange.after.in_((Status.RESOLVED, Status.CLOSED))
    return case((ended, resolved), else_=null())


def _replies(looks: _Looks) -> _Told:
    """What offices say between steps. Residents' comments are nobody's update but their own."""
    nothing = type_coerce(null(), String)
    rows = (
        select(
            Comment.id,
            Report.code,
            nothing.label("step"),
            nothing.label("before"),
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
    near = or_(looks.inside, looks.own)
    identity = Comment.id, Comment.report_id, Comment.at, _LAST
    return _Told(rows, *identity, public=Report.shown, nearer=near, near=near)  # type: ignore[arg-type]


def _in_time(told: _Told) -> tuple[Select[Any], ColumnElement[datetime]]:
    """Read since it was made: by those nearer, and by all where no later act published it."""
    later = exists().where(
        _Publish.report_id == told.report_id, _Publish.step == _PUBLISH, _Publish.at > told.at
    )
    seen = or_(told.nearer, and_(told.public, ~told.near, ~later))
    return told.rows.add_columns(told.at.label("told_at")).where(seen), told.at


def _published_late(told: _Told) -> tuple[Select[Any], ColumnElement[datetime]]:
    """Made before the last time at which its report was published by hand."""
    again = exists().where(
        _Later.report_id == told.report_id, _Later.step == _PUBLISH, _Later.at > _Publish.at
    )
    rows = told.rows.add_columns(_Publish.at.label("told_at")).join(
        _Publish, and_(_Publish.report_id == told.report_id, _Publish.step == _PUBLISH)
    )
    return rows.where(_Publish.at > told.at, ~again, told.public, ~told.near), _Publish.at  # type: ignore[return-value]

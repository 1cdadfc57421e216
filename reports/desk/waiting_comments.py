"""Residents' comments that nobody at the centre has looked at yet; and those that somebody has,
to be taken back.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, Select, func, select, true, tuple_

from app.auth.models import Account, AccountKind
from app.database import db, reading
from app.errors import NotFound
from reports import official_queue
from reports.models import Comment, Report
from reports.permissions import Viewer

MOST_COUNTED = 99
_RESIDENTS = (Comment.office_id.is_(None), Comment.text != "")
_WAITS = (Comment.published_at.is_(None), Comment.hidden_at.is_(None), *_RESIDENTS)


def page_of(
    viewer: Viewer, *, limit: int, after: tuple[datetime, UUID] | None
) -> Sequence[Row[Comment, Report]]:
    """Oldest first, each with its report; one more than `limit` when there are others. Nothing
    about the viewer's own office."""
    query = _of(viewer).order_by(Comment.at, Comment.id).limit(limit + 1)
    if after:
        query = query.where(tuple_(Comment.at, Comment.id) > tuple_(*after))
    return db.session.execute(query, official_queue.not_accused_values(viewer)).all()


def locked(viewer: Viewer, ids: Collection[UUID]) -> list[Comment]:
    """Those of these that still wait, held until the commit."""
    query = _of(viewer).where(Comment.id.in_(ids)).with_for_update(of=Comment)
    return [
        row.Comment for row in db.session.execute(query, official_queue.not_accused_values(viewer))
    ]


def settled(viewer: Viewer, ids: Collection[UUID], *, shown: bool) -> list[Comment]:
    """Those of these residents' comments that are shown, or hidden; held until the commit."""
    so = Comment.hidden_at.is_(None) if shown else Comment.hidden_at.is_not(None)
    query = (
        select(Comment)
        .join(Report, Report.id == Comment.report_id)
        .where(Comment.id.in_(ids), *_RESIDENTS, so, official_queue.NOT_ACCUSED)
        .where(Comment.published_at.is_not(None) if shown else true())
        .with_for_update(of=Comment)
    )
    return list(db.session.scalars(query, official_queue.not_accused_values(viewer)))


def of_resident(report_id: UUID, comment_id: UUID) -> Comment:
    """A resident's comment on this report; held until the commit."""
    query = select(Comment).where(
        Comment.id == comment_id, Comment.report_id == report_id, *_RESIDENTS
    )
    found = db.session.scalars(query.with_for_update()).one_or_none()
    if found is None:
        raise NotFound
    return found


def systems(comments: Collection[UUID]) -> dict[UUID, str]:
    """By comment: the name of the neighbour's program that wrote it; a person's is not there."""
    query = (
        select(Comment.id, Account.name)
        .join(Account, Account.id == Comment.account_id)
        .where(Comment.id.in_(comments), Account.kind == AccountKind.CLIENT)
    )
    return {comment_id: name or "" for comment_id, name in db.session.execute(query)}


def put_back(said: Comment) -> None:
    """As if nobody had looked."""
    said.published_at, said.hidden_at = None, None


def count(viewer: Viewer) -> int:
    """How many of those wait, as far as MOST_COUNTED + 1."""
    some = _of(viewer).with_only_columns(Comment.id).limit(MOST_COUNTED + 1).subquery()
    counted = select(func.count()).select_from(some)
    with reading() as connection:
        found: int = connection.execute(
            counted, official_queue.not_accused_values(viewer)
        ).scalar_one()
    return found


def _of(viewer: Viewer) -> Select[Comment, Report]:
    about = select(Comment, Report).join(Report, Report.id == Comment.report_id)
    return about.where(*_WAITS, official_queue.NOT_ACCUSED)

"""The messages that a person was told, newest first; and the deliveries that were given up."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, not_, select, tuple_, update

from app.auth.models import Account
from app.clock import now
from app.database import db, reading
from app.jobs import defer
from notifications.kinds import KINDS, Group
from notifications.models import Delivery, DeliveryState, Message

MOST_COUNTED = 100  # unread ones; beyond it a page says 99+

_INBOX = (
    Message.id,
    Message.kind,
    Message.subject,
    Message.payload,
    Message.urgent,
    Message.at,
    Message.read_at,
)


def read_inbox(
    account_id: UUID,
    *,
    limit: int,
    after: tuple[datetime, UUID] | None,
    group: Group | None = None,
) -> Sequence[Any]:
    """Up to `limit` + 1 messages, of one group or of all; the one more says that there is a next
    page."""
    query = select(*_INBOX).where(Message.account_id == account_id)
    if group:
        query = query.where(_is_of(group))
    if after:
        query = query.where(tuple_(Message.at, Message.id) < after)
    with reading() as connection:
        return connection.execute(
            query.order_by(Message.at.desc(), Message.id.desc()).limit(limit + 1)
        ).all()


def _is_of(group: Group) -> ColumnElement[bool]:
    """Of this group; kinds that nobody has listed belong to OTHER."""
    if group is Group.OTHER:
        return not_(Message.kind.in_([name for name, kind in KINDS.items() if kind.group != group]))
    return Message.kind.in_([name for name, kind in KINDS.items() if kind.group is group])


def of_somebody(account_id: UUID, message_id: UUID) -> Message | None:
    """One message, if it was told to this person."""
    message = db.session.get(Message, message_id)
    return message if message and message.account_id == account_id else None


def count_unread(account_id: UUID) -> int:
    """How many are unread, counted up to MOST_COUNTED."""
    some = (
        select(Message.id)
        .where(Message.account_id == account_id, Message.read_at.is_(None))
        .limit(MOST_COUNTED)
        .subquery()
    )
    with reading() as connection:
        return connection.execute(select(func.count()).select_from(some)).scalar_one()


def mark_read(
    account_id: UUID,
    *,
    at: datetime,
    ids: Sequence[UUID] | None = None,
    up_to: UUID | None = None,
    group: Group | None = None,
) -> None:
    """Read: these messages, or all (of one group) up to and with this one. Others' ids change
    nothing."""
    query = update(Message).where(Message.account_id == account_id, Message.read_at.is_(None))
    if group:
        query = query.where(_is_of(group))
    if ids is not None:
        db.session.execute(query.where(Message.id.in_(ids)).values(read_at=at))
    if up_to is not None:
        last = select(Message.at, Message.id).where(
            Message.id == up_to, Message.account_id == account_id
        )
        place = db.session.execute(last).one_or_none()
        if place:
            earlier = tuple_(Message.at, Message.id) <= tuple(place)
            db.session.execute(query.where(earlier).values(read_at=at))


def is_official(account_id: UUID) -> bool:
    """Whether texts speak to this reader as to an official."""
    with reading() as connection:
        kind = select(Account.kind).where(Account.id == account_id)
        return connection.execute(kind).scalar_one_or_none() == "official"


def last_letter(account_id: UUID, subject: str) -> Delivery | None:
    """What became of the newest letter to somebody about a subject; None when none was written."""
    return db.session.scalars(
        select(Delivery)
        .join(Message, Message.id == Delivery.message_id)
        .where(Message.account_id == account_id, Message.subject == subject)
        .order_by(Delivery.id.desc())
        .limit(1)
    ).one_or_none()


def dead_letters(*, limit: int, after: tuple[datetime, int] | None) -> Sequence[Any]:
    """Deliveries that were given up, latest first; one more than `limit`, as above. Holds no
    address and no account.
    """
    query = (
        select(
            Delivery.id,
            Delivery.message_id,
            Message.kind,
            Message.subject,
            Delivery.channel,
            Delivery.tries,
            Delivery.error,
            Message.at,
            Delivery.done_at,
        )
        .join(Message, Message.id == Delivery.message_id)
        .where(Delivery.state == DeliveryState.DEAD)
    )
    if after:
        query = query.where(tuple_(Delivery.done_at, Delivery.id) < after)
    with reading() as connection:
        return connection.execute(
            query.order_by(Delivery.done_at.desc(), Delivery.id.desc()).limit(limit + 1)
        ).all()


def retry_dead_letter(delivery_id: int, *, at: datetime | None = None) -> bool:
    """Give a dead delivery all its tries again, at once; False when there is no such one."""
    revived = db.session.execute(
        update(Delivery)
        .where(Delivery.id == delivery_id, Delivery.state == DeliveryState.DEAD)
        .values(state=DeliveryState.DUE, due_at=at or now(), tries=0, done_at=None, error=None)
        .returning(Delivery.id)
    ).one_or_none()
    if revived:
        defer("notifications.drain")
    return revived is not None

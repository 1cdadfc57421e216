"""Deliveries that were given up, by kind of news; and all of a kind tried again. One page of them,
and one of them tried again: `inbox`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update

from app.database import db, reading
from app.jobs import defer
from notifications.models import Delivery, DeliveryState, Message

MOST_AT_ONCE = 5000  # what is tried again in one transaction


@dataclass(frozen=True, slots=True)
class Dead:
    """How many of one kind were given up, and when the last one was."""

    kind: str
    number: int
    last: datetime | None


def by_kind() -> Sequence[Dead]:
    """The largest number first."""
    query = (
        select(Message.kind, func.count(), func.max(Delivery.done_at))
        .join(Message, Message.id == Delivery.message_id)
        .where(Delivery.state == DeliveryState.DEAD)
        .group_by(Message.kind)
        .order_by(func.count().desc(), Message.kind)
    )
    with reading() as connection:
        return [Dead(*row) for row in connection.execute(query)]


def retry_all(kind: str, *, at: datetime) -> int:
    """Give all dead deliveries of a kind all their tries again; how many, MOST_AT_ONCE at most,
    the latest first. Flushes."""
    wanted = (
        select(Delivery.id)
        .join(Message, Message.id == Delivery.message_id)
        .where(Delivery.state == DeliveryState.DEAD, Message.kind == kind)
        .order_by(Delivery.done_at.desc(), Delivery.id.desc())
        .limit(MOST_AT_ONCE)
    )
    revived = db.session.execute(
        update(Delivery)
        .where(Delivery.id.in_(wanted.scalar_subquery()), Delivery.state == DeliveryState.DEAD)
        .values(state=DeliveryState.DUE, due_at=at, tries=0, done_at=None, error=None)
        .returning(Delivery.id)
        .execution_options(synchronize_session=False)
    ).all()
    if revived:
        defer("notifications.drain")
    return len(revived)

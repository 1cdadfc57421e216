"""What an endpoint leaves behind that is off or was removed: cleared away a portion at a time, so
that no step, no worker and no other endpoint waits for a history of weeks.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, select, update

from app.database import db
from notifications.webhooks.models import TellingState, WebhookDelivery, WebhookEndpoint

AT_ONCE = 2000  # deliveries in one transaction

_is_due = WebhookDelivery.state == TellingState.DUE


def give_up(endpoint_id: UUID, at: datetime) -> int:
    """A portion of what is due to an endpoint that is off, which the caller has locked; how many.
    They may be replayed."""
    due = _of(endpoint_id).where(_is_due)
    given_up = (
        update(WebhookDelivery)
        .where(WebhookDelivery.id.in_(due.order_by(WebhookDelivery.due_at).limit(AT_ONCE)))
        .values(state=TellingState.DEAD, done_at=at, error="switched off")
    )
    return _count(given_up)


def clear_some(at: datetime) -> int:
    """One portion of what is left of one endpoint; how many rows. 0: nothing is left, or another
    worker is at it."""
    waits = _of(WebhookEndpoint.id).where(_is_due).exists()
    off = WebhookEndpoint.off_at.is_not(None), WebhookEndpoint.removed_at.is_(None), waits
    if (endpoint_id := _locked(*off)) is not None:
        return give_up(endpoint_id, at)
    if (endpoint_id := _locked(WebhookEndpoint.removed_at.is_not(None))) is not None:
        return _forget_some(endpoint_id)
    return 0


def _forget_some(endpoint_id: UUID) -> int:
    """The endpoint itself goes last, when it takes nothing along."""
    portion = _of(endpoint_id).order_by(WebhookDelivery.id).limit(AT_ONCE)
    gone = _count(delete(WebhookDelivery).where(WebhookDelivery.id.in_(portion)))
    return gone or _count(delete(WebhookEndpoint).where(WebhookEndpoint.id == endpoint_id))


def _locked(*where: Any) -> UUID | None:
    """One such endpoint, locked: before its deliveries, as everywhere."""
    query = select(WebhookEndpoint.id).where(*where).limit(1)
    found: UUID | None = db.session.scalar(query.with_for_update(skip_locked=True, key_share=True))
    return found


def _of(endpoint_id: Any) -> Select[Any]:
    return select(WebhookDelivery.id).where(WebhookDelivery.endpoint_id == endpoint_id)


def _count(statement: Any) -> int:
    done = db.session.execute(statement.execution_options(synchronize_session=False))
    return int(done.rowcount)  # type: ignore[attr-defined]

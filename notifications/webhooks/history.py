"""What became of an endpoint's events, for a page: the newest first. Swept after 30 days."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select

from app.database import db, reading
from notifications.webhooks.models import (
    TellingState,
    WebhookDelivery,
    WebhookEvent,
)

KEPT = timedelta(days=30)
SWEPT_AT_ONCE = 20_000

_COLUMNS = (
    WebhookDelivery.id,
    WebhookDelivery.event_id,
    WebhookEvent.sequence,
    WebhookEvent.type,
    WebhookEvent.subject,
    WebhookEvent.at,
    WebhookDelivery.state,
    WebhookDelivery.tries,
    WebhookDelivery.due_at,
    WebhookDelivery.tried_at,
    WebhookDelivery.done_at,
    WebhookDelivery.took_ms,
    WebhookDelivery.status,
    WebhookDelivery.error,
)


def page(
    endpoint_id: UUID,
    *,
    limit: int,
    after: int | None = None,
    state: TellingState | None = None,
) -> Sequence[Any]:
    """Up to `limit` + 1 of them; the one more says that there is a next page."""
    query = (
        select(*_COLUMNS)
        .join(WebhookEvent, WebhookEvent.id == WebhookDelivery.event_id)
        .where(WebhookDelivery.endpoint_id == endpoint_id)
    )
    if after is not None:
        query = query.where(WebhookDelivery.id < after)
    if state is not None:
        query = query.where(WebhookDelivery.state == state)
    with reading() as connection:
        return connection.execute(query.order_by(WebhookDelivery.id.desc()).limit(limit + 1)).all()


def counts(endpoint_ids: Sequence[UUID]) -> dict[UUID, dict[str, int]]:
    """How many wait and how many were given up, by endpoint; what is neither is left out."""
    query = (
        select(WebhookDelivery.endpoint_id, WebhookDelivery.state, func.count())
        .where(
            WebhookDelivery.endpoint_id.in_(endpoint_ids),
            WebhookDelivery.state.in_([TellingState.DUE, TellingState.DEAD]),
        )
        .group_by(WebhookDelivery.endpoint_id, WebhookDelivery.state)
    )
    found: dict[UUID, dict[str, int]] = {one: {} for one in endpoint_ids}
    with reading() as connection:
        for endpoint_id, state, number in connection.execute(query):
            found[endpoint_id][str(state)] = number
    return found


def sweep(at: datetime) -> int:
    """Forget events older than KEPT, with their deliveries; how many events. Those of endpoints
    that were replayed lately go too: what is so old is asked for over the API."""
    old = (
        select(WebhookEvent.id)
        .where(WebhookEvent.at < at - KEPT)
        .order_by(WebhookEvent.at)
        .limit(SWEPT_AT_ONCE)
    )
    gone = db.session.execute(
        delete(WebhookEvent)
        .where(WebhookEvent.id.in_(old.scalar_subquery()))
        .execution_options(synchronize_session=False)
    )
    return int(gone.rowcount)  # type: ignore[attr-defined]

"""What became of an endpoint's events, for a page: the newest first. Swept after 30 days."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, text

from app.database import db, reading
from notifications.webhooks.models import (
    TellingState,
    WebhookDelivery,
    WebhookEvent,
)

KEPT = timedelta(days=30)
SWEPT_AT_ONCE = 20_000
MOST_COUNTED = 10_000  # of one endpoint and state

_COUNTS = text("""
select one.id as endpoint_id,
    (select count(*) from (select from webhook_delivery
        where endpoint_id = one.id and state = 'due' limit :most) as d) as due,
    (select count(*) from (select from webhook_delivery
        where endpoint_id = one.id and state = 'dead' limit :most) as d) as dead
from unnest(cast(:ids as uuid[])) as one(id)
""")

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
    """How many wait and how many were given up, by endpoint: MOST_COUNTED of each at most, so that
    nobody waits for a backlog to be counted; one above says that there are more. What is neither is
    left out."""
    found: dict[UUID, dict[str, int]] = {one: {} for one in endpoint_ids}
    with reading() as connection:
        for row in connection.execute(
            _COUNTS, {"ids": list(endpoint_ids), "most": MOST_COUNTED + 1}
        ):
            found[row.endpoint_id] |= {
                state: number
                for state, number in ((TellingState.DUE, row.due), (TellingState.DEAD, row.dead))
                if number
            }
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

"""Sending again: one delivery, or all that an endpoint missed; and an event that means nothing, to
see whether it arrives. Flushes, never commits.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import text

from app.database import db
from app.jobs import PATIENT, schedule
from notifications.webhooks.errors import EndpointOff, NoSuchDelivery
from notifications.webhooks.models import (
    TEST,
    TellingState,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookEvent,
)

MOST_AT_ONCE = 5000  # in one transaction, the oldest first

# What was told to this endpoint's reader, of the kinds that it is told of now, and did not arrive:
# given up, tried in vain and waiting for its next try, or never tried since it was off. `sent` and
# `stale` too where all are wanted.
_REPLAY = text("""
with wanted as (
    select v.id, v.at, row_number() over (order by v.at, v.sequence) as place
    from webhook_event v
    left join webhook_delivery d on d.event_id = v.id and d.endpoint_id = :endpoint
    where v.at >= :since and v.at < :until and :reader = any(v.readers)
      and (cast(:events as text[]) = '{}' or v.type = any(cast(:events as text[])))
      and (d.id is null or d.state = 'dead' or (:all and d.state <> 'due')
           or (d.state = 'due' and d.due_at > :at and d.tried_at is not null))
    order by v.at, v.sequence
    limit :most + 1
), queued as (
    insert into webhook_delivery (event_id, endpoint_id, state, due_at, tries)
    select id, :endpoint, 'due', :at, 0 from wanted where place <= :most order by place
    on conflict (event_id, endpoint_id) do update
        set state = 'due', due_at = :at, tries = 0, done_at = null, error = null
    returning id
)
select (select count(*) from queued) as number,
    (select at from wanted where place > :most) as next_since
""")


@dataclass(frozen=True, slots=True)
class Queued:
    """So many will be sent. `next_since`: when the first happened that was one too many."""

    number: int
    next_since: datetime | None


def one(endpoint: WebhookEndpoint, delivery_id: int, *, at: datetime) -> WebhookDelivery:
    """Send it again with all its tries, however it went. Raises NoSuchDelivery, EndpointOff."""
    found = db.session.get(WebhookDelivery, delivery_id, with_for_update=True)
    if found is None or found.endpoint_id != endpoint.id:
        raise NoSuchDelivery
    _require_on(endpoint)
    found.state, found.due_at, found.tries = TellingState.DUE, at, 0
    found.done_at, found.error = None, None
    _hurry(endpoint)
    return found


def missed(
    endpoint: WebhookEndpoint,
    *,
    since: datetime,
    until: datetime,
    all_of_them: bool = False,
    at: datetime,
) -> Queued:
    """Send again what happened from `since` to before `until` and did not arrive, or all of it; the
    oldest, MOST_AT_ONCE at most. Raises EndpointOff."""
    _require_on(endpoint)
    values = {
        "endpoint": endpoint.id,
        "reader": endpoint.reader,
        "events": list(endpoint.events),
        "since": since,
        "until": until,
        "all": all_of_them,
        "most": MOST_AT_ONCE,
        "at": at,
    }
    queued = Queued(**db.session.execute(_REPLAY, values).one()._mapping)
    if queued.number or endpoint.rests_until is not None:  # what is due already may wait for it
        _hurry(endpoint)
    return queued


def test(endpoint: WebhookEndpoint, *, at: datetime) -> WebhookDelivery:
    """An event that says only that it is a test, to this endpoint alone. Raises EndpointOff."""
    _require_on(endpoint)
    event = WebhookEvent(
        id=uuid4(),
        type=TEST,
        subject=f"webhook:{endpoint.id}",
        readers=[],
        facts={"webhook": str(endpoint.id)},
        at=at,
    )
    db.session.add(event)
    db.session.flush()
    delivery = WebhookDelivery(event_id=event.id, endpoint_id=endpoint.id, due_at=at)
    db.session.add(delivery)
    _hurry(endpoint)
    return delivery


def _require_on(endpoint: WebhookEndpoint) -> None:
    if endpoint.off_at is not None:
        raise EndpointOff


def _hurry(endpoint: WebhookEndpoint) -> None:
    """Somebody waits for it: the endpoint need not rest. A worker that has it keeps it."""
    endpoint.rests_until = None
    db.session.flush()
    schedule("notifications.webhooks", {}, line=PATIENT)

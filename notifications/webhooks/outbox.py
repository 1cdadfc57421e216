"""happened(): what other systems are told, written in the transaction of the change itself.

The event, its deliveries and the job that will send them appear with the commit and vanish with a
rollback. Whoever calls holds the lock of what changed, so that the numbers of one subject's events
follow each other as its changes did.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, exists, select, text
from sqlalchemy.dialects.postgresql import JSONB

from app.database import db
from app.jobs import defer
from notifications.outbox import is_silent
from notifications.webhooks.models import WebhookEndpoint

# One that is switched off has no delivery, but the event is kept: it may be replayed.
_HAPPENED = text("""
with wanted as (
    select id, off_at from webhook_endpoint
    where removed_at is null and reader = any(cast(:readers as text[]))
      and (events = '{}' or cast(:type as text) = any(events))
    for key share
), event as (
    insert into webhook_event (id, type, subject, readers, facts, at)
    select :id, :type, :subject, cast(:readers as text[]), :facts, :at
    where exists (select from wanted)
    on conflict (id) do nothing
    returning id
)
insert into webhook_delivery (event_id, endpoint_id, state, due_at, tries)
select event.id, wanted.id, 'due', :at, 0 from event cross join wanted
where wanted.off_at is null
returning id
""").bindparams(bindparam("facts", type_=JSONB))


_SOMEBODY = select(exists(select(WebhookEndpoint.id).where(WebhookEndpoint.removed_at.is_(None))))


def somebody_listens() -> bool:
    """Is there any endpoint at all? Asked before it is worked out who would be told what."""
    if is_silent():
        return False
    return bool(db.session.scalar(_SOMEBODY))


def happened(
    *,
    event_id: UUID,
    type: str,  # noqa: A002 (the word of Standard Webhooks)
    subject: str,
    readers: Collection[str],
    facts: Mapping[str, Any] | None = None,
    at: datetime,
) -> int:
    """Tell the endpoints of these readers; how many. Again is nothing: the id is known.

    `facts` is plain JSON, and nobody's words: the body is looked up when it leaves.
    """
    if is_silent() or not readers:
        return 0
    db.session.flush()
    values = {
        "id": event_id,
        "type": type,
        "subject": subject,
        "readers": sorted(readers),
        "facts": dict(facts or {}),
        "at": at,
    }
    told = len(db.session.execute(_HAPPENED, values).all())
    if told:
        defer("notifications.webhooks")
    return told

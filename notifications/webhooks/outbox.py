"""happened(): what other systems are told, written in the transaction of the change itself.

The event, its deliveries and the job that will send them appear with the commit and vanish with a
rollback. Whoever calls holds the lock of what changed, so that the numbers of one subject's events
follow each other as its changes did.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from json import dumps
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select, text

from app.database import db
from app.jobs import PATIENT, schedule
from notifications.outbox import is_silent
from notifications.webhooks.models import WebhookEndpoint

# The events are numbered in the order in which they are given. An endpoint that is switched off has
# no delivery, but the event is kept: it may be replayed.
_HAPPENED = text("""
with told as (
    select * from rows from (jsonb_to_recordset(cast(:told as jsonb))
        as (id uuid, type text, subject text, readers text[], facts jsonb, at timestamptz)
    ) with ordinality as one(id, type, subject, readers, facts, at, place)
), wanted as (
    select id, reader, events, off_at from webhook_endpoint
    where removed_at is null and reader = any(cast(:readers as text[]))
    for key share
), event as (
    insert into webhook_event (id, type, subject, readers, facts, at)
    select id, type, subject, readers, facts, at from told
    where exists (select from wanted where reader = any(told.readers)
                    and (events = '{}' or told.type = any(events)))
    order by place
    on conflict (id) do nothing
    returning id, type, readers, at
)
insert into webhook_delivery (event_id, endpoint_id, state, due_at, tries)
select event.id, wanted.id, 'due', event.at, 0
from event join wanted on wanted.reader = any(event.readers)
    and (wanted.events = '{}' or event.type = any(wanted.events))
where wanted.off_at is null
returning id
""")

_SOMEBODY = select(exists(select(WebhookEndpoint.id).where(WebhookEndpoint.removed_at.is_(None))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One event, and whose it is to know. `facts` is plain JSON, and nobody's words: the body is
    looked up when it leaves."""

    event_id: UUID
    type: str  # (the word of Standard Webhooks)
    subject: str
    readers: Collection[str]
    facts: Mapping[str, Any] = field(default_factory=dict)
    at: datetime


def somebody_listens() -> bool:
    """Is there any endpoint at all? Asked before it is worked out who would be told what."""
    if is_silent():
        return False
    return bool(db.session.scalar(_SOMEBODY))


def happened(*events: Happening) -> int:
    """Tell the endpoints of their readers, in one statement and with one job; how many deliveries.
    Again is nothing: the id is known."""
    told = [one for one in events if one.readers]
    if is_silent() or not told:
        return 0
    db.session.flush()
    readers = sorted({reader for one in told for reader in one.readers})
    values = {"told": dumps([_row(one) for one in told]), "readers": readers}
    number = len(db.session.execute(_HAPPENED, values).all())
    if number:
        schedule("notifications.webhooks", {}, line=PATIENT)
    return number


def _row(one: Happening) -> dict[str, Any]:
    return {
        "id": str(one.event_id),
        "type": one.type,
        "subject": one.subject,
        "readers": sorted(one.readers),
        "facts": dict(one.facts),
        "at": one.at.isoformat(),
    }

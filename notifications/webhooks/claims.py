"""Lending due deliveries to one worker, and writing down what became of them.

An endpoint is lent whole: meanwhile no other worker asks it, so that its events arrive in order as
long as each arrives at once. One that failed lately is asked for one only. A worker that is killed
writes nothing: what it held comes due again when its lease is over. Whoever locks both locks the
endpoint first, then its deliveries, in the order of their ids.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text

from app.database import db
from notifications.webhooks.models import TellingState

OF_ONE = 8  # deliveries that are lent with one endpoint
LEASE = timedelta(minutes=2)  # above all that a round may take: see `rounds`

_CLAIM = text("""
with free as (
    select id, failing_since is null as well from webhook_endpoint
    where off_at is null and (rests_until is null or rests_until <= :now)
      and (lent_until is null or lent_until <= :now)
      and exists (select from webhook_delivery d
                  where d.endpoint_id = webhook_endpoint.id
                    and d.state = 'due' and d.due_at <= :now)
    order by random()
    limit :most
    for no key update skip locked
), due as (
    select one.id from free cross join lateral (
        select d.id from webhook_delivery d
        where d.endpoint_id = free.id and d.state = 'due' and d.due_at <= :now
        order by d.due_at, d.id
        limit case when free.well then :each else 1 end
        for update skip locked
    ) as one
), taken as (
    update webhook_delivery d set tries = tries + 1, due_at = :lease
    from due where d.id = due.id
    returning d.id, d.event_id, d.endpoint_id, d.tries
), lent as (
    update webhook_endpoint e set lent_until = :lease
    where e.id in (select endpoint_id from taken)
    returning e.id, e.lent_until, e.url, e.reader, e.locale, e.made_by, e.secret, e.old_secret,
              e.old_secret_until
)
select t.id, t.tries, v.id as event_id, v.sequence, v.type, v.subject, v.facts, v.at,
       e.id as endpoint_id, e.lent_until, e.url, e.reader, e.locale, e.made_by, e.secret,
       e.old_secret, e.old_secret_until
from taken t
join webhook_event v on v.id = t.event_id
join lent e on e.id = t.endpoint_id
order by v.sequence
""")

# A result of a lease that ran out, or of one that was switched off meanwhile, counts only if it is
# the best there is: sent.
_MARK = text("""
update webhook_delivery d
set state = r.state, due_at = r.due_at, tries = r.tries, error = r.error, status = r.status,
    took_ms = r.took_ms,
    tried_at = case when r.tried then cast(:now as timestamptz) else d.tried_at end,
    done_at = case when r.state <> 'due' then cast(:now as timestamptz) end
from unnest(cast(:ids as bigint[]), cast(:states as text[]), cast(:due_ats as timestamptz[]),
            cast(:tries as smallint[]), cast(:claimed as smallint[]), cast(:errors as text[]),
            cast(:statuses as smallint[]), cast(:took as integer[]),
            cast(:tried as boolean[]))
     as r(id, state, due_at, tries, claimed, error, status, took_ms, tried)
where d.id = r.id and d.state in ('due', 'dead')
  and (r.state = 'sent' or (d.state = 'due' and d.tries = r.claimed))
""")

_LOCK = text("""
select id from webhook_delivery where id = any(cast(:ids as bigint[])) order by id
for no key update
""")

# Of each endpoint the first, whatever waits behind it.
_NEXT = text("""
select min(greatest(d.due_at, e.rests_until, e.lent_until))
from webhook_endpoint e cross join lateral (
    select due_at from webhook_delivery
    where endpoint_id = e.id and state = 'due'
    order by due_at
    limit 1
) as d
where e.off_at is null
""")


@dataclass(frozen=True, slots=True)
class Claim:
    """One delivery, lent to this worker, with all that is needed to send it."""

    id: int
    tries: int
    event_id: UUID
    sequence: int
    type: str
    subject: str
    facts: dict[str, Any]
    at: datetime
    endpoint_id: UUID
    lent_until: datetime
    url: str
    reader: str
    locale: str
    made_by: UUID
    secret: bytes
    old_secret: bytes | None
    old_secret_until: datetime | None


@dataclass(frozen=True, slots=True)
class Mark:
    """What became of a claim. `due_at` counts only while the state is `due`."""

    claim: Claim
    state: TellingState
    due_at: datetime
    tries: int
    error: str | None = None
    status: int | None = None
    took_ms: int | None = None
    tried: bool = True


def claim_due(now: datetime, *, most: int) -> list[list[Claim]]:
    """Up to `most` endpoints with what is due to each, in the order of events; lent until `now` +
    LEASE."""
    values = {"now": now, "lease": now + LEASE, "most": most, "each": OF_ONE}
    lent: dict[UUID, list[Claim]] = {}
    for row in db.session.execute(_CLAIM, values):
        lent.setdefault(row.endpoint_id, []).append(Claim(**row._mapping))
    return list(lent.values())


def write_marks(marks: Sequence[Mark], now: datetime) -> None:
    """One UPDATE for them all, which are of one endpoint: the caller has locked it."""
    db.session.execute(_LOCK, {"ids": [mark.claim.id for mark in marks]})
    db.session.execute(
        _MARK,
        {
            "now": now,
            "ids": [mark.claim.id for mark in marks],
            "states": [str(mark.state) for mark in marks],
            "due_ats": [mark.due_at for mark in marks],
            "tries": [mark.tries for mark in marks],
            "claimed": [mark.claim.tries for mark in marks],
            "errors": [mark.error and mark.error[:200] for mark in marks],
            "statuses": [mark.status for mark in marks],
            "took": [mark.took_ms for mark in marks],
            "tried": [mark.tried for mark in marks],
        },
    )


def next_due(before: datetime) -> datetime | None:
    """When the next delivery comes due that does so by then; None: none does."""
    found: datetime | None = db.session.execute(_NEXT).scalar_one()
    return found if found is not None and found <= before else None

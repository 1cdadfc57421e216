"""Lending due deliveries to one worker, and writing down what became of them.

A claim moves `due_at` ahead by a lease and counts the try. A worker that is killed writes nothing,
and what it held comes due again by itself. What a person wants, whether newer news is there, and
who is disabled holds as of the claim: what changes while a batch is under way is not seen by it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text

from app.database import db
from notifications.kinds import ASIDES, groups_by_kind
from notifications.models import Channel, DeliveryState, DeviceKind

AT_ONCE = 100
# Above all that a claim can take: the minute after which a batch starts no more sends, the wait for
# a place at the mail server, and the longest conversation there.
LEASE = timedelta(minutes=3)

# An older message waits while a newer one of the same subject is on its way to the same target,
# and is stale once that has been sent. Urgent ones go in any case, and an aside (a comment) says
# nothing of how things stand, so it overtakes none but asides. Of two that are claimed by different
# workers within seconds, told in between, the older may still arrive last: the inbox has the order.
_NEWER = """
    from message n
    join delivery e on e.message_id = n.id and e.channel = t.channel
     and e.installation_id is not distinct from t.installation_id and e.state = '{state}'
    where n.account_id = m.account_id and n.subject = m.subject and n.at > m.at and not m.urgent
      and (n.kind <> all(:asides) or m.kind = any(:asides))
"""

# Picked by the index alone, and looked at afterwards: with a hundred thousand due, as after an
# outage, a condition in here would be worked out for all of them, each time.
CLAIM = f"""
with due as (
    select id from delivery where state = 'due' and due_at <= :now
    order by urgent desc, due_at
    limit :most
    for update skip locked
), taken as (
    update delivery set tries = tries + 1, due_at = :lease
    from due where delivery.id = due.id
    returning delivery.id, delivery.message_id, delivery.channel, delivery.installation_id,
              delivery.tries
)
select t.id, t.message_id, t.channel, t.installation_id, t.tries, m.account_id, m.kind, m.subject,
       m.payload, m.urgent, m.at, v.kind as device_kind, v.address,
       coalesce(v.locale, a.locale) as locale, a.kind = 'official' as official,
       case when a.disabled_at is null then a.email end as official_email,
       coalesce(p.choice = 'never', false)
         and not (m.urgent and t.channel in ('fcm', 'webpush')) as unwanted,
       q.since as quiet_since, q.until as quiet_until,
       exists (select 1 {_NEWER.format(state="sent")}) as overtaken,
       (select max(e.due_at) {_NEWER.format(state="due")}) as held_until
from taken t
join message m on m.id = t.message_id
join account a on a.id = m.account_id
left join device v on v.installation_id = t.installation_id and v.account_id = m.account_id
left join quiet_hours q on q.account_id = m.account_id
left join unnest(cast(:kinds as text[]), cast(:groups as text[])) as k(kind, grp)
  on k.kind = m.kind
left join preference p
  on p.account_id = m.account_id and p.group = coalesce(k.grp, 'other')
 and p.way = case when t.channel in ('fcm', 'webpush') then 'push' else t.channel end
order by m.urgent desc, t.id
"""

# A result of a lease that ran out counts only if it is the best there is: sent.
_MARK = """
update delivery d
set state = r.state, due_at = r.due_at, tries = r.tries, error = r.error,
    done_at = case when r.state <> 'due' then cast(:now as timestamptz) end
from unnest(cast(:ids as bigint[]), cast(:states as text[]), cast(:due_ats as timestamptz[]),
            cast(:tries as smallint[]), cast(:claimed as smallint[]), cast(:errors as text[]))
     as r(id, state, due_at, tries, claimed, error)
where d.id = r.id and d.state = 'due' and (r.state = 'sent' or d.tries = r.claimed)
"""

_FORGET = """
delete from device v using unnest(cast(:ids as uuid[]), cast(:addresses as text[]))
     as gone(id, address)
where v.installation_id = gone.id and v.address = gone.address
"""


@dataclass(frozen=True, slots=True)
class Claim:
    """One delivery, lent to this worker, with all that is needed to send it."""

    id: int
    message_id: UUID
    channel: Channel
    installation_id: UUID | None
    tries: int
    account_id: UUID
    kind: str
    subject: str
    payload: dict[str, Any]
    urgent: bool
    at: datetime
    device_kind: DeviceKind | None
    address: str | None  # of the device, if it is still there and still this person's
    locale: str
    official: bool
    official_email: str | None  # none once the account is disabled
    unwanted: bool  # turned off since it was told
    quiet_since: time | None
    quiet_until: time | None
    overtaken: bool
    held_until: datetime | None  # when the newer one that this waits for comes due


@dataclass(frozen=True, slots=True)
class Mark:
    """What became of a claim. `due_at` counts only while the state is `due`."""

    claim: Claim
    state: DeliveryState
    due_at: datetime
    tries: int
    error: str | None = None


def claim_due(now: datetime, *, most: int = AT_ONCE) -> list[Claim]:
    """Up to `most` deliveries that are due, urgent ones first, lent until `now` + LEASE."""
    rows = db.session.execute(text(CLAIM), claim_values(now, most))
    return [
        Claim(
            **{
                **row._mapping,
                "channel": Channel(row.channel),
                "device_kind": row.device_kind and DeviceKind(row.device_kind),
            }
        )
        for row in rows
    ]


def claim_values(now: datetime, most: int) -> dict[str, Any]:
    """What CLAIM is given."""
    return {
        "now": now,
        "most": most,
        "lease": now + LEASE,
        "asides": list(ASIDES),
        **groups_by_kind(),
    }


def write_marks(marks: Sequence[Mark], now: datetime) -> None:
    """One UPDATE for the whole batch; and the devices that are gone are forgotten."""
    db.session.execute(
        text(_MARK),
        {
            "now": now,
            "ids": [mark.claim.id for mark in marks],
            "states": [str(mark.state) for mark in marks],
            "due_ats": [mark.due_at for mark in marks],
            "tries": [mark.tries for mark in marks],
            "claimed": [mark.claim.tries for mark in marks],
            "errors": [mark.error and mark.error[:300] for mark in marks],
        },
    )
    gone = [mark.claim for mark in marks if mark.state is DeliveryState.GONE and mark.claim.address]
    if gone:
        # By address too: the app may have registered a new one while the old was being tried.
        db.session.execute(
            text(_FORGET),
            {
                "ids": [claim.installation_id for claim in gone],
                "addresses": [claim.address for claim in gone],
            },
        )


def next_due(after: datetime, before: datetime) -> datetime | None:
    """The earliest moment between the two at which a delivery comes due."""
    found: datetime | None = db.session.execute(
        text(
            "select min(due_at) from delivery"
            " where state = 'due' and due_at > :after and due_at <= :before"
        ),
        {"after": after, "before": before},
    ).scalar_one()
    return found

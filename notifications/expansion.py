"""From a message to its deliveries: which devices and which addresses, by each person's choice.

Repeating it is harmless: a delivery is unique by message, channel and device. The in-app inbox is
the message itself and asks nobody.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from app.database import db
from notifications.kinds import GATHERED, groups_by_kind
from notifications.models import Channel
from notifications.preferences import default_rows

_EXPAND = """
with news as materialized (
    select m.id, m.account_id, m.urgent, a.kind = 'official' as official,
           coalesce(k.grp, 'other') as grp
    from message m
    join account a on a.id = m.account_id and a.disabled_at is null
    left join unnest(cast(:kinds as text[]), cast(:groups as text[])) as k(kind, grp)
      on k.kind = m.kind
    where {which}
), push as materialized (
    select n.id, n.urgent, v.installation_id,
           case v.kind when 'webpush' then 'webpush' else 'fcm' end as channel
    from news n
    join device v on v.account_id = n.account_id
    left join preference p
      on p.account_id = n.account_id and p.group = n.grp and p.way = 'push'
    where (n.urgent or coalesce(p.choice, 'always') <> 'never')
      and case v.kind when 'webpush' then 'webpush' else 'fcm' end = any(:channels)
), letters as (
    select n.id, n.urgent, d.way as channel
    from news n
    join unnest(cast(:d_groups as text[]), cast(:d_ways as text[]),
                cast(:d_official as boolean[]), cast(:d_choices as text[]))
         as d(grp, way, official, choice)
      on d.grp = n.grp and d.official = n.official
     and (d.way = any(:channels)
          or d.way = 'email' and n.account_id = any(cast(:by_mail as uuid[])))
    left join preference p
      on p.account_id = n.account_id and p.group = n.grp and p.way = d.way
    where (coalesce(p.choice, d.choice) = 'always'
           or coalesce(p.choice, d.choice) = 'otherwise'
              and not exists (select 1 from push where push.id = n.id))
      and not (d.way = 'email' and not n.urgent and n.grp = any(:gathered)
               and exists (select 1 from mail_digest g where g.account_id = n.account_id))
)
insert into delivery (message_id, channel, installation_id, urgent, state, due_at, tries)
select id, channel, installation_id, urgent, 'due', :at, 0 from push
union all
select id, channel, null, urgent, 'due', :at, 0 from letters
on conflict do nothing
"""


def expand_change(
    change_id: UUID,
    *,
    channels: Collection[Channel],
    by_mail: Collection[UUID] = (),
    at: datetime,
) -> int:
    """Write the deliveries of a change's messages, due at once; how many are new. Who can be told
    `by_mail` alone has a letter even where no mail is set up: that it cannot leave must show."""
    values = {"change_id": change_id, "by_mail": list(by_mail)}
    return _expand("m.change_id = :change_id", values, channels, at)


def expand_again(
    message_ids: Collection[UUID], *, channels: Collection[Channel], at: datetime
) -> int:
    """For messages that lost a device: another device or a letter may take over."""
    return _expand("m.id = any(:ids)", {"ids": list(message_ids), "by_mail": []}, channels, at)


def _expand(which: str, values: dict[str, Any], channels: Collection[Channel], at: datetime) -> int:
    groups, ways, official, choices = zip(*default_rows(), strict=True)
    result = db.session.execute(
        text(_EXPAND.format(which=which)),
        {
            **values,
            "at": at,
            "channels": [str(channel) for channel in channels],
            "gathered": [str(group) for group in GATHERED],
            **groups_by_kind(),
            "d_groups": list(groups),
            "d_ways": list(ways),
            "d_official": list(official),
            "d_choices": list(choices),
        },
    )
    return int(result.rowcount)  # type: ignore[attr-defined]

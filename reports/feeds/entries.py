"""What the public was shown last, for feed readers: ordered by when it was published, since a
report may wait for days before it is. Each with the last moment at which it came to read otherwise.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, DateTime, Select, bindparam, func, select, text

from app.database import reading
from reports.city.snapshot import City
from reports.filters import Bounds, Filters, narrowed
from reports.models import Report, StatusChange
from reports.pages import CARD, count
from reports.queries import kept
from reports.timeline import PUBLIC_STEPS

MOST = 50  # a feed is what is new; whoever wants all takes a file
DAYS = 90  # how far back a feed looks: so that a rare kind is not looked for through all there was

#: Steps after which an entry says something else: a correction too, which is no step in public.
_NEWS = sorted(PUBLIC_STEPS | {"amend"})
_report = Report.__table__.c


@dataclass(frozen=True, slots=True)
class Shown:
    """Rows of `pages.CARD`; of each, when it was published and when the public last heard of it."""

    rows: Sequence[Sequence[Any]]
    published: Sequence[datetime]
    updated: Sequence[datetime]


def last_published(filters: Filters, *, since: datetime, most: int = MOST) -> Shown:
    """What is shown and was published since then, the last first."""
    values = filters.values()
    query = _last_published(frozenset(values), most)
    with reading() as connection:
        found = connection.execute(query, values | {"published_since": since}).all()
        heard = _last_heard(connection, [row.id for row in found])
    return Shown(
        rows=[tuple(row)[: len(CARD)] for row in found],
        published=[row.published_at for row in found],
        updated=[
            max(row.published_at, heard.get(row.id, since), row.retold_at or since) for row in found
        ],
    )


def days_back(city: City, at: datetime) -> datetime:
    """Where a feed begins: a midnight of the city, so that it is the same feed all day."""
    zone = ZoneInfo(city.profile.timezone)
    day = at.astimezone(zone).date() - timedelta(days=DAYS)
    return datetime.combine(day, time.min, zone)


@kept
def _last_published(bounds: Bounds, most: int) -> Select[Any]:
    return (
        select(*CARD, _report.published_at, _report.retold_at)
        .where(
            text("shown"),
            _report.published_at >= bindparam("published_since", type_=DateTime(timezone=True)),
            *narrowed(bounds),
        )
        .order_by(_report.published_at.desc(), _report.id.desc())
        .limit(count(most))
    )


def _last_heard(connection: Connection, reports: Sequence[UUID]) -> Mapping[UUID, datetime]:
    """When a step last changed what the public reads; other internal ones are no news to it."""
    if not reports:
        return {}
    query = (
        select(StatusChange.report_id, func.max(StatusChange.at))
        .where(StatusChange.report_id.in_(reports), StatusChange.step.in_(_NEWS))
        .group_by(StatusChange.report_id)
    )
    return {row[0]: row[1] for row in connection.execute(query)}

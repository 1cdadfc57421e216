"""Moments as the contract writes them: W3C's profile of ISO 8601, with a zone and no fractions.

Written in the city's zone. Read liberally: a day alone, fractions, no zone (the city's is meant),
and a `+` that came out of an address as a space.
"""

import re
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from app.errors import Invalid
from reports.city.snapshot import City

_SPACE_FOR_PLUS = re.compile(r" (?=\d\d:?\d\d$)")
_LONGEST = 40
_YEARS = range(1900, 2200)  # beyond them nothing is counted, neither here nor in the database


class BadMoment(Invalid):
    code = "bad-moment"
    vi = "Viết thời điểm như 2026-11-21T08:15:30+07:00, hoặc chỉ ngày như 2026-11-21."
    en = "Write a moment as 2026-11-21T08:15:30+07:00, or a day alone as 2026-11-21."


def zone_of(city: City) -> ZoneInfo:
    return ZoneInfo(city.profile.timezone)


def written(at: datetime | None, zone: tzinfo) -> str | None:
    """2026-11-21T08:15:30+07:00."""
    return None if at is None else at.astimezone(zone).isoformat(timespec="seconds")


def read(text: str, zone: tzinfo, *, field: str) -> datetime:
    """In UTC; a day alone is its midnight in the zone. Raises BadMoment."""
    try:
        if len(text) > _LONGEST:
            raise ValueError
        found = datetime.fromisoformat(_SPACE_FOR_PLUS.sub("+", text.strip()))
        if found.year not in _YEARS:
            raise ValueError
        return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadMoment(field=field) from None

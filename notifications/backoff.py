"""When a letter is tried again, and when it may be sent at all. Pure."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

FIRST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(hours=1)
SLOW_WAIT = timedelta(minutes=15)  # at least, while our own standing with a provider is wrong
MOST_TRIES = 32  # about a day: nine quick ones within 90 minutes, then one an hour


@dataclass(frozen=True, slots=True)
class Hours:
    """From `since` to `until`, local time; over midnight when `since` is later; equal: never."""

    since: time
    until: time


NIGHT = Hours(time(22, 0), time(6, 30))  # for what waits unless the person says otherwise


def wait_before(
    tries: int, *, after: float | None = None, slow: bool = False, chance: Random
) -> timedelta:
    """How long to wait after the `tries`th failure: twice as long each time, at most an hour.

    Spread over the upper half, so that a provider's recovery is not met by everyone at once. What
    the provider asked for (`after`, seconds) is the least, spread by a tenth on top.
    """
    doubled = min(FIRST_WAIT * float(2 ** min(tries - 1, 20)), LONGEST_WAIT)
    if slow:
        doubled = max(doubled, SLOW_WAIT)
    spread = doubled * chance.uniform(0.5, 1.0)
    asked = timedelta(seconds=(after or 0.0) * chance.uniform(1.0, 1.1))
    return max(spread, asked)


def quiet_until(at: datetime, hours: Hours, timezone: str) -> datetime | None:
    """The end of the quiet hours that `at` falls in, in UTC; None outside them."""
    zone = ZoneInfo(timezone)
    local = at.astimezone(zone)
    clock = local.time()
    if hours.since <= hours.until:
        quiet = hours.since <= clock < hours.until
    else:
        quiet = clock >= hours.since or clock < hours.until
    if not quiet:
        return None
    day = local.date() if clock < hours.until else local.date() + timedelta(days=1)
    return datetime.combine(day, hours.until, zone).astimezone(at.tzinfo)

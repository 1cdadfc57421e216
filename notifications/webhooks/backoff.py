"""When an event is tried again, and when an endpoint is given up. Pure.

The waits are those that Standard Webhooks recommends: a few quick ones, then hours, three days in
all. The endpoint itself rests between failures for minutes at most, so that the first success after
an outage is soon found, and what waited behind it leaves at once.
"""

from datetime import datetime, timedelta
from random import Random

#: After the first failure, the second …; after the last of them the event is given up.
WAITS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
MOST_TRIES = len(WAITS) + 1
LONGEST_REST = timedelta(minutes=5)
FIRST_REST = timedelta(seconds=5)
OFF_AFTER = timedelta(days=5)  # without one success …
OFF_DAYS = 4  # … and failures on so many days: one that was asked nothing meanwhile is not away


def wait_before(tries: int, *, after: float | None, chance: Random) -> timedelta | None:
    """How long to wait after the `tries`th failure; None: it is given up. Spread by a fifth; what
    the receiver asked for (`after`, seconds) is the least.
    """
    if tries >= MOST_TRIES:
        return None
    spread = WAITS[max(tries, 1) - 1] * chance.uniform(0.9, 1.1)
    return max(spread, timedelta(seconds=after or 0.0))


def rest_after(failures: int, *, after: float | None = None) -> timedelta:
    """How long an endpoint is asked nothing after so many failures in a row; as long as it asked
    for itself."""
    doubled = min(FIRST_REST * float(2 ** min(failures - 1, 16)), LONGEST_REST)
    return max(doubled, timedelta(seconds=after or 0.0))


def is_given_up(failing_since: datetime | None, failed_days: int, at: datetime) -> bool:
    long = failing_since is not None and at - failing_since >= OFF_AFTER
    return long and failed_days >= OFF_DAYS

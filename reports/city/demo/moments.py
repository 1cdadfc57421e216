"""When invented things happen: in mornings and evenings, more when it rains, and fewer the farther
one looks back, as in a city that has just begun to report.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

DAYS = 60  # of these the demo tells most
YEAR = 395  # days: the leaders' lines are thirteen months long
BEGAN_WITH = 0.2  # a year ago, of what was sent a day when the sixty days began
WETTER = 4.0  # more is sent when it rains
RAINS = ((41, 38), (13, 11))  # days ago, from and to
#: Before the sixty days: days of the year, as Huế's floods of 2025 were.
SEASON = (((10, 27), (11, 3)), ((11, 17), (11, 22)))
_HOURS = (3, 7, 10, 9, 7, 5, 3, 2, 3, 4, 5, 6, 8, 9, 8, 5, 3)  # 6:00 to 22:59


@dataclass(frozen=True, slots=True)
class Moments:
    """Seen from `now`; the same for the same `random`."""

    now: datetime
    zone: ZoneInfo
    random: Random

    def recent(self, count: int) -> Iterator[datetime]:
        """Within the last sixty days."""
        days = range(1, DAYS + 1)
        yield from self._drawn(days, [self._wetness(ago) for ago in days], count)

    def before(self, count: int) -> Iterator[datetime]:
        """Within the year before them: ever more of them."""
        days = range(DAYS + 1, YEAR + 1)
        weights = [self._wetness(ago) * _grown(ago) for ago in days]
        yield from self._drawn(days, weights, count)

    def rained(self, at: datetime) -> bool:
        return self._rainy((self.now - at) / timedelta(days=1))

    def floods(self) -> list[tuple[date, date]]:
        """The spells of rain in all that time: first day and the day after the last."""
        spells: list[tuple[date, date]] = []
        for day in (self._day(ago) for ago in range(YEAR, 0, -1) if self._rainy(ago)):
            after = day + timedelta(days=1)
            if spells and spells[-1][1] == day:
                spells[-1] = (spells[-1][0], after)
            else:
                spells.append((day, after))
        return spells

    def _drawn(self, days: range, weights: list[float], count: int) -> Iterator[datetime]:
        for ago in self.random.choices(days, weights, k=count):
            day = self._day(ago)
            hour = self.random.choices(range(6, 23), _HOURS)[0]
            minute, second = self.random.randrange(60), self.random.randrange(60)
            local = datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=self.zone)
            yield min(local.astimezone(UTC), self.now - timedelta(minutes=20))

    def _wetness(self, ago: int) -> float:
        return WETTER if self._rainy(ago) else 1.0

    def _rainy(self, ago: float) -> bool:
        if ago <= DAYS:
            return any(since >= ago >= until for since, until in RAINS)
        day = self._day(ago)
        return any(since <= (day.month, day.day) <= until for since, until in SEASON)

    def _day(self, ago: float) -> date:
        return (self.now - timedelta(days=ago)).astimezone(self.zone).date()


def _grown(ago: int) -> float:
    """How many are sent a day so many days ago, as a share of the last sixty days' beginning."""
    return BEGAN_WITH + (1 - BEGAN_WITH) * (YEAR - ago) / (YEAR - DAYS)

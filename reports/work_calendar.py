"""When a city works: seasons of working hours, public holidays, and late corrections to them.

Pure. `reports.deadlines` counts with it; the rows it is made from are `reports.city`'s. Local time
lives here alone: every moment that comes in or goes out is aware, and goes out in UTC.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from itertools import accumulate, pairwise
from math import floor
from zoneinfo import ZoneInfo

Span = tuple[time, time]

FIRST_YEAR, LAST_YEAR = 1970, 2200  # beyond these a moment is a mistake, not a deadline


class NoWorkingTime(ValueError):
    """The calendar holds no working time where some was looked for: its seasons are wrong."""


@dataclass(frozen=True, slots=True)
class Season:
    """Working hours from a day on, in some months, on some weekdays (Monday is 0).

    For each month the newest season that has begun counts, and hides older ones of that month.
    """

    valid_from: date
    months: frozenset[int]
    weekdays: frozenset[int]
    spans: tuple[Span, ...]  # local time, in order, within one day

    def __post_init__(self) -> None:
        moments = [moment for span in self.spans for moment in span]
        if any(later <= earlier for earlier, later in pairwise(moments)):
            raise ValueError(f"working hours must follow each other within a day: {moments}")
        if not self.months <= set(range(1, 13)) or not self.weekdays <= set(range(7)):
            raise ValueError("months are 1 to 12, weekdays 0 (Monday) to 6")

    @classmethod
    def read(
        cls,
        valid_from: date,
        months: Iterable[int],
        weekdays: Iterable[int],
        spans: Iterable[Iterable[str]],
    ) -> "Season":
        """From what is stored: `spans` is [["07:30", "11:30"], …]."""
        times = tuple(tuple(time.fromisoformat(text) for text in span) for span in spans)
        if any(len(span) != 2 for span in times):
            raise ValueError("each span of working hours has a start and an end")
        pairs = tuple((span[0], span[1]) for span in times)
        return cls(valid_from, frozenset(months), frozenset(weekdays), pairs)


@dataclass(frozen=True, slots=True)
class Timeline:
    """All working spans of some years, in whole seconds since 1970, ready to be searched."""

    years: range
    start: int
    end: int  # exclusive
    opens: list[int]
    closes: list[int]
    before: list[int]  # seconds worked before each span
    after: list[int]  # and once it is over
    days: list[int]  # working days, as ordinals
    days_close: list[int]

    def worked(self, at: int) -> int:
        """Seconds worked from the timeline's start to this moment."""
        last = bisect_right(self.opens, at) - 1
        if last < 0:
            return 0
        return self.before[last] + min(at, self.closes[last]) - self.opens[last]

    def earliest(self, worked: int) -> int | None:
        """The first moment by which so much was worked: at a closing, not the next opening."""
        span = bisect_left(self.after, worked)
        if span == len(self.after):
            return None
        return self.opens[span] + worked - self.before[span]

    def latest(self, worked: int) -> int | None:
        """The last moment by which no more was worked: at an opening, not the closing before."""
        span = bisect_right(self.before, worked) - 1
        if span < 0 or worked < 0:
            return None
        return self.opens[span] + worked - self.before[span]


_NOTHING = Timeline(range(0), 0, 0, [], [], [], [], [], [])


@dataclass(frozen=True)
class WorkCalendar:
    """A city's working time. Corrections win over holidays, holidays over seasons.

    `corrections` says True for a day that is worked all the same (a Saturday worked instead takes
    the hours of that season's Monday), False for an extra day off. Before the first season begins,
    that season counts.
    """

    timezone: str
    seasons: tuple[Season, ...]
    holidays: frozenset[date] = frozenset()
    corrections: Mapping[date, bool] = field(default_factory=dict, hash=False)
    # Threads may each build a timeline and the last one stays: both are right.
    _held: list[Timeline] = field(
        default_factory=lambda: [_NOTHING], init=False, repr=False, compare=False
    )

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def local_day(self, at: datetime) -> date:
        """The day it is in the city."""
        return at.astimezone(self.zone).date()

    def spans_on(self, day: date) -> tuple[Span, ...]:
        """The working hours of one day, none on a day off."""
        correction = self.corrections.get(day)
        if correction is False or (correction is None and day in self.holidays):
            return ()
        seasons = self._seasons_on(day)
        own = [season for season in seasons if day.weekday() in season.weekdays]
        if correction and not own:
            own = sorted(seasons, key=lambda season: min(season.weekdays, default=7))[:1]
        return _joined(span for season in own for span in season.spans)

    def closes_at(self, day: date) -> datetime | None:
        """When work ends on that day; None on a day off."""
        spans = self.spans_on(day)
        return self._moment(day, spans[-1][1]) if spans else None

    def timeline(self, since: int, until: int) -> Timeline:
        """A timeline that holds both moments, with a year to spare on each side."""
        held = self._held[0]
        if held.start <= since and until < held.end:
            return held
        first, last = moment_of(since).year, moment_of(until).year
        if first < FIRST_YEAR or last > LAST_YEAR:
            raise ValueError(f"the calendar counts from {FIRST_YEAR} to {LAST_YEAR}")
        years = held.years or range(first, last + 1)
        return self._hold(min(first - 1, years[0]), max(last + 1, years[-1]))

    def wider(self, line: Timeline) -> Timeline:
        """The same with as many years again on each side, until the calendar's ends."""
        first, last, more = line.years[0], line.years[-1], len(line.years)
        if first < FIRST_YEAR and last > LAST_YEAR:
            raise NoWorkingTime("no working time is left in the calendar: look at its seasons")
        return self._hold(max(FIRST_YEAR - 1, first - more), min(LAST_YEAR + 1, last + more))

    def _hold(self, first: int, last: int) -> Timeline:
        self._held[0] = line = _build(self, range(first, last + 1))
        return line

    def _seasons_on(self, day: date) -> list[Season]:
        of_month = [season for season in self.seasons if day.month in season.months]
        begun = [season.valid_from for season in of_month if season.valid_from <= day]
        first = min((season.valid_from for season in of_month), default=day)
        in_force = max(begun, default=first)
        return [season for season in of_month if season.valid_from == in_force]

    def _moment(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, tzinfo=self.zone).astimezone(UTC)


def whole_seconds(at: datetime) -> int:
    """Seconds since 1970, the fraction cut off: deadlines know no fractions."""
    if at.tzinfo is None:
        raise ValueError("a moment needs its zone")
    return floor(at.timestamp())


def moment_of(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _build(calendar: WorkCalendar, years: range) -> Timeline:
    opens, closes, days, days_close = [], [], [], []
    zone = calendar.zone
    first, end = date(years[0], 1, 1), date(years[-1] + 1, 1, 1)
    for number in range((end - first).days):
        day = first + timedelta(days=number)
        spans = calendar.spans_on(day)
        for opening, closing in spans:
            opens.append(int(datetime.combine(day, opening, tzinfo=zone).timestamp()))
            closes.append(int(datetime.combine(day, closing, tzinfo=zone).timestamp()))
        if spans:
            days.append(day.toordinal())
            days_close.append(closes[-1])
    after = list(accumulate(ends - begins for begins, ends in zip(opens, closes, strict=True)))
    start, stop = (int(datetime(day.year, 1, 1, tzinfo=zone).timestamp()) for day in (first, end))
    before = [0, *after[:-1]] if after else []
    return Timeline(years, start, stop, opens, closes, before, after, days, days_close)


def _joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """In order, with those that overlap made one."""
    joined: list[Span] = []
    for start, stop in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(stop, joined[-1][1]))
        else:
            joined.append((start, stop))
    return tuple(joined)

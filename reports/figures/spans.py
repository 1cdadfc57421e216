"""A range of days as whole months, quarters and years, whose figures are kept in roll-ups, and the
days at its edges, which are counted report by report. Pure.
"""

from dataclasses import dataclass
from datetime import date

from reports.figures.periods import Kind, Period, containing

BEGINNING = date(1900, 1, 1)  # before any report: a range without a first day begins here
_LONGEST_FIRST = (Kind.YEAR, Kind.QUARTER, Kind.MONTH)


@dataclass(frozen=True, slots=True)
class Part:
    """Neighbours of one kind together: `since` is the first one's first day. Of the kind `days` it
    is counted from facts."""

    kind: Kind
    since: date
    until: date

    @property
    def is_one(self) -> bool:
        """One month, quarter or year, or days that are counted together: then a median is known."""
        return self.kind is Kind.DAYS or containing(self.kind, self.since).until == self.until


def parts(since: date | None, until: date | None, *, today: date) -> list[Part]:
    """The fewest parts of a range of half-open days. None is no bound.

    Nothing is received after today, so a range that reaches beyond today ends with the month,
    quarter or year of today, whichever makes the fewest parts: what has begun is taken as it is.
    """
    start = since or BEGINNING
    if until is not None and until <= today:
        return _split(start, until)
    if start > today:
        return []
    ends = [containing(kind, today).until for kind in reversed(_LONGEST_FIRST)]
    return min((_split(start, end) for end in ends), key=len)


def _split(start: date, end: date) -> list[Part]:
    found: list[Part] = []
    while start < end:
        one = _largest(start, end)
        if found and found[-1].kind is one.kind:
            one = Part(one.kind, found.pop().since, one.until)
        found.append(one)
        start = one.until
    return found


def _largest(start: date, end: date) -> Part:
    """The largest whole one that begins here and fits; else the days up to the next month."""
    if start == BEGINNING:
        return _years(start, end)
    for kind in _LONGEST_FIRST:
        whole = containing(kind, start)
        if whole.since == start and whole.until <= end:
            return Part(kind, start, whole.until)
    return Part(Kind.DAYS, start, min(containing(Kind.MONTH, start).until, end))


def _years(start: date, end: date) -> Part:
    return Part(Kind.YEAR, start, max(date(end.year, 1, 1), containing(Kind.YEAR, start).until))


def period_of(since: date | None, until: date | None) -> Period | None:
    """The range as a period, where both its ends are known."""
    return Period(since, until) if since and until and since < until else None

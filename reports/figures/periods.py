"""Periods that figures are about: half-open days in the city's zone, and what each is held against.

Pure. `docs/figures.md`, "Comparing", states the rules in words, with worked examples.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from reports.spoken import MONTHS_EN
from reports.work_calendar import WorkCalendar

DAY = timedelta(days=1)
_MONTH, _QUARTER = re.compile(r"(\d{4})-(\d{2})"), re.compile(r"(\d{4})-Q([1-4])")
_YEAR, _DAYS = re.compile(r"\d{4}"), re.compile(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})")


class Kind(StrEnum):
    """What a period is by its shape. Months, quarters and years have roll-ups of their own."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    DAYS = "days"


class Compare(StrEnum):
    BEFORE = "before"  # the period directly before
    YEAR = "year"  # the same one a year earlier
    NONE = "none"


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The days from `since` up to, and without, `until`."""

    since: date
    until: date

    def __post_init__(self) -> None:
        if self.until <= self.since:
            raise ValueError(f"a period has one day at least: {self.since} to {self.until}")

    @property
    def days(self) -> int:
        return (self.until - self.since).days

    @property
    def last(self) -> date:
        return self.until - DAY

    @property
    def kind(self) -> Kind:
        for kind in (Kind.MONTH, Kind.QUARTER, Kind.YEAR):
            if self == containing(kind, self.since):
                return kind
        return Kind.DAYS

    @property
    def code(self) -> str:
        """2026-11, 2026-Q4, 2026, or 2026-11-02..2026-11-09 with the last day after the dots."""
        match self.kind:
            case Kind.MONTH:
                return f"{self.since:%Y-%m}"
            case Kind.QUARTER:
                return f"{self.since.year:04}-Q{quarter_of(self.since)}"
            case Kind.YEAR:
                return f"{self.since.year:04}"
        return f"{self.since}..{self.last}"

    def holds(self, day: date) -> bool:
        return self.since <= day < self.until

    def name(self, locale: str) -> str:
        """tháng 11/2026, quý 4/2026, năm 2026, 2/11 – 8/11/2026; November 2026, Q4 2026, …"""
        return _name_vi(self) if locale == "vi" else _name_en(self)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Which days are held against which. `base` is the period itself, or the part of it that is
    over; `unfinished` says so."""

    how: Compare
    base: Period
    past: Period
    unfinished: bool
    working_days: int
    past_working_days: int

    def words(self, locale: str) -> str:
        """so với tháng 10/2026; so với cùng 10 ngày làm việc trước đó (1/10 – 14/10/2026)."""
        past = self.past.name(locale)
        if not self.unfinished:
            return f"so với {past}" if locale == "vi" else f"against {past}"
        same = self.working_days == self.past_working_days
        told = _same_days if same else _fewer_days
        return told(self.past_working_days, past, self.how, locale)


def _same_days(days: int, past: str, how: Compare, locale: str) -> str:
    if locale == "vi":
        when = "một năm trước" if how is Compare.YEAR else "trước đó"
        return f"so với cùng {days} ngày làm việc {when} ({past})"
    when = "a year before" if how is Compare.YEAR else "before"
    return f"against the same {_working_days_en(days)} {when} ({past})"


def _fewer_days(days: int, past: str, _how: Compare, locale: str) -> str:
    if locale == "vi":
        return f"so với {past}, chỉ có {days} ngày làm việc"
    return f"against {past}, which had only {_working_days_en(days)}"


def _working_days_en(days: int) -> str:
    return "1 working day" if days == 1 else f"{days} working days"


def month(year: int, number: int) -> Period:
    """Numbers beyond 1 to 12 count on into other years: month(2026, 0) is December 2025."""
    return Period(_first(year, number), _first(year, number + 1))


def quarter(year: int, number: int) -> Period:
    return Period(_first(year, number * 3 - 2), _first(year, number * 3 + 1))


def year(number: int) -> Period:
    return Period(date(number, 1, 1), date(number + 1, 1, 1))


def quarter_of(day: date) -> int:
    return (day.month + 2) // 3


def containing(kind: Kind, day: date) -> Period:
    """The month, quarter or year of a day; the day alone for days."""
    match kind:
        case Kind.MONTH:
            return month(day.year, day.month)
        case Kind.QUARTER:
            return quarter(day.year, quarter_of(day))
        case Kind.YEAR:
            return year(day.year)
    return Period(day, day + DAY)


def read_code(text: str) -> Period:
    """The period of a `code`. Raises ValueError for anything else."""
    if found := _MONTH.fullmatch(text):
        if not 1 <= int(found[2]) <= 12:
            raise ValueError(f"there is no month {text}")
        return month(int(found[1]), int(found[2]))
    if found := _QUARTER.fullmatch(text):
        return quarter(int(found[1]), int(found[2]))
    if _YEAR.fullmatch(text):
        return year(int(text))
    if found := _DAYS.fullmatch(text):
        return Period(date.fromisoformat(found[1]), date.fromisoformat(found[2]) + DAY)
    raise ValueError(f"{text!r} is no period such as 2026-11, 2026-Q4, 2026")


def before(period: Period) -> Period:
    """The month, quarter or year before; for other days as many directly before."""
    if period.kind is Kind.DAYS:
        return Period(period.since - (period.until - period.since), period.since)
    return containing(period.kind, period.since - DAY)


def a_year_before(period: Period) -> Period:
    """The same month, quarter, year or days of the year before; 29 February counts as the 28th."""
    if period.kind is Kind.DAYS:
        return Period(_year_less(period.since), _year_less(period.last) + DAY)
    return containing(period.kind, _year_less(period.since))


def comparison(
    period: Period, how: Compare, *, today: date, calendar: WorkCalendar
) -> Comparison | None:
    """What a period is held against on a day; None where there is nothing fair to hold it against.

    A period that is not over is compared by its days that are over, against the same number of
    working days from the beginning of the other period. The days off that follow the last of
    these belong to it as far as this period has had as many.
    """
    if how is Compare.NONE:
        return None
    other = before(period) if how is Compare.BEFORE else a_year_before(period)
    if period.until <= today:
        worked, past_worked = working_days(period, calendar), working_days(other, calendar)
        return Comparison(how, period, other, False, worked, past_worked)
    if today <= period.since:
        return None
    base = Period(period.since, today)
    worked = working_days(base, calendar)
    if worked == 0:
        return None
    past = _first_working_days(other, worked, _days_off_at_end(base, calendar), calendar)
    return Comparison(how, base, past, True, worked, working_days(past, calendar))


def working_days(period: Period, calendar: WorkCalendar) -> int:
    return sum(bool(calendar.spans_on(day)) for day in days_of(period))


def days_of(period: Period) -> Iterator[date]:
    for number in range(period.days):
        yield period.since + timedelta(days=number)


def weeks_of(period: Period) -> list[date]:
    """The Mondays of the weeks that a period touches."""
    first = period.since - timedelta(days=period.since.weekday())
    return [first + timedelta(days=n) for n in range(0, (period.last - first).days + 1, 7)]


def months_of(period: Period) -> list[date]:
    """The first days of the months that a period touches."""
    count = (period.last.year - period.since.year) * 12 + period.last.month - period.since.month
    return [_first(period.since.year, period.since.month + n) for n in range(count + 1)]


def months_until(day: date, count: int) -> Period:
    """So many whole months, the last of them that of the day: 13 show a year and its beginning."""
    return Period(_first(day.year, day.month - count + 1), _first(day.year, day.month + 1))


def _first_working_days(
    period: Period, count: int, days_off: int, calendar: WorkCalendar
) -> Period:
    days = list(days_of(period))
    works = [bool(calendar.spans_on(day)) for day in days]
    so_far = [sum(works[: number + 1]) for number in range(len(days))]
    end = min(bisect_left(so_far, count) + 1, len(days))
    while days_off and end < len(days) and not works[end]:
        end, days_off = end + 1, days_off - 1
    return Period(period.since, period.since + timedelta(days=end))


def _days_off_at_end(period: Period, calendar: WorkCalendar) -> int:
    off = 0
    while off < period.days and not calendar.spans_on(period.last - timedelta(days=off)):
        off += 1
    return off


def _first(year: int, month: int) -> date:
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)


def _year_less(day: date) -> date:
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if leap else day.day)


def _name_vi(period: Period) -> str:
    first, last = period.since, period.last
    match period.kind:
        case Kind.MONTH:
            return f"tháng {first.month}/{first.year}"
        case Kind.QUARTER:
            return f"quý {quarter_of(first)}/{first.year}"
        case Kind.YEAR:
            return f"năm {first.year}"
    end = f"{last.day}/{last.month}/{last.year}"
    if first == last:
        return f"ngày {end}"
    start = f"{first.day}/{first.month}"
    return f"{start}{'' if first.year == last.year else f'/{first.year}'} – {end}"


def _name_en(period: Period) -> str:
    first, last = period.since, period.last
    match period.kind:
        case Kind.MONTH:
            return f"{MONTHS_EN[first.month - 1]} {first.year}"
        case Kind.QUARTER:
            return f"Q{quarter_of(first)} {first.year}"
        case Kind.YEAR:
            return f"{first.year}"
    end = f"{last.day} {MONTHS_EN[last.month - 1]} {last.year}"
    if first == last:
        return end
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{end}"
    start = f"{first.day} {MONTHS_EN[first.month - 1]}"
    return f"{start}{'' if first.year == last.year else f' {first.year}'} – {end}"

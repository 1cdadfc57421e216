"""Deadlines counted again, the slow way: one mark for each minute of ten years, counted one by one.

The marks are laid from the rules in words, without the code under test: hours written out below,
days off asked of `holidays` itself, the city a fixed seven hours ahead of UTC.
"""

from datetime import UTC, date, datetime, timedelta

import holidays
import pytest
from hue_hours import CORRECTIONS, hue_calendar
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reports.deadlines import (
    add_working_seconds,
    due_after_days,
    due_after_hours,
    is_working,
    working_seconds_between,
)

FIRST, LAST = date(2019, 12, 1), date(2031, 6, 30)
ZERO = datetime(2019, 11, 30, 17, tzinfo=UTC)  # midnight in Huế before the first day
DAY = 24 * 60
CALENDAR = hue_calendar()
DAYS_OFF = frozenset(holidays.country_holidays("VN", years=range(2019, 2032)))
TETS = (
    *("2020-01-25", "2021-02-12", "2022-02-01", "2023-01-22", "2024-02-10", "2025-01-29"),
    *("2026-02-17", "2027-02-06", "2028-01-26", "2029-02-13", "2030-02-03"),
)


def marks_of(day: date) -> bytes:
    """1440 marks: 1 while the city is at work."""
    works = day.weekday() < 5 and day not in DAYS_OFF
    if not CORRECTIONS.get(day, works):
        return bytes(DAY)
    noon_ends = 13 * 60 + 30 if 4 <= day.month <= 9 else 13 * 60
    return bytes(
        450 <= minute < 690 or noon_ends <= minute < noon_ends + 240 for minute in range(DAY)
    )


DAYS = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]
MARKS = b"".join(marks_of(day) for day in DAYS)


def moment(minute: int) -> datetime:
    return ZERO + timedelta(minutes=minute)


def minute_of(day: str) -> int:
    return (date.fromisoformat(day) - FIRST).days * DAY


def walk(minute: int, worked: int) -> int:
    """The minute at whose end so many minutes were worked; backwards when negative."""
    step = 1 if worked > 0 else -1
    left = abs(worked)
    while left:
        left -= MARKS[minute if step > 0 else minute - 1]
        minute += step
    return minute


def slow_days(minute: int, days: int) -> int:
    """The end of the last working minute of the n-th later day that has any."""
    number = minute // DAY
    while days:
        number += 1
        days -= any(MARKS[number * DAY : (number + 1) * DAY])
    return number * DAY + MARKS[number * DAY : (number + 1) * DAY].rindex(1) + 1


anywhere = st.integers(minute_of("2020-01-01"), minute_of("2030-12-31"))
round_tet = st.builds(
    lambda tet, days, minute: minute_of(tet) + days * DAY + minute,
    st.sampled_from(TETS),
    st.integers(-20, 12),
    st.integers(0, DAY - 1),
)
edges = st.builds(
    lambda number, minute: number * DAY + minute,
    st.integers(40, len(DAYS) - 200),
    st.sampled_from([0, 449, 450, 451, 689, 690, 691, 779, 780, 809, 810, 1019, 1020, 1049, 1050]),
)
minutes = anywhere | round_tet | edges
EVE_OF_TET = minute_of("2026-02-16") + 18 * 60


@settings(max_examples=600, deadline=None)
@given(minute=minutes, hours=st.integers(1, 120))
@example(minute=EVE_OF_TET, hours=8)
def test_hours_equal_the_slow_count(minute: int, hours: int) -> None:
    answer = due_after_hours(CALENDAR, moment(minute), hours)

    assert answer == moment(walk(minute, hours * 60))


@settings(max_examples=600, deadline=None)
@given(minute=minutes, days=st.integers(1, 40))
@example(minute=EVE_OF_TET, days=7)
def test_days_equal_the_slow_count(minute: int, days: int) -> None:
    answer = due_after_days(CALENDAR, moment(minute), days)

    assert answer == moment(slow_days(minute, days))


@settings(max_examples=600, deadline=None)
@given(minute=minutes, worked=st.integers(-9_000, 9_000).filter(bool))
def test_added_time_equals_the_slow_count(minute: int, worked: int) -> None:
    answer = add_working_seconds(CALENDAR, moment(minute), worked * 60)

    assert answer == moment(walk(minute, worked))


@settings(max_examples=600, deadline=None)
@given(start=minutes, end=minutes)
def test_time_between_equals_the_slow_count(start: int, end: int) -> None:
    answer = working_seconds_between(CALENDAR, moment(start), moment(end))

    counted = MARKS[min(start, end) : max(start, end)].count(1) * 60
    assert answer == (counted if start <= end else -counted)


@settings(max_examples=600, deadline=None)
@given(minute=minutes, second=st.integers(0, 59), seconds=st.integers(-2_000_000, 2_000_000))
def test_adding_and_measuring_undo_each_other(minute: int, second: int, seconds: int) -> None:
    start = moment(minute) + timedelta(seconds=second)

    end = add_working_seconds(CALENDAR, start, seconds)

    assert working_seconds_between(CALENDAR, start, end) == seconds


@settings(max_examples=300, deadline=None)
@given(minute=minutes)
def test_being_at_work_equals_the_mark_of_that_minute(minute: int) -> None:
    assert is_working(CALENDAR, moment(minute)) is bool(MARKS[minute])


@pytest.mark.parametrize("tet", TETS)
def test_every_tet_hour_by_hour(tet: str) -> None:
    start = minute_of(tet) - 14 * DAY
    for minute in range(start, start + 24 * DAY, 60):
        at = moment(minute)
        assert due_after_days(CALENDAR, at, 7) == moment(slow_days(minute, 7)), at
        assert due_after_hours(CALENDAR, at, 8) == moment(walk(minute, 480)), at
        assert add_working_seconds(CALENDAR, at, -7200) == moment(walk(minute, -120)), at


def test_every_day_of_ten_years_has_the_same_working_time() -> None:
    for number, day in enumerate(DAYS[31:-150], start=31):
        counted = MARKS[number * DAY : (number + 1) * DAY].count(1) * 60
        start = moment(number * DAY)
        assert working_seconds_between(CALENDAR, start, start + timedelta(days=1)) == counted, day

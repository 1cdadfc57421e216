"""Which days are held against which: the examples of docs/figures.md, and the rules that hold for
any day."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.figures.periods import (
    DAY,
    Compare,
    Kind,
    Period,
    a_year_before,
    before,
    comparison,
    containing,
    month,
    months_of,
    months_until,
    quarter,
    read_code,
    weeks_of,
    working_days,
    year,
)
from tests.rules.hue_hours import hue_calendar

CALENDAR = hue_calendar()
PAGE = Path(__file__).parents[2] / "docs" / "figures.md"
DAYS = st.dates(date(2020, 1, 1), date(2031, 12, 31))


def examples() -> list[list[str]]:
    section = PAGE.read_text().partition("## Comparing")[2].partition("\n## ")[0]
    rows = [line.strip("|\n ").split("|") for line in section.splitlines() if line[:3] == "| 2"]
    return [[cell.strip() for cell in row] for row in rows]


@pytest.mark.parametrize("row", examples(), ids=lambda row: f"{row[0]} on {row[1]}, {row[2]}")
def test_the_examples_of_the_page_hold(row: list[str]) -> None:
    code, today, how, *told = row

    found = comparison(
        read_code(code), Compare(how), today=date.fromisoformat(today), calendar=CALENDAR
    )

    if told[0] == "–":
        assert found is None
        return
    assert found is not None
    assert told == [
        found.base.code, str(found.working_days), found.past.code, str(found.past_working_days),
    ]  # fmt: skip


def test_the_page_has_its_examples() -> None:
    assert len(examples()) >= 12


def test_a_period_is_told_by_its_name_in_both_languages() -> None:
    told = [
        (period.name("vi"), period.name("en"))
        for period in (
            month(2026, 11), quarter(2026, 4), year(2026),
            Period(date(2026, 11, 2), date(2026, 11, 9)),
            Period(date(2026, 10, 26), date(2026, 11, 2)),
            Period(date(2025, 12, 29), date(2026, 1, 5)),
            Period(date(2026, 11, 2), date(2026, 11, 3)),
        )
    ]  # fmt: skip

    assert told == [
        ("tháng 11/2026", "November 2026"),
        ("quý 4/2026", "Q4 2026"),
        ("năm 2026", "2026"),
        ("2/11 – 8/11/2026", "2–8 November 2026"),
        ("26/10 – 1/11/2026", "26 October – 1 November 2026"),
        ("29/12/2025 – 4/1/2026", "29 December 2025 – 4 January 2026"),
        ("ngày 2/11/2026", "2 November 2026"),
    ]


def test_what_a_period_is_held_against_is_said_in_both_languages() -> None:
    november, today = month(2026, 11), date(2026, 11, 16)
    cases = [
        (month(2026, 10), Compare.BEFORE, today),
        (november, Compare.BEFORE, today),
        (november, Compare.YEAR, today),
        (month(2026, 3), Compare.BEFORE, date(2026, 3, 31)),
    ]

    said = [
        (found.words("vi"), found.words("en"))
        for period, how, on in cases
        if (found := comparison(period, how, today=on, calendar=CALENDAR))
    ]

    assert said == [
        ("so với tháng 9/2026", "against September 2026"),
        ("so với cùng 10 ngày làm việc trước đó (1/10 – 14/10/2026)",
         "against the same 10 working days before (1–14 October 2026)"),
        ("so với cùng 10 ngày làm việc một năm trước (1/11 – 16/11/2025)",
         "against the same 10 working days a year before (1–16 November 2025)"),
        ("so với tháng 2/2026, chỉ có 15 ngày làm việc",
         "against February 2026, which had only 15 working days"),
    ]  # fmt: skip


@pytest.mark.parametrize("code", ["2026-13", "2026-00", "2026-Q5", "11/2026", "", "2026-11-31"])
def test_a_code_of_no_period_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_code(code)


def test_a_period_without_a_day_is_none() -> None:
    with pytest.raises(ValueError, match="one day at least"):
        Period(date(2026, 11, 2), date(2026, 11, 2))


def test_the_29th_of_february_was_the_28th_a_year_before() -> None:
    leap = Period(date(2028, 2, 29), date(2028, 3, 2))

    assert a_year_before(leap) == Period(date(2027, 2, 28), date(2027, 3, 2))
    assert a_year_before(month(2028, 2)) == month(2027, 2)


def test_thirteen_months_end_with_that_of_the_day() -> None:
    period = months_until(date(2026, 1, 31), 13)

    assert period == Period(date(2025, 1, 1), date(2026, 2, 1))
    assert len(months_of(period)) == 13


@given(DAYS, st.sampled_from([Kind.MONTH, Kind.QUARTER, Kind.YEAR]))
def test_whole_periods_follow_each_other_without_a_gap(day: date, kind: Kind) -> None:
    period = containing(kind, day)

    assert period.holds(day)
    assert period.kind is kind
    assert before(period).until == period.since
    assert read_code(period.code) == period
    assert a_year_before(period).kind is kind


@given(DAYS, st.integers(1, 120))
def test_any_days_are_found_by_their_code(since: date, days: int) -> None:
    period = Period(since, since + timedelta(days=days))

    assert read_code(period.code) == period
    assert weeks_of(period)[0] <= since
    assert all(monday.weekday() == 0 for monday in weeks_of(period))
    assert weeks_of(period)[-1] <= period.last < weeks_of(period)[-1] + timedelta(days=7)


@given(DAYS, st.sampled_from(list(Kind)), st.sampled_from([Compare.BEFORE, Compare.YEAR]))
def test_an_unfinished_period_is_held_against_as_many_working_days(
    today: date, kind: Kind, how: Compare
) -> None:
    period = containing(kind, today)

    found = comparison(period, how, today=today, calendar=CALENDAR)

    over = Period(period.since, today) if today > period.since else None
    if over is None or not working_days(over, CALENDAR):
        assert found is None
        return
    assert found is not None
    assert found.unfinished
    assert found.base == over
    other = before(period) if how is Compare.BEFORE else a_year_before(period)
    assert found.past.since == other.since
    assert found.past.until <= other.until
    wanted = min(working_days(over, CALENDAR), working_days(other, CALENDAR))
    assert working_days(found.past, CALENDAR) == wanted


@given(DAYS)
def test_days_off_at_the_end_are_added_as_far_as_this_period_has_them(today: date) -> None:
    found = comparison(
        containing(Kind.MONTH, today), Compare.BEFORE, today=today, calendar=CALENDAR
    )

    if found is None or found.past.until == before(containing(Kind.MONTH, today)).until:
        return
    assert off_at_end(found.past) <= off_at_end(found.base)
    if off_at_end(found.past) < off_at_end(found.base):
        assert CALENDAR.spans_on(found.past.until)  # the next one is worked


def off_at_end(period: Period) -> int:
    day, off = period.last, 0
    while day >= period.since and not CALENDAR.spans_on(day):
        day, off = day - DAY, off + 1
    return off

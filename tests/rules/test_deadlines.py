"""The rules of docs/deadlines.md: the page's own examples, and what lies between them."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hue_hours import HUE, SUMMER, WINTER, hue_calendar, in_hue

from reports.city.values import Category
from reports.deadlines import (
    add_working_seconds,
    due_after_days,
    due_after_hours,
    due_at,
    is_working,
    term_of,
    working_days_between,
    working_seconds_between,
)
from reports.work_calendar import NoWorkingTime, Season, WorkCalendar

PAGE = (Path(__file__).parents[2] / "docs" / "deadlines.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^\| (\w{3} \S+ \S+) \| (.+?) \| (\w{3} \S+ \S+) \|", PAGE, re.MULTILINE)
REAL_ONES = re.findall(r"^\| (\w{3} \S+ \S+) \| (\w{3} \S+) \|", PAGE, re.MULTILINE)
CALENDAR = hue_calendar()


def read(text: str) -> datetime:
    """Fri 2026-11-06 10:00, the weekday checked too."""
    weekday, moment = text.split(" ", 1)
    assert datetime.fromisoformat(moment).strftime("%a") == weekday, text
    return in_hue(moment)


def due(start: datetime, term: str) -> datetime:
    amount, _, unit = term.partition(" ")
    if term == "urgent":
        return due_by(category(), start, start, urgent=True)
    if unit.startswith("hour"):
        return due_by(category(hours=int(amount)), start, start, urgent=False)
    return due_by(category(days=int(amount)), start, start, urgent=False)


def due_by(kind: Category, accepted: datetime, sent: datetime, *, urgent: bool) -> datetime:
    """The deadline of a report of a kind: by its term, as the house works it out."""
    term = term_of(kind, urgent=urgent)
    return due_at(CALENDAR, term, submitted_at=sent, accepted_at=accepted)


def category(days: int | None = None, hours: int | None = None) -> Category:
    return Category(1, "x", "x", "x", deadline_days=days, deadline_hours=hours)


@pytest.mark.parametrize(("start", "term", "expected"), EXAMPLES)
def test_the_page_s_examples_hold(start: str, term: str, expected: str) -> None:
    assert due(read(start), term) == read(expected)


def test_the_page_has_all_its_examples() -> None:
    assert len(EXAMPLES) == 21
    assert len(REAL_ONES) == 3


@pytest.mark.parametrize(("sent", "expected"), REAL_ONES)
def test_hue_s_own_deadlines_come_out_the_same(sent: str, expected: str) -> None:
    answer = due_by(category(days=7), read(sent), read(sent), urgent=False)

    assert answer.astimezone(HUE).strftime("%a %Y-%m-%d") == expected
    assert answer == CALENDAR.closes_at(answer.astimezone(HUE).date())


def test_the_page_s_example_of_waiting_holds() -> None:
    asked, answered = in_hue("2026-11-10 10:00"), in_hue("2026-11-12 15:00")

    waited = working_seconds_between(CALENDAR, asked, answered)

    assert waited == 19.5 * 3600
    moved = add_working_seconds(CALENDAR, in_hue("2026-11-17 17:00"), waited)
    assert moved == in_hue("2026-11-20 11:00")


def test_an_urgent_report_sent_on_the_eve_of_tet_at_18_is_due_at_22() -> None:
    sent = in_hue("2026-02-16 18:00")

    assert due_by(category(days=7), sent, sent, urgent=True) == in_hue("2026-02-16 22:00")


def test_urgent_counts_from_sending_and_the_rest_from_acceptance() -> None:
    sent, accepted = in_hue("2026-11-06 10:00"), in_hue("2026-11-09 10:00")

    assert due_by(category(), accepted, sent, urgent=True) == in_hue("2026-11-06 14:00")
    assert due_by(category(hours=1), accepted, sent, urgent=False) == in_hue("2026-11-09 11:00")


def test_a_category_that_says_nothing_gives_seven_days() -> None:
    start = in_hue("2026-11-06 10:00")

    answer = due_by(category(), start, start, urgent=False)

    assert answer == due_after_days(CALENDAR, start, 7)


def test_hours_go_before_days() -> None:
    start = in_hue("2026-11-06 08:00")

    answer = due_by(category(days=7, hours=2), start, start, urgent=False)

    assert answer == in_hue("2026-11-06 10:00")


def test_half_an_hour_can_be_given() -> None:
    answer = due_after_hours(CALENDAR, in_hue("2026-11-06 08:00"), 0.5)

    assert answer == in_hue("2026-11-06 08:30")


def test_answers_are_in_utc_and_in_whole_seconds() -> None:
    start = datetime(2026, 11, 6, 10, 0, 0, 999_999, tzinfo=HUE)

    for answer in (
        due_after_days(CALENDAR, start, 1),
        due_after_hours(CALENDAR, start, 1),
        add_working_seconds(CALENDAR, start, 0),
    ):
        assert answer.tzinfo is UTC
        assert answer.microsecond == 0


def test_nothing_added_is_the_same_moment_even_at_night() -> None:
    night = in_hue("2026-11-07 23:00")

    assert add_working_seconds(CALENDAR, night, 0) == night


def test_time_taken_away_ends_at_an_opening() -> None:
    noon = in_hue("2026-11-06 15:00")

    assert add_working_seconds(CALENDAR, noon, -2 * 3600) == in_hue("2026-11-06 13:00")
    assert add_working_seconds(CALENDAR, noon, -3 * 3600) == in_hue("2026-11-06 10:30")


def test_working_time_is_negative_when_the_end_comes_first() -> None:
    early, late = in_hue("2026-11-06 10:00"), in_hue("2026-11-09 10:00")

    assert working_seconds_between(CALENDAR, early, late) == 8 * 3600
    assert working_seconds_between(CALENDAR, late, early) == -8 * 3600
    assert working_days_between(CALENDAR, date(2026, 11, 6), date(2026, 11, 9)) == 1
    assert working_days_between(CALENDAR, date(2026, 11, 9), date(2026, 11, 6)) == -1


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-06 07:29:59", False),
        ("2026-11-06 07:30", True),
        ("2026-11-06 11:29:59", True),
        ("2026-11-06 11:30", False),
        ("2026-11-06 13:00", True),
        ("2026-11-06 17:00", False),
        ("2026-11-07 10:00", False),
        ("2026-02-17 10:00", False),
        ("2026-08-22 10:00", True),
        ("2026-07-01 13:15", False),
    ],
)
def test_the_city_is_at_work(moment: str, expected: bool) -> None:  # noqa: FBT001
    assert is_working(CALENDAR, in_hue(moment)) is expected


def test_a_day_s_closing() -> None:
    assert CALENDAR.closes_at(date(2026, 7, 1)) == in_hue("2026-07-01 17:30")
    assert CALENDAR.closes_at(date(2026, 7, 4)) is None
    assert CALENDAR.closes_at(date(2026, 2, 17)) is None


def test_a_newer_season_replaces_the_months_it_names_and_no_others() -> None:
    later = Season.read(date(2027, 7, 15), [7, 8], range(5), [["08:00", "12:00"]])
    calendar = hue_calendar(seasons=(SUMMER, WINTER, later))

    assert calendar.closes_at(date(2027, 7, 14)) == in_hue("2027-07-14 17:30")
    assert calendar.closes_at(date(2027, 7, 15)) == in_hue("2027-07-15 12:00")
    assert calendar.closes_at(date(2027, 9, 1)) == in_hue("2027-09-01 17:30")


def test_before_the_first_season_it_counts_all_the_same() -> None:
    assert CALENDAR.closes_at(date(2015, 6, 1)) == in_hue("2015-06-01 17:30")


def test_several_rows_of_one_season_add_up() -> None:
    saturdays = Season.read(date(2026, 1, 1), range(1, 13), [5], [["08:00", "11:00"]])
    calendar = hue_calendar(seasons=(SUMMER, WINTER, saturdays))

    assert calendar.closes_at(date(2026, 11, 7)) == in_hue("2026-11-07 11:00")
    assert calendar.closes_at(date(2026, 11, 6)) == in_hue("2026-11-06 17:00")


def test_a_correction_wins_over_a_holiday_and_over_a_season() -> None:
    calendar = hue_calendar(corrections={date(2026, 9, 2): True, date(2026, 11, 6): False})

    assert calendar.spans_on(date(2026, 9, 2))
    assert not calendar.spans_on(date(2026, 11, 6))


def test_a_city_elsewhere_keeps_its_own_clocks_through_a_change_of_time() -> None:
    hours = Season.read(date(2026, 1, 1), range(1, 13), range(7), [["08:00", "16:00"]])
    berlin = WorkCalendar("Europe/Berlin", (hours,))
    # Clocks go forward on 29 March 2026 at 2:00: the night is an hour shorter, the day is not.
    evening = datetime(2026, 3, 28, 15, tzinfo=berlin.zone)

    answer = due_after_hours(berlin, evening, 2)

    assert answer == datetime(2026, 3, 29, 9, tzinfo=berlin.zone)
    assert answer - evening.astimezone(UTC) == timedelta(hours=17)


def test_a_calendar_without_working_time_says_so_instead_of_searching_for_ever() -> None:
    never = WorkCalendar("Asia/Ho_Chi_Minh", ())

    for ask in (
        lambda: due_after_days(never, in_hue("2026-11-06 10:00"), 1),
        lambda: due_after_hours(never, in_hue("2026-11-06 10:00"), 1),
        lambda: add_working_seconds(never, in_hue("2026-11-06 10:00"), -1),
    ):
        with pytest.raises(NoWorkingTime):
            ask()


def test_a_deadline_far_ahead_is_found() -> None:
    assert due_after_days(CALENDAR, in_hue("2026-11-06 10:00"), 5000).year > 2040
    assert add_working_seconds(CALENDAR, in_hue("2026-11-06 10:00"), -40_000 * 3600).year < 2010


def test_a_moment_without_its_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        due_after_days(CALENDAR, datetime(2026, 11, 6, 10), 7)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("months", "weekdays", "spans"),
    [
        ([1], [0], [["11:30", "07:30"]]),
        ([1], [0], [["07:30", "11:30"], ["11:00", "17:00"]]),
        ([1], [0], [["07:30"]]),
        ([13], [0], [["07:30", "11:30"]]),
        ([1], [7], [["07:30", "11:30"]]),
    ],
)
def test_hours_that_make_no_sense_are_refused(
    months: list[int], weekdays: list[int], spans: list[list[str]]
) -> None:
    with pytest.raises(ValueError):
        Season.read(date(2026, 1, 1), months, weekdays, spans)


def test_no_deadline_is_shorter_than_a_day() -> None:
    with pytest.raises(ValueError, match="one working day"):
        due_after_days(CALENDAR, in_hue("2026-11-06 10:00"), 0)

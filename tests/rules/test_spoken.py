"""Distances, moments and time left, as people read them."""

import pytest
from hue_hours import hue_calendar, in_hue

from reports.spoken import spoken_distance, spoken_moment, time_left

CALENDAR = hue_calendar()
NOW = "2026-11-24 08:00"


@pytest.mark.parametrize(
    ("metres", "vi", "en"),
    [
        (0, "0 m", "0 m"),
        (513.4, "513 m", "513 m"),
        (999.4, "999 m", "999 m"),
        (999.6, "1,0 km", "1.0 km"),
        (14_827, "14,8 km", "14.8 km"),
        (1_234_567, "1.234,6 km", "1,234.6 km"),
    ],
)
def test_distances(metres: float, vi: str, en: str) -> None:
    assert spoken_distance(metres, "vi") == vi
    assert spoken_distance(metres, "en") == en


@pytest.mark.parametrize(
    ("moment", "vi", "en"),
    [
        ("2026-12-01 17:00", "17:00 thứ Ba 1/12", "17:00 Tuesday 1 December"),
        ("2026-11-29 07:05", "07:05 Chủ nhật 29/11", "07:05 Sunday 29 November"),
        ("2026-11-24 22:00", "22:00 hôm nay", "22:00 today"),
        ("2026-11-25 00:30", "00:30 ngày mai", "00:30 tomorrow"),
        ("2026-11-23 17:00", "17:00 thứ Hai 23/11", "17:00 Monday 23 November"),
        ("2027-01-04 17:00", "17:00 thứ Hai 4/1/2027", "17:00 Monday 4 January 2027"),
    ],
)
def test_moments(moment: str, vi: str, en: str) -> None:
    at, now = in_hue(moment), in_hue(NOW)

    assert spoken_moment(at, "Asia/Ho_Chi_Minh", "vi", now) == vi
    assert spoken_moment(at, "Asia/Ho_Chi_Minh", "en", now) == en


@pytest.mark.parametrize(
    ("now", "due", "vi", "en"),
    [
        ("2026-11-16 09:00", "2026-11-18 17:00", "còn 2 ngày làm việc", "2 working days left"),
        ("2026-11-13 16:00", "2026-11-17 17:00", "còn 2 ngày làm việc", "2 working days left"),
        ("2026-11-16 16:59", "2026-11-17 17:00", "còn 1 ngày làm việc", "1 working day left"),
        ("2026-11-17 13:30", "2026-11-17 17:00", "còn 3 giờ làm việc", "3 working hours left"),
        ("2026-11-17 10:45", "2026-11-17 14:00", "còn 1 giờ làm việc", "1 working hour left"),
        ("2026-11-16 16:00", "2026-11-17 08:30", "còn 2 giờ làm việc", "2 working hours left"),
        ("2026-11-16 16:00", "2026-11-18 10:00", "còn 1 ngày làm việc", "1 working day left"),
        ("2026-11-17 16:35", "2026-11-17 17:00", "còn 25 phút", "25 minutes left"),
        ("2026-11-17 16:59", "2026-11-17 17:00", "còn 1 phút", "1 minute left"),
        (
            "2026-11-17 17:00",
            "2026-11-17 17:00",
            "còn chưa đầy một phút",
            "less than a minute left",
        ),
        ("2026-11-17 17:20", "2026-11-17 17:00", "vừa quá hạn", "just overdue"),
        ("2026-11-14 10:00", "2026-11-13 17:00", "vừa quá hạn", "just overdue"),
        (
            "2026-11-16 09:00",
            "2026-11-13 17:00",
            "quá hạn 1 ngày làm việc",
            "1 working day overdue",
        ),
        (
            "2026-11-19 09:00",
            "2026-11-16 17:00",
            "quá hạn 3 ngày làm việc",
            "3 working days overdue",
        ),
        (
            "2026-11-16 15:00",
            "2026-11-16 10:00",
            "quá hạn 3 giờ làm việc",
            "3 working hours overdue",
        ),
        ("2026-11-16 10:10", "2026-11-16 10:00", "quá hạn 10 phút", "10 minutes overdue"),
    ],
)
def test_time_left_in_working_time(now: str, due: str, vi: str, en: str) -> None:
    assert time_left(CALENDAR, in_hue(due), in_hue(now), "vi") == vi
    assert time_left(CALENDAR, in_hue(due), in_hue(now), "en") == en


@pytest.mark.parametrize(
    ("now", "due", "vi", "en"),
    [
        ("2026-02-16 18:30", "2026-02-16 22:00", "còn 3 giờ", "3 hours left"),
        ("2026-02-16 21:15", "2026-02-16 22:00", "còn 45 phút", "45 minutes left"),
        ("2026-02-16 23:05", "2026-02-16 22:00", "quá hạn 1 giờ", "1 hour overdue"),
        ("2026-02-18 23:05", "2026-02-16 22:00", "quá hạn 2 ngày", "2 days overdue"),
    ],
)
def test_urgent_time_left_goes_by_the_clock(now: str, due: str, vi: str, en: str) -> None:
    assert time_left(CALENDAR, in_hue(due), in_hue(now), "vi", urgent=True) == vi
    assert time_left(CALENDAR, in_hue(due), in_hue(now), "en", urgent=True) == en

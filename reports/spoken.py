"""Distances, moments and time left, as a person would say them, in Vietnamese and in English.

Pure; what they mean is decided in `reports.places` and `reports.deadlines`.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from babel.numbers import format_decimal

from reports.deadlines import WorkCalendar, working_days_between, working_seconds_between

_DAYS_VI = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
_DAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS_EN = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def spoken_distance(metres: float, locale: str) -> str:
    """513 m; 14,8 km in Vietnamese, 14.8 km in English."""
    whole = round(metres)
    if whole < 1000:
        return f"{whole} m"
    return f"{format_decimal(metres / 1000, format='#,##0.0', locale=locale)} km"


def spoken_moment(at: datetime, timezone: str, locale: str, now: datetime) -> str:
    """17:00 thứ Ba 1/12; 17:00 Tuesday 1 December. Today and tomorrow by name, other years told."""
    zone = ZoneInfo(timezone)
    local, today = at.astimezone(zone), now.astimezone(zone).date()
    return f"{local:%H:%M} {_spoken_day(local, today.year, locale, (local.date() - today).days)}"


def _spoken_day(local: datetime, this_year: int, locale: str, days_ahead: int) -> str:
    if days_ahead in {0, 1}:
        return (("hôm nay", "ngày mai") if locale == "vi" else ("today", "tomorrow"))[days_ahead]
    if locale == "vi":
        day = f"{_DAYS_VI[local.weekday()]} {local.day}/{local.month}"
        return day if local.year == this_year else f"{day}/{local.year}"
    day = f"{_DAYS_EN[local.weekday()]} {local.day} {MONTHS_EN[local.month - 1]}"
    return day if local.year == this_year else f"{day} {local.year}"


def time_left(
    calendar: WorkCalendar, due: datetime, now: datetime, locale: str, *, urgent: bool = False
) -> str:
    """còn 3 giờ làm việc, còn 2 ngày làm việc, quá hạn 1 ngày làm việc. Urgent goes by the clock.

    Hours and minutes are cut off, never rounded up: nobody has more time than is said.
    """
    if urgent:
        return _by_the_clock(due - now, locale)
    due_day = calendar.local_day(due)
    days = abs(working_days_between(calendar, calendar.local_day(now), due_day))
    if due != calendar.closes_at(due_day):
        days -= 1  # the first and the last are not whole ones
    seconds = abs(working_seconds_between(calendar, now, due))
    amount = _amount(days, seconds, locale)
    return _late(amount, locale) if now > due else _left(amount, locale)


def _by_the_clock(left: timedelta, locale: str) -> str:
    days, seconds = divmod(abs(int(left.total_seconds())), 86_400)
    if days:
        amount = f"{days} ngày" if locale == "vi" else _counted(days, "day")
    else:
        amount = _hours_or_minutes(seconds, locale)
    return _late(amount, locale) if left < timedelta(0) else _left(amount, locale)


def _amount(days: int, seconds: int, locale: str) -> str:
    """In working days once another working day lies between, else in working hours or minutes."""
    if days > 0:
        return f"{days} ngày làm việc" if locale == "vi" else _counted(days, "working day")
    if seconds >= 3600:
        hours = seconds // 3600
        return f"{hours} giờ làm việc" if locale == "vi" else _counted(hours, "working hour")
    return _hours_or_minutes(seconds, locale)


def _hours_or_minutes(seconds: int, locale: str) -> str:
    hours, minutes = divmod(seconds // 60, 60)
    if hours:
        return f"{hours} giờ" if locale == "vi" else _counted(hours, "hour")
    if minutes:
        return f"{minutes} phút" if locale == "vi" else _counted(minutes, "minute")
    return ""


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def _left(amount: str, locale: str) -> str:
    if not amount:
        amount = "chưa đầy một phút" if locale == "vi" else "less than a minute"
    return f"còn {amount}" if locale == "vi" else f"{amount} left"


def _late(amount: str, locale: str) -> str:
    if not amount:
        return "vừa quá hạn" if locale == "vi" else "just overdue"
    return f"quá hạn {amount}" if locale == "vi" else f"{amount} overdue"

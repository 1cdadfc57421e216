"""Huế's working time as the rules' tests take it: the hours since 2026, the real days off."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from reports.public_holidays import public_holidays, swapped_workdays
from reports.work_calendar import Season, WorkCalendar

HUE = ZoneInfo("Asia/Ho_Chi_Minh")
YEARS = range(2019, 2033)
MONDAY_TO_FRIDAY = range(5)
SUMMER = Season.read(
    date(2026, 1, 1), range(4, 10), MONDAY_TO_FRIDAY, [["07:30", "11:30"], ["13:30", "17:30"]]
)
WINTER = Season.read(
    date(2026, 1, 1),
    [10, 11, 12, 1, 2, 3],
    MONDAY_TO_FRIDAY,
    [["07:30", "11:30"], ["13:00", "17:00"]],
)
CORRECTIONS = dict.fromkeys(swapped_workdays("VN", YEARS), True) | {
    date(2026, 1, 2): False,
    date(2026, 1, 10): True,
}


def hue_calendar(
    *, seasons: tuple[Season, ...] = (SUMMER, WINTER), corrections: dict[date, bool] | None = None
) -> WorkCalendar:
    return WorkCalendar(
        "Asia/Ho_Chi_Minh",
        seasons,
        frozenset(public_holidays("VN", YEARS)),
        CORRECTIONS if corrections is None else corrections,
    )


def in_hue(text: str) -> datetime:
    """2026-11-06 10:00 on the city's clocks, as a moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=HUE).astimezone(UTC)

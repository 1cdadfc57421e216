"""When a period's figures are settled: on the city's cut-off day after it, early in the morning.

Pure. The days are the city's to choose (`settings.figures` of its data, docs/city.md): the month's
is the 5th of the next one, the quarter's the 10th of the month after it, unless it says otherwise.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from reports.figures.periods import Kind, Period, before, containing

MONTH_DAY, QUARTER_DAY = 5, 10
HOUR = time(6)  # in the city's zone: before anybody is at work
_USUAL = {Kind.MONTH: ("month_day", MONTH_DAY), Kind.QUARTER: ("quarter_day", QUARTER_DAY)}


def cutoff(period: Period, settings: Mapping[str, Any], timezone: str) -> datetime:
    """The moment from which a month's or quarter's figures are settled. `settings` are the city's.

    Raises KeyError for a period that is neither.
    """
    name, usual = _USUAL[period.kind]
    day = settings.get("figures", {}).get(name, usual)
    at = period.until + timedelta(days=day - 1)  # it begins on the 1st of the next month
    return datetime.combine(at, HOUR, ZoneInfo(timezone))


def last_settled(kind: Kind, settings: Mapping[str, Any], timezone: str, *, at: datetime) -> Period:
    """The newest month or quarter whose cut-off has come at a moment."""
    period = before(containing(kind, _local_day(at, timezone)))
    while cutoff(period, settings, timezone) > at:
        period = before(period)
    return period


def _local_day(at: datetime, timezone: str) -> date:
    return at.astimezone(ZoneInfo(timezone)).date()

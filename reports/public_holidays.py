"""Public holidays of a country, by the `holidays` package. Late decisions are corrections to it."""

import re
from collections.abc import Iterable
from datetime import date

import holidays

_SWAPPED_VI = re.compile(r"thay cho ngày (\d+)/(\d+)/(\d{4})")
_SWAPPED_EN = re.compile(r"substituted from (\d+)/(\d+)/(\d{4})")
_LANGUAGES = {"vi": "vi", "en": "en_US"}


def public_holidays(country: str, years: Iterable[int], language: str = "vi") -> dict[date, str]:
    """Each day off in these years and its name, days in lieu included. `country` is ISO 3166.

    A language that the country's calendar does not speak falls back to the country's own.
    """
    known = _calendar(country, years, language)
    return {day: _plainly(name) for day, name in sorted(known.items())}


def _plainly(name: str) -> str:
    """A day that was swapped, in our words: the package's have a machine's dates."""
    if found := _SWAPPED_VI.search(name):
        day, month, year = map(int, found.groups())
        return f"Nghỉ hoán đổi, làm bù ngày {day}/{month}/{year}"
    if found := _SWAPPED_EN.search(name):
        month, day, year = map(int, found.groups())
        return f"Day off, worked instead on {day} {date(year, month, day):%B %Y}"
    return name


def swapped_workdays(country: str, years: Iterable[int]) -> frozenset[date]:
    """Saturdays (or Sundays) that the country works in return for a day off, as far as known.

    They belong into a calendar's corrections, as True.
    """
    wanted = frozenset(years)
    known = _calendar(country, wanted, "vi")
    days: Iterable[date] = getattr(known, "weekend_workdays", frozenset())
    return frozenset(day for day in days if day.year in wanted)


def _calendar(country: str, years: Iterable[int], language: str) -> holidays.HolidayBase:
    spoken = holidays.country_holidays(country).supported_languages
    wanted = _LANGUAGES.get(language, language)
    return holidays.country_holidays(
        country, years=sorted(years), language=wanted if wanted in spoken else None
    )

"""The line of a figure over thirteen months: small on its card, large with Tết and floods named."""

from dataclasses import dataclass

from app.locale import in_words
from reports.figures.changes import Unit
from reports.figures.definitions import BY_KEY
from reports.figures.spoken_numbers import HOUR_S
from reports.figures.trends import Mark, Trend
from web.dashboard import lines
from web.dashboard.words import decimal, per_cent

CHARTS = ("received", "on_time", "resolve_median", "satisfied")


@dataclass(frozen=True, slots=True)
class Chart:
    """A large line with its months and what it is read with, and the same as a table's row."""

    name: str
    drawn: lines.Drawn
    ticks: list[tuple[float, str]]  # height, words
    months: list[tuple[float, str]]  # where, words
    values: list[tuple[str, str]]  # month, value
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Months:
    trend: Trend
    locale: str

    def values(self, key: str) -> list[float | None]:
        """What can be drawn: a month that is not over, or too young for what grows with time, is
        left out, so that no line falls at its end for that alone."""
        figure, told = BY_KEY[key], list(self.trend.line(key))
        whole = len(told) - (1 if self.trend.unfinished else 0)
        drawn = min(whole, self.trend.ripe) if figure.ripens else whole
        return [one if n < drawn else None for n, one in enumerate(told)]

    def line(self, key: str) -> lines.Drawn | None:
        values = self.values(key)
        if sum(one is not None for one in values) < 2:
            return None
        return lines.small(values, self.marks())

    def line_words(self, key: str) -> str:
        known = [one for one in self.values(key) if one is not None]
        if not known:
            return ""
        first, last = spoken(key, known[0]), spoken(key, known[-1])
        vi = f"{len(known)} tháng: từ {first} đến {last}"
        return in_words(vi, f"{len(known)} months: from {first} to {last}")

    def marks(self) -> list[tuple[int, str]]:
        """In which of the months something is to be known, by place; each month once a kind."""
        starts = [group.key for group in self.trend.months]
        found: dict[tuple[int, str], str] = {}
        for mark in self.trend.marks:
            place = max(n for n, start in enumerate(starts) if start <= mark.days.since)  # type: ignore[operator]
            found.setdefault((place, mark.kind), self._said(mark))
        return [(place, words) for (place, _), words in found.items()]

    def _said(self, mark: Mark) -> str:
        return f"{mark.name(self.locale)} ({mark.days.name(self.locale)})"


def chart(key: str, months: Months) -> Chart:
    figure, values = BY_KEY[key], months.values(key)
    whole = 1.0 if figure.unit is Unit.SHARE else None
    unit = HOUR_S if figure.unit is Unit.WORKING_SECONDS else 1  # so that the scale is round
    scaled = [None if one is None else one / unit for one in values]
    drawn, scale = lines.large(scaled, months.marks(), whole=whole)
    names = [group.name for group in months.trend.months]
    places = lines.places(len(values))
    return Chart(
        name=figure.name(months.locale),
        drawn=drawn,
        ticks=[(height, spoken(key, value * unit)) for value, height in scale.ticks],
        months=[(places[n], _short(one.code)) for n, one in enumerate(names) if n % 3 == 0],
        values=[
            (one.of(months.locale), "–" if value is None else spoken(key, value))
            for one, value in zip(names, values, strict=True)
        ],
        width=lines.LARGE[0],
        height=lines.LARGE[1],
    )


def spoken(key: str, value: float) -> str:
    """A value in a few letters: 1.843; 91%; 19,5 giờ."""
    match BY_KEY[key].unit:
        case Unit.SHARE:
            return per_cent(value, 0)
        case Unit.WORKING_SECONDS:
            hours = decimal(value / HOUR_S)
            return in_words(f"{hours} giờ", f"{hours} h")
    return decimal(value)


def _short(first_day: str) -> str:
    """11/26 of 2026-11-01."""
    return f"{int(first_day[5:7])}/{first_day[2:4]}"

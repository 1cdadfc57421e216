"""An answer as somebody asked for it, with what belongs to it: the ranking of offices, the marks
along days. API and permanent links tell the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app.errors import Invalid
from reports.city.snapshot import City
from reports.figures import telling
from reports.figures.definitions import BY_KEY
from reports.figures.indicators import Answer, read
from reports.figures.moment import at_one_moment
from reports.figures.periods import Compare, Period
from reports.figures.ranking import ranking
from reports.figures.scope import EVERYTHING, TIMES, By, Scope
from reports.figures.telling import Plain
from reports.figures.trends import marks


class UnknownFigure(Invalid):
    code = "unknown-figure"
    vi = "Không có số liệu “{key}”. Xem danh sách ở /api/v1/indicators/definitions."
    en = "There is no figure “{key}”. They are listed at /api/v1/indicators/definitions."
    field = "figures"


class EmptyPeriod(Invalid):
    code = "empty-period"
    vi = "Ngày kết thúc (không tính ngày ấy) phải ở sau ngày bắt đầu."
    en = "The day that ends the period (not counted itself) must come after its first."
    field = "to"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which figures, of what, told how. `figures`: keys of those that are wanted, none for all."""

    period: Period
    by: By | None = None
    scope: Scope = EVERYTHING
    compare: Compare = Compare.BEFORE
    figures: tuple[str, ...] = field(default=())

    @property
    def keys(self) -> Sequence[str] | None:
        return self.figures or None


def figures_from(text: str | None) -> tuple[str, ...]:
    """Keys with commas between. Raises UnknownFigure."""
    keys = tuple(dict.fromkeys(text.split(","))) if text else ()
    for key in keys:
        if key not in BY_KEY:
            raise UnknownFigure(key=key[:40])
    return keys


def answer_to(asked: Asked, *, at: datetime) -> Answer:
    """Raises what `indicators.read` does."""
    return read(asked.period, by=asked.by, scope=asked.scope, compare=asked.compare, at=at)


def told_to(asked: Asked, city: City, locale: str, *, at: datetime) -> Plain:
    """The answer as plain values, with `ranking` by office and `marks` along time."""
    with at_one_moment():
        answer = answer_to(asked, at=at)
        along = marks(asked.period, scope=asked.scope) if asked.by in TIMES else ()
    plain = telling.told(answer, city, locale, asked.keys)
    if asked.by is By.OFFICE:
        plain["ranking"] = telling.ranking_of(ranking(answer.groups), locale)
    if asked.by in TIMES:
        plain["marks"] = [telling.mark_of(mark, locale) for mark in along]
    return plain

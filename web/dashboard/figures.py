"""The figures as the page draws them: cards with a line, a table of groups, lists that add up. The
numbers are those of `reports.figures`; nothing is counted here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.locale import current_locale
from reports.city import snapshot
from reports.figures.changes import LEAST, Unit
from reports.figures.definitions import FIGURES, OVERDUE, SECTIONS
from reports.figures.indicators import Answer, Group, Told, read
from reports.figures.news import news
from reports.figures.ranking import Ranking, ranking
from reports.figures.scope import By, Scope
from reports.figures.trends import trend
from web.dashboard.asked import Asked
from web.dashboard.lines import Drawn
from web.dashboard.months import CHARTS, Chart, Months, chart

CARDS = ("received", "on_time", "resolve_median", "satisfied")
FEW = 5  # of fewer a share or a time says nothing yet; the map leaves such cells blank
#: A bar's colour, by the share that was on time.
GOOD, MIDDLING = 0.9, 0.75
FATES = ("resolved", "open", "rejected", "merged", "withdrawn")
WITHIN = {
    "resolved": ("fixed", "planned", "explained", "not_found"),
    "rejected": tuple(one.key for one in FIGURES if one.of == "rejected"),
}


@dataclass(frozen=True, slots=True)
class Card:
    told: Told
    line: Drawn | None
    line_words: str  # the same for whoever cannot see it
    tendency: str  # better | worse: of what is on time alone, and only beyond chance
    few: bool  # a share or a time of so few that it is told in grey


@dataclass(frozen=True, slots=True)
class Row:
    """One group of the table."""

    name: str
    address: str  # the page narrowed to it
    received: Told
    on_time: Told
    days: Told  # median to the answer
    held: Told  # by an office: mean, and all together
    held_all: Told
    tone: str  # good | middling | bad | few


@dataclass(frozen=True, slots=True)
class Sum:
    """One line of a list that adds up."""

    told: Told
    within: bool


@dataclass(frozen=True, slots=True)
class Board:
    answer: Answer
    news: list[str] | None  # None: cannot be told
    cards: list[Card]
    charts: list[Chart]
    rows: list[Row]
    nothing: list[str]  # names of groups that have nothing
    ranking: Ranking | None  # of the offices, where these are the groups
    fates: list[Sum]
    overdue: list[Sum]
    sections: list[tuple[str, list[Told]]]
    first_rows: int = 12


def drawn(asked: Asked, scope: Scope, *, at: datetime) -> Board:
    """Raises FiguresNotReady, PeriodTooLong."""
    locale, by = current_locale(), By(asked.group)
    today = snapshot.current().calendar.local_day(at)
    answer = read(asked.period, by=by, scope=scope, compare=asked.compare, at=at)
    months = Months(trend(min(asked.period.last, today), scope=scope, at=at), locale)
    total, told = answer.total, news(asked.period, scope=scope, at=at)
    return Board(
        answer=answer,
        news=None if told is None else [one.sentence(locale) for one in told],
        cards=[_card(total.told(key), months) for key in CARDS],
        charts=[chart(key, months) for key in CHARTS],
        rows=[_row(one, asked) for one in answer.groups if not one.has_nothing],
        nothing=[one.name.of(locale) for one in answer.groups if one.has_nothing],
        ranking=ranking(answer.groups) if by is By.OFFICE and scope.office is None else None,
        fates=_sums(total, FATES),
        overdue=_sums(total, OVERDUE),
        sections=[(name, _of_section(total, name)) for name in SECTIONS],
    )


def _card(told: Told, months: Months) -> Card:
    key = told.figure.key
    return Card(told, months.line(key), months.line_words(key), _tendency(told), _is_of_few(told))


def _is_of_few(told: Told) -> bool:
    counted = told.figure.unit is Unit.COUNT or told.value is None
    return not counted and told.sample < FEW


def _tendency(told: Told) -> str:
    change = told.change
    if told.figure.key != "on_time" or not change.sure or not change.amount:
        return ""
    return "better" if change.amount > 0 else "worse"


def _row(group: Group, asked: Asked) -> Row:
    on_time = group.told("on_time")
    return Row(
        name=group.name.of(current_locale()),
        address=asked.address_with(**{asked.group: group.name.code}),
        received=group.told("received"),
        on_time=on_time,
        days=group.told("resolve_median"),
        held=group.told("held_mean"),
        held_all=group.told("held"),
        tone=_tone(on_time),
    )


def _tone(on_time: Told) -> str:
    if on_time.value is None or on_time.sample < LEAST:
        return "few"
    if on_time.value >= GOOD:
        return "good"
    return "middling" if on_time.value >= MIDDLING else "bad"


def _sums(total: Group, keys: Sequence[str]) -> list[Sum]:
    found = []
    for key in keys:
        found.append(Sum(total.told(key), within=False))
        parts = [total.told(one) for one in WITHIN.get(key, ())]
        found += [Sum(one, within=True) for one in parts if one.value]
    return found


def _of_section(total: Group, section: str) -> list[Told]:
    return [total.told(one.key) for one in FIGURES if one.section == section]

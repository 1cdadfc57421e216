"""How figures are written in the reader's language: 1.843; 91,4%; 19,5 giờ; +2,1 điểm phần trăm."""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Flask

from app.locale import current_locale, in_words
from reports.city import snapshot
from reports.figures import spoken_numbers
from reports.figures.change_words import CHANCE, WHY_NOT, may_be_chance, said
from reports.figures.changes import Change, State, Unit
from reports.figures.indicators import Told
from reports.figures.ranking import ALIKE, YOUNG, Ranking
from reports.figures.spoken_numbers import DAY_HOURS, HOUR_S

NOTHING = "–"
SECTIONS: dict[str, tuple[str, str]] = {
    "received": ("Phản ánh gửi đến", "Received"),
    "fates": ("Kết quả của phản ánh", "What became of them"),
    "lateness": ("Đúng hạn, quá hạn", "On time and overdue"),
    "time": ("Thời gian xử lý", "Working time"),
    "centre": ("Trung tâm", "The centre"),
    "again": ("Chuyển trả, mở lại", "Returned and reopened"),
    "satisfaction": ("Hài lòng, bình luận", "Satisfaction and comments"),
}


def init_words(app: Flask) -> None:
    app.jinja_env.globals.update(
        figure_value=figure_value,
        figure_unit=figure_unit,
        change_words=change_words,
        change_in_cell=change_in_cell,
        chance_words=chance_words,
        ranking_words=ranking_words,
        sample_words=sample_words,
        working_days=working_days,
        per_cent=per_cent,
        section_word=section_word,
        clock=clock,
        plain_figure=plain_figure,
    )


def decimal(number: float, digits: int = 1) -> str:
    """19,5 in Vietnamese, 19.5 in English; whole numbers without a comma."""
    return spoken_numbers.decimal(number, current_locale(), digits)


def per_cent(share: float | None, digits: int = 1) -> str:
    return NOTHING if share is None else f"{decimal(share * 100, digits)}%"


def working_days(seconds: float | None) -> str:
    return NOTHING if seconds is None else decimal(seconds / HOUR_S / DAY_HOURS)


def figure_value(told: Told) -> str:
    """The number alone; a dash for the figure of nothing."""
    if told.value is None:
        return NOTHING
    match told.figure.unit:
        case Unit.SHARE:
            return per_cent(told.value)
        case Unit.WORKING_SECONDS:
            return decimal(told.value / HOUR_S)
    return decimal(told.value)


def plain_figure(unit: str, value: float | None) -> str:
    """A frozen figure, with its unit."""
    if value is None:
        return NOTHING
    match unit:
        case Unit.SHARE:
            return per_cent(value)
        case Unit.WORKING_SECONDS:
            hours = decimal(value / HOUR_S)
            return in_words(f"{hours} giờ", f"{hours} hours")
        case Unit.STARS:
            return in_words(f"{decimal(value)} sao", f"{decimal(value)} stars")
    return decimal(value)


def figure_unit(told: Told) -> str:
    match told.figure.unit:
        case Unit.WORKING_SECONDS:
            return in_words("giờ", "hours")
        case Unit.STARS:
            return in_words("trên 5 sao", "of 5 stars")
    return ""


def change_words(change: Change) -> str:
    """+12%; +57; +2,1 điểm phần trăm; −3,2 giờ; why nothing is said. Empty where nothing is
    compared."""
    match change.state:
        case State.NO_PAST:
            return ""
        case State.TOLD:
            return said(change.amount or 0.0, change.by, current_locale())
    return in_words(*WHY_NOT[change.state])


def change_in_cell(change: Change) -> str:
    """A change that is told, as a table writes it: times in working days, points cut short."""
    return said(change.amount or 0.0, change.by, current_locale(), short=True)


def chance_words(change: Change) -> str:
    """That it may be chance, where that is so and something changed."""
    return in_words(*CHANCE) if may_be_chance(change_words(change), sure=change.sure) else ""


def ranking_words(made: Ranking) -> list[str]:
    """What an order of offices is to be read with."""
    given = ((made.young, YOUNG), (made.alike, ALIKE))
    return [in_words(*words) for is_so, words in given if is_so]


def sample_words(told: Told) -> str:
    """trên 1.512 phản ánh: how many stand behind a share or a time; a count is its own."""
    if told.figure.unit is Unit.COUNT or told.value is None:
        return ""
    number = decimal(told.sample, 0)
    if told.figure.key in {"satisfied", "stars"}:
        return in_words(f"n = {number} đánh giá", f"n = {number} ratings")
    return in_words(f"n = {number} phản ánh", f"n = {number} reports")


def section_word(section: str) -> str:
    return in_words(*SECTIONS.get(section, (section, section)))


def clock(at: datetime | str) -> str:
    """15:42 ngày 21/11/2026, in the city's zone."""
    at = datetime.fromisoformat(at) if isinstance(at, str) else at
    local = at.astimezone(ZoneInfo(snapshot.current().profile.timezone))
    vi = f"{local:%H:%M} ngày {local.day}/{local.month}/{local.year}"
    return in_words(vi, f"{local:%H:%M} on {local.day} {local:%B} {local.year}")

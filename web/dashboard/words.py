"""How figures are written in the reader's language: 1.843; 91,4%; 19,5 giờ; +2,1 điểm phần trăm."""

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.numbers import format_decimal
from flask import Flask

from app.locale import current_locale, in_words
from reports.city import snapshot
from reports.figures.changes import By, Change, State, Unit
from reports.figures.indicators import Told

HOUR_S = 3600
DAY_HOURS = 8  # of a working day
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
        sample_words=sample_words,
        working_days=working_days,
        per_cent=per_cent,
        section_word=section_word,
        clock=clock,
        plain_figure=plain_figure,
    )


def decimal(number: float, digits: int = 1) -> str:
    """19,5 in Vietnamese, 19.5 in English; whole numbers without a comma."""
    form = f"#,##0.{'#' * digits}" if digits else "#,##0"
    return format_decimal(number, format=form, locale=current_locale())


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
        case State.TOO_FEW:
            return in_words("quá ít để so sánh", "too few to compare")
        case State.RIPENING:
            return in_words("chưa so được, còn đang xử lý", "too early to compare")
    return _amount(change)


def _amount(change: Change) -> str:
    amount = change.amount or 0.0
    if change.by == By.SECONDS:
        return in_words(f"{_signed(amount / HOUR_S)} giờ", f"{_signed(amount / HOUR_S)} hours")
    if change.by == By.NUMBER:
        return _signed(amount, 0)
    if change.by == By.PERCENT:
        return f"{_signed(amount, 0 if abs(amount) >= 10 else 1)}%"
    if change.by == By.POINTS:
        return in_words(f"{_signed(amount)} điểm phần trăm", f"{_signed(amount)} points")
    return in_words(f"{_signed(amount)} sao", f"{_signed(amount)} stars")


def _signed(number: float, digits: int = 1) -> str:
    rounded = round(number, digits)
    if rounded == 0:
        return "0"
    return f"{'+' if rounded > 0 else '−'}{decimal(abs(rounded), digits)}"


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

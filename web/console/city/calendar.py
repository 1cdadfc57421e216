"""Working hours, holidays and what corrects them. Each change says first how many open reports get
another deadline, and is done when that is confirmed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from flask import Response, request, url_for
from marshmallow import ValidationError

from app.auth.guards import current, requires
from app.errors import NotFound, XomError
from app.limits import by_account, limit
from app.locale import current_locale, in_words
from app.sentences import both
from reports.city import calendar, snapshot
from reports.permissions import Permission
from reports.public_holidays import public_holidays
from reports.work_calendar import FIRST_YEAR, LAST_YEAR, WorkCalendar
from web.console.blueprint import blueprint
from web.console.city.forms import Form, refused, sent, spoken_day, taken
from web.console.drawing import page
from web.console.words import amount

DAYS = (
    ("Thứ Hai", "Monday"), ("Thứ Ba", "Tuesday"), ("Thứ Tư", "Wednesday"),
    ("Thứ Năm", "Thursday"), ("Thứ Sáu", "Friday"), ("Thứ Bảy", "Saturday"),
    ("Chủ nhật", "Sunday"),
)  # fmt: skip
SPANS = 3  # of working time a day, as many as the form asks for
NO_KIND = both("Chọn nghỉ hay làm việc.", "Choose whether it is off or worked.")


@dataclass(frozen=True, slots=True)
class Sure:
    """What is asked once more before it is done."""

    title: str
    told: tuple[str, ...]
    action: str
    button: str


@blueprint.get("/city/calendar")
@requires(Permission.ADMIN)
def city_calendar() -> Response:
    return _draw()


@blueprint.post("/city/calendar/days")
@requires(Permission.ADMIN)
@limit("300 per hour", by=by_account)
def city_day_correct() -> Response:
    """A day off, or a day worked instead."""
    form = sent()

    def told() -> Sure:
        row, city = _correction(form), snapshot.current()
        moved = calendar.would_move(calendar.corrected(city, row["day"], working=row["working"]))
        what = (
            in_words("là ngày làm việc", "is worked")
            if row["working"]
            else in_words("nghỉ", "is off")
        )
        return Sure(
            in_words(f"{_named_day(row['day'])} {what}", f"{_named_day(row['day'])} {what}"),
            (_moving(moved),),
            url_for("console.city_day_correct"),
            in_words("Lưu và tính lại hạn", "Save, and work the deadlines out"),
        )

    def act() -> None:
        calendar.correct(_correction(form), by=current().account_id)

    return _sure_first(form, told, act)


@blueprint.post("/city/calendar/days/<day>/remove")
@requires(Permission.ADMIN)
@limit("300 per hour", by=by_account)
def city_day_uncorrect(day: str) -> Response:
    form, given = sent(), _day_of(day)

    def told() -> Sure:
        city = snapshot.current()
        if all(one.day != given for one in calendar.corrections()):
            raise NotFound
        moved = calendar.would_move(calendar.corrected(city, given, working=None))
        return Sure(
            in_words(
                f"Bỏ phần sửa ngày {spoken_day(given)}",
                f"Undo what was said of {spoken_day(given)}",
            ),
            (_moving(moved),),
            url_for("console.city_day_uncorrect", day=day),
            in_words("Bỏ và tính lại hạn", "Undo, and work the deadlines out"),
        )

    return _sure_first(form, told, lambda: calendar.uncorrect(given, by=current().account_id))


@blueprint.post("/city/calendar/hours")
@requires(Permission.ADMIN)
@limit("300 per hour", by=by_account)
def city_hours_add() -> Response:
    form = sent()

    def told() -> Sure:
        row = _hours(form)
        return Sure(
            in_words(
                f"Giờ làm việc từ {spoken_day(row['valid_from'])}",
                f"Working hours from {spoken_day(row['valid_from'])}",
            ),
            (
                " · ".join(_parts_told(row)),
                _moving(calendar.would_move(calendar.with_hours(snapshot.current(), row))),
            ),
            url_for("console.city_hours_add"),
            in_words("Lưu và tính lại hạn", "Save, and work the deadlines out"),
        )

    return _sure_first(
        form, told, lambda: calendar.add_hours(_hours(form), by=current().account_id)
    )


@blueprint.post("/city/calendar/hours/<int:hours_id>/remove")
@requires(Permission.ADMIN)
@limit("300 per hour", by=by_account)
def city_hours_remove(hours_id: int) -> Response:
    """Hours that have not begun: what is due so far was counted without them."""

    def act() -> None:
        calendar.remove_hours(hours_id, by=current().account_id)

    then = url_for("console.city_calendar")
    return taken(act, form=sent(), again=_draw, then=then, said="recomputing")


def _sure_first(form: Form, told: Callable[[], Sure], act: Callable[[], None]) -> Response:
    """Ask; once it is confirmed, do it."""
    then = url_for("console.city_calendar")
    if form.checked("sure"):
        return taken(act, form=form, again=_draw, then=then, said="recomputing")
    try:
        return page("console/city/sure.html", sure=told(), form=form, back=then)
    except (XomError, ValidationError) as error:
        return refused(error, form, _draw)


def _parts_told(row: Mapping[str, Any]) -> tuple[str, str, str]:
    return months_told(row["months"]), weekdays_told(row["weekdays"]), spans_told(row["spans"])


def _correction(form: Form) -> dict[str, Any]:
    if form.get("working") not in {"yes", "no"}:
        raise ValidationError({"working": [NO_KIND]})
    return calendar.checked_correction(
        {
            "day": form.needed_day("day").isoformat(),
            "working": form.checked("working"),
            "note": form.line("note") or "",
        }
    )


def _hours(form: Form) -> dict[str, Any]:
    pairs = [(form.line(f"from{n}"), form.line(f"to{n}")) for n in range(SPANS)]
    spans = [[begins or "", ends or ""] for begins, ends in pairs if begins or ends]
    return calendar.checked_hours(
        {
            "valid_from": form.needed_day("valid_from").isoformat(),
            "months": [int(text) for text in form.listed("months") if text.isdigit()],
            "weekdays": [int(text) for text in form.listed("weekdays") if text.isdigit()],
            "spans": spans,
        }
    )


def _day_of(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotFound from None


def _draw(form: Form | None = None) -> Response:
    city = snapshot.current()
    year = _year(city.day.year)
    of_year = (one for one in calendar.corrections() if one.day.year == year)
    corrections = sorted(of_year, key=lambda one: one.day)
    known = public_holidays(city.profile.holidays, [year], current_locale())
    form = form or Form()
    # Two forms stand on the page: each shows its own faults.
    of_hours = "valid_from" in form.values
    return page(
        "console/city/calendar.html",
        day_form=Form() if of_hours else form,
        hours_form=form if of_hours else Form(),
        opened=of_hours,
        hours=calendar.hours(),
        corrections=corrections,
        holidays=known.items(),
        year=year,
        years=range(city.day.year - 2, city.day.year + 3),
        today=city.day,
        works=partial(_works, city.calendar),
        named_day=_named_day,
        months_told=months_told,
        weekdays_told=weekdays_told,
        spans_told=spans_told,
        day_names=[in_words(*names) for names in DAYS],
        spans=SPANS,
    )


def _year(this: int) -> int:
    text = request.args.get("year", "")
    year = int(text) if text.isdigit() and len(text) == 4 else this
    return year if FIRST_YEAR <= year <= LAST_YEAR else this


def _works(work: WorkCalendar, day: date) -> bool:
    return bool(work.spans_on(day))


def _named_day(day: date) -> str:
    return f"{in_words(*DAYS[day.weekday()])} {spoken_day(day)}"


def _moving(number: int) -> str:
    if not number:
        return in_words(
            "Không phản ánh đang mở nào đổi hạn.", "No open report gets another deadline."
        )
    one = number == 1
    return in_words(
        f"{amount(number)} phản ánh đang mở sẽ đổi hạn. Người phản ánh được báo hạn mới.",
        f"{amount(number)} open {'report gets' if one else 'reports get'} another deadline. "
        "Their reporters hear the new date.",
    )


def months_told(months: list[int]) -> str:
    if len(months) == 12:
        return in_words("Cả năm", "All year")
    listed = ", ".join(str(month) for month in months)
    return in_words(f"Tháng {listed}", f"Months {listed}")


def weekdays_told(days: list[int]) -> str:
    if days == list(range(days[0], days[-1] + 1)) and len(days) > 1:
        first, last = DAYS[days[0]], DAYS[days[-1]]
        return in_words(f"{first[0]} đến {last[0]}", f"{first[1]} to {last[1]}")
    return ", ".join(in_words(*DAYS[day]) for day in days)


def spans_told(spans: list[list[str]]) -> str:
    return ", ".join(f"{begins}–{ends}" for begins, ends in spans)

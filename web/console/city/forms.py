"""Forms of the administration: what was typed, what is wrong with it, and the one way in which they
are taken: act, commit, go on; or the same form again with the sentences beside its fields.
"""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import Response, request
from marshmallow import ValidationError

from app import problems
from app.database import db
from app.errors import XomError
from app.locale import current_locale, in_words
from app.sentences import both
from app.text import normalise, on_one_line
from reports.city import snapshot
from web.console.blueprint import blueprint
from web.console.drawing import go

NOT_A_DAY = both("Chọn một ngày.", "Choose a day.")
NOT_A_MOMENT = both("Chọn ngày và giờ, ví dụ 07:30 ngày 1/12/2026.", "Choose a day and a time.")
NOT_A_NUMBER = both("Ghi một số nguyên.", "Give a whole number.")

#: What was done, told on the page that comes next.
SAID: dict[str, tuple[str, str]] = {
    "saved": ("Đã lưu. Có hiệu lực ngay, chậm nhất sau 2 giây.",
              "Saved. Takes effect within 2 seconds."),
    "unchanged": ("Không có gì thay đổi.", "Nothing was changed."),
    "added": ("Đã thêm.", "Added."),
    "ended": ("Đã kết thúc. Lịch sử vẫn giữ nguyên.", "Ended. History keeps it."),
    "removed": ("Đã bỏ.", "Removed."),
    "recomputing": (
        "Đã lưu. Hạn của các phản ánh đang mở đang được tính lại, xong trong ít phút.",
        "Saved. Deadlines of open reports are being worked out anew; it takes a few minutes.",
    ),
    "imported": ("Đã nạp.", "Imported."),
    "given": ("Đã đăng thông báo.", "The notice is up."),
    "withdrawn": ("Đã gỡ thông báo.", "The notice was taken down."),
    "merged": ("Đã sáp nhập. Phản ánh đang mở đã chuyển.", "Merged. Open reports have moved."),
    "succeeded": ("Đã bàn giao. Phản ánh đang mở đã chuyển.", "Handed over. Open reports moved."),
    "retried": ("Đã đưa vào hàng đợi gửi lại.", "Queued to be sent again."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Form:
    """What stands in the fields, and what is wrong: by field; "" is the whole."""

    values: Mapping[str, str] = field(default_factory=dict)
    several: Mapping[str, list[str]] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str:
        return self.values.get(name, "")

    def listed(self, name: str) -> list[str]:
        return self.several.get(name, [])

    def line(self, name: str) -> str | None:
        """Words on one line; None when there are none."""
        return on_one_line(normalise(self.get(name))) or None

    def lines(self, name: str) -> list[str]:
        """One piece of words a line, each once."""
        found = (on_one_line(normalise(line)) for line in self.get(name).splitlines())
        return list(dict.fromkeys(filter(None, found)))

    def checked(self, name: str) -> bool:
        return self.get(name) == "yes"

    def day(self, name: str) -> date | None:
        """A day; None when none was given. Raises ValidationError."""
        text = self.get(name).strip()
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            raise ValidationError({name: [NOT_A_DAY]}) from None

    def needed_day(self, name: str) -> date:
        found = self.day(name)
        if found is None:
            raise ValidationError({name: [NOT_A_DAY]})
        return found

    def moment(self, name: str) -> datetime:
        """A moment in the city's own time. Raises ValidationError."""
        zone = ZoneInfo(snapshot.current().profile.timezone)
        try:
            return datetime.fromisoformat(self.get(name).strip()).replace(tzinfo=zone)
        except ValueError:
            raise ValidationError({name: [NOT_A_MOMENT]}) from None

    def number(self, name: str) -> int | None:
        text = self.get(name).strip()
        try:
            return int(text) if text else None
        except ValueError:
            raise ValidationError({name: [NOT_A_NUMBER]}) from None


def sent() -> Form:
    """The form of this request, as it was typed."""
    several = {name: request.form.getlist(name) for name in request.form}
    return Form(request.form.to_dict(), several)


def asked() -> Form:
    """The same of an address's query."""
    several = {name: request.args.getlist(name) for name in request.args}
    return Form(request.args.to_dict(), several)


def taken(
    act: Callable[[], str | bool | None],
    *,
    form: Form,
    again: Callable[[Form], Response],
    then: str | Callable[[], str],
    said: str = "saved",
) -> Response:
    """Act and commit, then go to `then`; else the form `again`, with what to put right.

    `act` may answer what is to be said instead; False: that nothing changed.
    """
    try:
        told = act()
        db.session.commit()
    except (XomError, ValidationError) as error:
        db.session.rollback()
        return refused(error, form, again)
    word = told if isinstance(told, str) else "unchanged" if told is False else said
    address = then() if callable(then) else then
    return go(f"{address}{'&' if '?' in address else '?'}said={word}")


def refused(
    error: XomError | ValidationError, form: Form, again: Callable[[Form], Response]
) -> Response:
    response = again(with_error(form, error))
    kind = problems.FieldsInvalid if isinstance(error, ValidationError) else type(error)
    response.status_code = problems.kind_of(kind)[0]
    return response


def with_error(form: Form, error: XomError | ValidationError) -> Form:
    """The same form with what is wrong. A sentence whose field the form lacks stands above it."""
    if isinstance(error, ValidationError):
        error = problems.FieldsInvalid(error.messages)
    locale = current_locale()
    wrong: dict[str, str] = {}
    for one in problems.fields_of(error, locale):
        name, sentence = _beside(one["field"], one["detail"], form)
        wrong[name] = f"{wrong[name]} {sentence}" if name in wrong else sentence
    return replace(form, wrong=wrong or {"": error.sentence(locale)})


def _beside(name: str, sentence: str, form: Form) -> tuple[str, str]:
    """Which field of the form a sentence stands beside. Of a list's third item, at the list."""
    first, _, rest = name.partition(".")
    if name in form.values or not name:
        return name, sentence
    if first in form.values and rest.isdigit():
        items = form.lines(first)
        item = items[int(rest)] if int(rest) < len(items) else ""
        return first, f"“{item}”: {sentence}" if item else sentence
    return "", sentence


@blueprint.app_template_global("city_said")
def said() -> str:
    """What the page before did; empty for none."""
    words = SAID.get(request.args.get("said", ""))
    return in_words(*words) if words else ""


@blueprint.app_template_global("city_day")
def spoken_day(day: date | None) -> str:
    """2/1/2026, or 2 January 2026."""
    if day is None:
        return ""
    return in_words(f"{day.day}/{day.month}/{day.year}", f"{day.day} {day:%B %Y}")


@blueprint.app_template_global("city_local")
def local(at: datetime | None) -> str:
    """2026-12-01T07:30 in the city's zone, as a field for day and time takes it."""
    if at is None:
        return ""
    zone = ZoneInfo(snapshot.current().profile.timezone)
    return f"{at.astimezone(zone):%Y-%m-%dT%H:%M}"


def bare(words: str) -> str:
    """Small letters without marks."""
    apart = unicodedata.normalize("NFD", words.lower().replace("đ", "d"))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))

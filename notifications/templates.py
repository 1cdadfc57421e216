"""What a person reads: a kind and a plain payload become a title and a body in their language.

Only the fields named here reach a text, so that no free words of a report ever do; of a private
category nothing is told but the code. Which kinds exist, and what each needs: `kinds`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from jinja2 import FileSystemLoader, StrictUndefined, Template, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from notifications.kinds import DIGEST

FOLDER = Path(__file__).parent / "templates"
LETTERS = Path(__file__).parent / "letters"  # texts that are sent by mail alone
TITLE_MOST = 50  # letters; phones cut longer ones
BODY_MOST = 240
DESK = "/console"  # where officials work

#: Longest form of a name within a text; a longer one ends in an ellipsis.
_NAMES = {"category": 40, "area": 40, "office": 60}
_HOST = 26  # letters of the host of a webhook: its title holds no more
_MOMENTS = {"due": "due_at", "until": "until_at"}
_PLAIN = ("code", "lead_code", "outcome", "reason", "recurrence")

_PRIVATE_BODY = {
    "vi": "Mở ứng dụng để xem chi tiết.",
    "en": "Open the app to see more.",
}
_UNKNOWN = {"vi": ("Có tin mới", "Mở ứng dụng để xem."), "en": ("News for you", "Open the app.")}


class Unrenderable(Exception):
    """There is no template for this kind, or the payload lacks what it needs."""


@dataclass(frozen=True, slots=True)
class Text:
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, as far as a text needs to know."""

    locale: str
    timezone: str  # of the city, unless the payload names another
    official: bool = False  # officials are told what to do, residents what becomes of it

    @property
    def language(self) -> str:
        return "en" if self.locale == "en" else "vi"


def render(kind: str, payload: Mapping[str, Any], reader: Reader, *, at: datetime) -> Text:
    """The text of one message, told at the moment `at`. Raises Unrenderable."""
    locale = reader.language
    try:
        words = _words(payload, locale, payload.get("timezone") or reader.timezone, at)
        words["official"] = reader.official
        title, _, body = _template(kind, locale).render(words).strip().partition("\n")
    except (TemplateError, KeyError, ValueError, TypeError) as error:
        raise Unrenderable(f"{kind}: {type(error).__name__}: {error}"[:200]) from error
    if payload.get("private"):
        body = _PRIVATE_BODY[locale]  # and titles hold no more than the code: a test sees to it
    return Text(_tidy(title), _tidy(body))


def more_of(kind: str, payload: Mapping[str, Any], reader: Reader) -> str:
    """The lines that a letter of this kind has below its body; most have none. Raises
    Unrenderable."""
    if kind != DIGEST:
        return ""
    try:
        template = _environment().get_template(f"{kind}/{reader.language}.more.txt")
        return template.render(desk=payload["desk"], news=payload["news"]).strip()
    except (TemplateError, KeyError, ValueError, TypeError) as error:
        raise Unrenderable(f"{kind}: {type(error).__name__}: {error}"[:200]) from error


def render_or_plain(kind: str, payload: Mapping[str, Any], reader: Reader, *, at: datetime) -> Text:
    """For lists that must not fail because of one message: says that there is news."""
    try:
        return render(kind, payload, reader, at=at)
    except Unrenderable:
        return Text(*_UNKNOWN[reader.language])


def spoken_moment(at: datetime, *, locale: str, timezone: str) -> str:
    """17:00 thứ Ba 1/12; 17:00 on Tuesday 1 December."""
    local = at.astimezone(ZoneInfo(timezone))
    if locale == "en":
        return format_datetime(local, "HH:mm 'on' EEEE d MMMM", locale="en_GB")
    return format_datetime(local, "HH:mm EEEE d/M", locale="vi").replace("Thứ", "thứ")


def path_of(payload: Mapping[str, Any], *, official: bool = False) -> str:
    """Where a tap on the message leads, within the site: the report that it is about. Officials
    read it at their desk."""
    if path := payload.get("path"):
        return str(path)
    code = str(payload.get("code") or "").replace("-", "")
    if official:
        return f"{DESK}/reports/{code}" if code else f"{DESK}/inbox"
    return f"/reports/{code}" if code else "/messages"


@cache
def _environment() -> SandboxedEnvironment:
    return SandboxedEnvironment(
        loader=FileSystemLoader([FOLDER, LETTERS]),
        undefined=StrictUndefined,
        finalize=_something,
        autoescape=False,  # plain text: the channels that need markup escape it
        auto_reload=False,
        keep_trailing_newline=False,
    )


def _template(kind: str, locale: str) -> Template:
    return _environment().get_template(f"{kind}/{locale}.txt")


def _something(value: Any) -> Any:
    """Refuse to print what the payload did not bring."""
    if value is None:
        raise ValueError("the payload lacks a field that this text prints")
    return value


def _words(payload: Mapping[str, Any], locale: str, timezone: str, at: datetime) -> dict[str, Any]:
    """Every name that a template may use; None for what the payload lacks."""
    words: dict[str, Any] = {name: payload.get(name) for name in _PLAIN}
    for name, most in _NAMES.items():
        words[name] = _shortened(payload.get(f"{name}_{locale}"), most)
    for name, field in _MOMENTS.items():
        moment = _moment(payload.get(field))
        words[name] = moment and spoken_moment(moment, locale=locale, timezone=timezone)
    due = _moment(payload.get("due_at"))
    words["due_ahead"] = due is not None and due > at
    words["webhook"] = _shortened(payload.get("webhook"), _HOST)
    words["desk"] = payload.get("desk")
    words["planned"] = _spoken_day(_moment(payload.get("planned_for")), locale, timezone)
    return words


def _shortened(name: Any, most: int) -> str | None:
    if name is None:
        return None
    text = str(name)
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _moment(value: Any) -> datetime | None:
    if not value:
        return None
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone")
    return moment


def _spoken_day(day: datetime | None, locale: str, timezone: str) -> str | None:
    if day is None:
        return None
    local = day.astimezone(ZoneInfo(timezone))
    if locale == "en":
        return format_datetime(local, "d MMMM", locale="en_GB")
    return f"{local.day}/{local.month}"


def _tidy(text: str) -> str:
    return " ".join(text.split())

"""An update as a client writes it down, field by field, and all that is missing told at once.

Who wrote it at the client (first_name, email, phone …) is not read: an update needs no name, and
what is not read is not kept. When it happened there is read and not used: a step has the time at
which it was taken here, so that nobody counts themselves on time.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from app.errors import Invalid
from app.sentences import both
from app.text import normalise, on_one_line
from reports.open311 import moments
from reports.open311.asked import LONGEST_SPAN, Given, one
from reports.open311.errors import SpanBackward, SpanTooLong
from reports.open311.updates_meaning import SentUpdate, Told
from reports.open311.updates_sent import id_of

NEEDED = ("service_request_id", "update_id", "updated_datetime", "status", "description")
MOST_WORDS = 4000  # as of a request's description
LONGEST_ID = 255
USUAL_SPAN = timedelta(days=1)  # as far back as FixMyStreet looks again for what it missed
_A_SECOND = timedelta(seconds=1)
_BETWEEN_WORDS = re.compile(r"[\s_-]+")


class UpdateLacks(Invalid):
    code = "update-lacks"
    vi = "Mục này thiếu hoặc để trống. Hãy điền vào."
    en = "This is missing, or empty. Fill it in."


class UnknownUpdateStatus(Invalid):
    code = "unknown-update-status"
    vi = "Không có trạng thái này. Dùng một trong các trạng thái: {known}."
    en = "There is no such status. Use one of these: {known}."
    field = "status"


class UpdateTooLong(Invalid):
    code = "update-too-long"
    vi = "Quá dài. Viết nhiều nhất {most} ký tự."
    en = "Too long. Write at most {most} characters."


@dataclass(frozen=True, slots=True)
class AskedUpdates:
    """[since, until); of more than an answer holds the oldest, or the newest."""

    span: tuple[datetime, datetime]
    newest: bool


def span(given: Given, zone: ZoneInfo, *, at: datetime) -> AskedUpdates:
    """`start_date` and `end_date`, both included to the second; one alone reaches 90 days, none is
    the last day and night. Raises BadMoment, SpanBackward, SpanTooLong."""
    start, end = (_moment(given, name, zone) for name in ("start_date", "end_date"))
    newest = start is None and end is None
    last = end or (start + LONGEST_SPAN if start else at)
    first = start or last - (USUAL_SPAN if newest else LONGEST_SPAN)
    if last < first:
        raise SpanBackward(field="end_date")
    if last - first > LONGEST_SPAN:
        raise SpanTooLong(field="end_date", days=LONGEST_SPAN.days)
    whole = last.replace(microsecond=0) + _A_SECOND
    return AskedUpdates((first.replace(microsecond=0), whole), newest)


def _moment(given: Given, name: str, zone: ZoneInfo) -> datetime | None:
    text = one(given, name)
    return moments.read(text, zone, field=name) if text else None


def read(given: Given, *, client_id: UUID, zone: ZoneInfo) -> SentUpdate:
    """The update that these fields say. Raises an Invalid that names the field, or several."""
    _require_all(given)
    moments.read(one(given, "updated_datetime"), zone, field="updated_datetime")
    update_id = _text(given, "update_id", most=LONGEST_ID)
    planned = one(given, "attribute[planned_for]")
    return SentUpdate(
        id=id_of(client_id, update_id),
        request_id=_text(given, "service_request_id", most=LONGEST_ID),
        told=_status(one(given, "status")),
        words=_words(given),
        planned_for=moments.read(planned, zone, field="attribute.planned_for") if planned else None,
        duplicate_of=one(given, "attribute[duplicate_of]")[:LONGEST_ID] or None,
    )


def _require_all(given: Given) -> None:
    missing = [name for name in NEEDED if not one(given, name)]
    if missing:
        told = {name: [both(UpdateLacks.vi, UpdateLacks.en)] for name in missing}
        raise UpdateLacks(field=missing[0], errors=told)


def _status(text: str) -> Told:
    """However it is written: `IN_PROGRESS`, `in progress`, `in-progress`."""
    try:
        return Told(_BETWEEN_WORDS.sub("_", text.lower()))
    except ValueError:
        raise UnknownUpdateStatus(known=", ".join(told.upper() for told in Told)) from None


def _text(given: Given, name: str, *, most: int) -> str:
    text = on_one_line(normalise(one(given, name)))
    if len(text) > most:
        raise UpdateTooLong(field=name, most=most)
    return text


def _words(given: Given) -> str:
    words = normalise(one(given, "description")).strip()
    if len(words) > MOST_WORDS:
        raise UpdateTooLong(field="description", most=MOST_WORDS)
    if not words:
        raise UpdateLacks(field="description")
    return words

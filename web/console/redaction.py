"""Covering parts of a photo, and words of a report or of an office's reply, before others see them.
Boxes are drawn, moved with the arrows, or written as numbers; nothing is proposed.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response, request
from sqlalchemy import or_, select

from app import problems
from app.auth.guards import current, may_enter, requires
from app.clock import now
from app.database import db
from app.errors import NotFound, XomError
from app.limits import by_account, limit
from app.locale import current_locale, in_words
from reports import codes, complaints, looking, presenting, redaction
from reports.darkroom.printing import Box
from reports.models import Photo, Report, StatusChange
from reports.permissions import Permission
from web.console.blueprint import blueprint
from web.console.drawing import go, me, page
from web.console.places import address_of
from web.console.report import find

ROWS = 3  # empty ones, for those who write numbers

_SAID = {
    "words": ("Đã sửa chữ công chúng đọc.", "What the public reads was changed."),
    "reply": (
        "Đã sửa câu trả lời công chúng đọc.",
        "What the public reads of the reply was changed.",
    ),
    "photo": ("Đã che ảnh.", "The photo was covered."),
    "told": ("Đã che, và báo cho người đã gửi lời báo.", "Redacted; whoever complained was told."),
    "restored": ("Đã trả lại ảnh gốc.", "The original is back."),
}


@blueprint.get("/reports/<code>/redact")
@requires(Permission.CENTRE)
def redact(code: str) -> Response:
    """The words and the photos of a report, each to be redacted."""
    shown, _ = find(code)
    return _page(shown)


@blueprint.post("/reports/<code>/words")
@requires(Permission.CENTRE)
@limit("600 per hour", by=by_account)
def redact_words(code: str) -> Response:
    """What the public reads from now on; what was sent stays for officials."""
    shown, _ = find(code)
    db.session.refresh(shown, with_for_update=True)
    words, seen = request.form.get("words", ""), request.form.get("seen", "")
    waited, by = _waiting(shown), current().account_id
    try:
        redaction.redact_words(shown, words[:5000], seen=seen, by=by, at=now())
        db.session.commit()
    except XomError as error:
        db.session.rollback()
        return _status(_page(find(code)[0], words=words, wrong=_sentence(error)), error)
    return _back(shown, "words", waited)


@blueprint.post("/reports/<code>/replies/<uuid:change_id>/words")
@requires(Permission.CENTRE)
@limit("600 per hour", by=by_account)
def redact_reply(code: str, change_id: UUID) -> Response:
    """What the public reads of an office's reply; the reply itself stays for officials."""
    shown, _ = find(code)
    db.session.refresh(shown, with_for_update=True)
    words, seen = request.form.get("words", ""), request.form.get("seen", "")
    waited, by = _waiting(shown), current().account_id
    try:
        redaction.redact_reply(shown, change_id, words[:5000], seen=seen, by=by, at=now())
        db.session.commit()
    except XomError as error:
        db.session.rollback()
        wrong = {"id": change_id, "words": words, "sentence": _sentence(error)}
        return _status(_page(find(code)[0], wrong_reply=wrong), error)
    return _back(shown, "reply", waited)


@blueprint.get("/photos/<uuid:photo_id>/redact")
@requires(Permission.CENTRE)
def redact_photo(photo_id: UUID) -> Response:
    """One photo, with the boxes to be painted over it."""
    photo, shown = _photo(photo_id)
    return _photo_page(photo, shown)


@blueprint.post("/photos/<uuid:photo_id>/redact")
@requires(Permission.CENTRE)
@limit("600 per hour", by=by_account)
def cover_photo(photo_id: UUID) -> Response:
    """Paint the boxes over it. The original is kept apart for 30 days."""
    _, shown = _photo(photo_id)
    code, rows, waited = shown.code, _typed_rows(), _waiting(shown)
    db.session.rollback()  # nothing stays open while the picture is in hand
    try:
        seen = request.form.get("seen", "")
        redaction.redact_photo(photo_id, _boxes(rows), seen=seen, by=current().account_id, at=now())
        db.session.commit()
    except XomError as error:
        db.session.rollback()
        photo, shown = _photo(photo_id)
        return _status(_photo_page(photo, shown, rows=rows, wrong=_sentence(error)), error)
    return _back(find(code)[0], "photo", waited)


@blueprint.post("/photos/<uuid:photo_id>/restore")
@requires(Permission.CENTRE)
@limit("600 per hour", by=by_account)
def restore_photo(photo_id: UUID) -> Response:
    """Undo what was covered by mistake, while the original is there."""
    _, shown = _photo(photo_id)
    code = shown.code
    db.session.rollback()
    seen, reason = request.form.get("seen", ""), request.form.get("reason", "").strip()
    try:
        redaction.restore_photo(
            photo_id, seen=seen, by=current().account_id, reason=reason, at=now()
        )
        db.session.commit()
    except XomError as error:
        db.session.rollback()
        return _status(_page(find(code)[0], wrong_photo=_sentence(error)), error)
    return _back(find(code)[0], "restored")


@blueprint.app_template_global("at_centre")
def at_centre() -> bool:
    """Does whoever looks work at the centre's desk? For the links to it."""
    return may_enter("console.redact")


def _page(shown: Report, **besides: Any) -> Response:
    return page(
        "console/redaction.html",
        **{
            "code": codes.spoken(shown.code),
            "row": shown,
            "pictures": _pictures(shown),
            "begun": complaints.being_redacted(shown.id),
            "words": shown.public_description,
            "seen_words": redaction.mark_of_words(shown),
            "said": _said(),
            "replies": redaction.replies(shown),
            "wrong": None,
            "wrong_reply": {},
            "wrong_photo": None,
        }
        | besides,
    )


def _photo_page(
    photo: Photo, shown: Report, *, rows: list[Mapping[str, str]] | None = None, wrong: str = ""
) -> Response:
    empty = [dict.fromkeys("xywh", "")] * ROWS
    return page(
        "console/redact_photo.html",
        photo=presenting.photo_out(photo),
        seen=redaction.mark_of(photo),
        begun=complaints.being_redacted(shown.id, photo_id=photo.id),
        code=codes.spoken(shown.code),
        rows=[*(rows or []), *empty],
        wrong=wrong,
        kept_days=redaction.KEPT_FOR.days,
    )


def _pictures(shown: Report) -> list[dict[str, Any]]:
    """All photos of the report and of the answers to it, oldest first."""
    changes = select(StatusChange.id).where(StatusChange.report_id == shown.id)
    mine = or_(Photo.report_id == shown.id, Photo.change_id.in_(changes))
    rows = db.session.scalars(select(Photo).where(mine).order_by(Photo.created_at, Photo.position))
    return [
        presenting.photo_out(photo)
        | {
            "seen": redaction.mark_of(photo),
            "redacted_at": photo.redacted_at,
            "original_until": photo.original_until,
            "of_answer": photo.change_id is not None,
        }
        for photo in rows
    ]


def _photo(photo_id: UUID) -> tuple[Photo, Report]:
    """A photo of a report that is this dispatcher's to steer; any other is not there."""
    photo = db.session.get(Photo, photo_id)
    if photo is None:
        raise NotFound
    report_id = redaction.report_of(photo)
    if report_id is None:
        raise NotFound
    shown, _ = looking.inside(str(report_id), me(), current_locale())
    return photo, shown


def _typed_rows() -> list[Mapping[str, str]]:
    """The boxes as they were written; those left empty are left out."""
    columns = [request.form.getlist(name)[:100] for name in "xywh"]
    rows = [
        dict(zip("xywh", (text.strip()[:8] for text in row), strict=True))
        for row in zip(*columns, strict=False)
    ]
    return [row for row in rows if any(row.values())]


def _boxes(rows: list[Mapping[str, str]]) -> list[Box]:
    return [_box(row) for row in rows]


def _box(row: Mapping[str, str]) -> Box:
    """What is no number is a box of no size, which `redaction` refuses by its number."""
    try:
        x, y, w, h = (round(float(row[name])) for name in "xywh")
    except (ValueError, OverflowError):
        return 0, 0, 0, 0
    return x, y, x + w, y + h


def _said() -> str | None:
    known = _SAID.get(request.args.get("said", ""))
    return in_words(*known) if known else None


def _sentence(error: XomError) -> str:
    return error.sentence(current_locale())


def _status(response: Response, error: XomError) -> Response:
    response.status_code = problems.kind_of(type(error))[0]
    return response


def _waiting(shown: Report) -> int:
    return len(complaints.being_redacted(shown.id))


def _back(shown: Report, said: str, waited: int = 0) -> Response:
    """To the page, saying what was done; `waited`: how many complaints did before."""
    if _waiting(shown) < waited:
        said = "told"
    code = codes.spoken(shown.code)
    return go(address_of("console.redact", {}, code=code, said=said))

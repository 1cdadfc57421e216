"""What is taken out of something published: boxes over a photo, words left out of a report.

What was there before is kept apart: a photo's original under its own key for 30 days, served to
nobody, put back by a dispatcher who made a mistake, then deleted; words in the report's own
`description`, and in the step of an office's reply, which the public does not read. A complaint for
which that was done is decided with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from app import audit, storage
from app.database import db, reading
from app.errors import Conflict, Invalid, NotFound
from app.text import normalise
from reports import complaints, photos, timeline, webhook_events
from reports.darkroom.printing import Box, Processed
from reports.desk.models import RedactedReply
from reports.models import Photo, Report, StatusChange

KEPT_FOR = timedelta(days=30)
MOST_BOXES = 40
SMALLEST = 4  # pixels of a side: less is a slip of the hand
BATCH = 200


class NoBoxes(Invalid):
    code = "no-boxes"
    vi = "Vẽ ít nhất một ô trên phần cần che."
    en = "Draw at least one box over what is to be covered."
    field = "boxes"


class BoxOutside(Invalid):
    code = "bad-box"
    vi = "Ô {number} nằm ngoài ảnh hoặc quá nhỏ. Ảnh rộng {width}, cao {height} điểm ảnh."
    en = "Box {number} is outside the photo or too small. It is {width} by {height} pixels."
    field = "boxes"


class TooManyBoxes(Invalid):
    code = "too-many-boxes"
    vi = "Tối đa {most} ô cho một ảnh."
    en = "At most {most} boxes on one photo."
    field = "boxes"


class PhotoChanged(Conflict):
    code = "photo-changed"
    vi = "Người khác vừa che hoặc khôi phục ảnh này. Xem lại ảnh rồi làm tiếp nếu còn cần."
    en = "Somebody else has just covered or restored this photo. Look again, then go on if needed."


class NoOriginal(Invalid):
    code = "no-original"
    vi = "Ảnh gốc không còn: quá 30 ngày thì ảnh gốc đã được xóa."
    en = "The original is gone: it is deleted after 30 days."


class ReasonMissing(Invalid):
    code = "restore-reason-missing"
    vi = "Viết vì sao trả lại ảnh gốc."
    en = "Say why the original is put back."
    field = "reason"


class WordsChanged(Conflict):
    code = "words-changed"
    vi = "Người khác vừa sửa chữ công chúng đọc, nay là: “{words}”. Xem lại rồi lưu nếu vẫn đúng."
    en = "Somebody else has just changed the public words to “{words}”. Look again, then save."


class NothingLeft(Invalid):
    code = "nothing-left"
    vi = "Để lại vài chữ cho người đọc hiểu. Muốn bỏ hẳn thì ẩn phản ánh."
    en = "Leave a few words, so that it can be understood. To take all away, hide the report."
    field = "words"


def mark_of(photo: Photo) -> str:
    """What tells this picture from what it was before and will be after: for `seen`."""
    return _mark(photo.key)


def redact_photo(
    photo_id: UUID, boxes: Sequence[Box], *, seen: str, by: UUID, at: datetime
) -> Photo:
    """Paint boxes over a photo as it was `seen` (`mark_of`): both sizes and the thumbhash are made
    anew under a new key. Flushes. Call it with no transaction open: the picture may take seconds.
    """
    key, size = _as_seen(photo_id, seen)
    done = photos.process(storage.get(key), boxes=_checked(boxes, size))
    new_key = photos.write_files(done)
    photo = _locked(photo_id, seen)
    old = [photo.small_key]
    if photo.original_key is None:
        photo.original_key, photo.original_until = photo.key, at + KEPT_FOR
    else:
        old.append(photo.key)
    photo.redacted_at = at
    _now_shows(photo, new_key, done)
    storage.delete_on_commit(*old)
    report_id = report_of(photo)
    if report_id is not None:
        _retold(report_id, at)
    audit.record("photo.redact", subject=f"photo:{photo_id}", actor_id=by, fields=["picture"])
    if report_id is not None:
        complaints.redacted(report_id, photo_id=photo_id, by=by, at=at)
    return photo


def report_of(photo: Photo) -> UUID | None:
    """Of which report it is, or of an answer to which; None of one that was never sent."""
    change = db.session.get(StatusChange, photo.change_id) if photo.change_id else None
    return change.report_id if change else photo.report_id


def restore_photo(photo_id: UUID, *, seen: str, by: UUID, reason: str, at: datetime) -> Photo:
    """Put the original back, boxes and all undone. Flushes; no transaction open before."""
    if not reason.strip():
        raise ReasonMissing
    _as_seen(photo_id, seen)
    with reading() as connection:
        original = connection.scalar(select(Photo.original_key).where(Photo.id == photo_id))
    if original is None:
        raise NoOriginal
    done = photos.process(storage.get(original))
    new_key = photos.write_files(done)
    photo = _locked(photo_id, seen)
    storage.delete_on_commit(photo.key, photo.small_key, original)
    photo.redacted_at, photo.original_key, photo.original_until = None, None, None
    _now_shows(photo, new_key, done)
    if (report_id := report_of(photo)) is not None:
        _retold(report_id, at)
    audit.record(
        "photo.restore",
        subject=f"photo:{photo_id}",
        actor_id=by,
        fields=["picture"],
        reason=reason[:500],
    )
    return photo


def _retold(report_id: UUID, at: datetime) -> None:
    """From now on the public reads it otherwise, though no step was taken."""
    db.session.get_one(Report, report_id).retold_at = at
    webhook_events.redacted(report_id, at=at)


def mark_of_words(report: Report) -> str:
    """What tells the public words from what they were and will be: for `seen`."""
    return _mark(report.public_description)


def redact_words(report: Report, words: str, *, seen: str, by: UUID, at: datetime) -> None:
    """What the public reads of a report from now on, written on what was `seen` (`mark_of_words`);
    what was sent stays as it is. The report is locked by the caller. Flushes."""
    words = normalise(words).strip()
    if not words and report.description:
        raise NothingLeft
    if words == report.public_description:
        return
    if mark_of_words(report) != seen:
        raise WordsChanged(words=report.public_description)
    report.public_description = words
    _retold(report.id, at)
    fields = ["public_description"]
    audit.record("report.redact", subject=f"report:{report.id}", actor_id=by, fields=fields)
    complaints.redacted(report.id, by=by, at=at)


@dataclass(frozen=True, slots=True)
class Reply:
    """An office's reply: as it was written, and as the public reads it."""

    change: StatusChange
    public: str

    @property
    def mark(self) -> str:
        return _mark(self.public)


def replies(report: Report) -> list[Reply]:
    """The offices' replies that the public reads, oldest first."""
    said = (
        select(StatusChange)
        .where(StatusChange.report_id == report.id, StatusChange.note != "")
        .where(StatusChange.step.in_(timeline.PUBLIC_NOTES))
        .order_by(StatusChange.version)
    )
    left = timeline.redacted_replies(report.id)
    return [Reply(row, left.get(row.id, row.note)) for row in db.session.scalars(said)]


def redact_reply(
    report: Report, change_id: UUID, words: str, *, seen: str, by: UUID, at: datetime
) -> None:
    """What the public reads of an office's reply from now on, written on what was `seen`
    (`Reply.mark`). The report is locked by the caller. Flushes."""
    reply = next((one for one in replies(report) if one.change.id == change_id), None)
    if reply is None:
        raise NotFound
    words = normalise(words).strip()
    if not words:
        raise NothingLeft
    if words == reply.public:
        return
    if reply.mark != seen:
        raise WordsChanged(words=reply.public)
    if words == reply.change.note:
        db.session.execute(delete(RedactedReply).where(RedactedReply.change_id == change_id))
    else:
        _keep_reply(change_id, words, at)
    _retold(report.id, at)
    fields = ["reply"]
    audit.record("report.redact", subject=f"report:{report.id}", actor_id=by, fields=fields)
    complaints.redacted(report.id, by=by, at=at)


def _keep_reply(change_id: UUID, words: str, at: datetime) -> None:
    row = {"change_id": change_id, "words": words, "at": at}
    new = {"words": words, "at": at}
    added = insert(RedactedReply).values(row)
    db.session.execute(added.on_conflict_do_update(index_elements=["change_id"], set_=new))


def sweep_originals(at: datetime) -> int:
    """Delete the originals whose time is over, at most so many at once. How many."""
    over = (
        select(Photo)
        .where(Photo.original_key.is_not(None), Photo.original_until < at)
        .order_by(Photo.original_until)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    found = db.session.scalars(over).all()
    storage.delete_on_commit(*(photo.original_key for photo in found if photo.original_key))
    for photo in found:
        photo.original_key, photo.original_until = None, None
    db.session.flush()
    return len(found)


def _as_seen(photo_id: UUID, seen: str) -> tuple[str, tuple[int, int]]:
    with reading() as connection:
        columns = (Photo.key, Photo.width, Photo.height)
        row = connection.execute(select(*columns).where(Photo.id == photo_id)).one_or_none()
    if row is None:
        raise NotFound
    if _mark(row.key) != seen:
        raise PhotoChanged
    return row.key, (row.width, row.height)


def _locked(photo_id: UUID, seen: str) -> Photo:
    """The row, still as it was seen. Files already written are left to `photos.sweep_orphans`."""
    photo = db.session.get(Photo, photo_id, populate_existing=True, with_for_update=True)
    if photo is None or _mark(photo.key) != seen:
        raise PhotoChanged
    return photo


def _mark(key: str) -> str:
    return sha256(key.encode()).hexdigest()[:16]


def _now_shows(photo: Photo, key: str, done: Processed) -> None:
    photo.key, photo.small_key = key, photos.small_of(key)
    photo.width, photo.height, photo.thumbhash = done.width, done.height, done.thumbhash
    db.session.flush()
    if photo.report_id:
        photos.cover_anew({photo.report_id})


def _checked(boxes: Sequence[Box], size: tuple[int, int]) -> tuple[Box, ...]:
    """The boxes cut to the picture. Raises NoBoxes, TooManyBoxes, BoxOutside."""
    if not boxes:
        raise NoBoxes
    if len(boxes) > MOST_BOXES:
        raise TooManyBoxes(most=MOST_BOXES)
    width, height = size
    cut = [(max(0, x), max(0, y), min(width, right), min(height, bottom))
           for x, y, right, bottom in boxes]  # fmt: skip
    for number, (left, top, right, bottom) in enumerate(cut, 1):
        if right - left < SMALLEST or bottom - top < SMALLEST:
            raise BoxOutside(number=number, width=width, height=height)
    return tuple(cut)

"""Whether an office's photo of its work may be doubted: used before, taken before the report was
sent or long ago, taken elsewhere. Said to officials, quietly; it decides nothing (docs/adr/0029).

Of the picture's metadata only the moment and the distance from the pin are kept, and only of the
photos that an office answers with.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Row, or_, select, update
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import aliased

from app.database import db
from app.errors import NotFound
from app.sentences import Both, both
from reports import codes, looking, spoken
from reports.likeness import look_alike
from reports.models import Photo, Report, StatusChange
from reports.photos import Stored
from reports.places import distances_from
from reports.presenting import View

FAR_M = 500  # satellites among houses err by a hundred, pins by more
LONG_AGO = timedelta(days=7)  # before it was sent in
CLOCKS_DIFFER = timedelta(minutes=10)
LIKENESS_BITS = 5  # of 64 that may differ: the same picture sent through a messenger
LOOKED_THROUGH = 500  # of somebody's earlier photos for one that looks alike, the newest


def keep(stored: Stored, report: Report) -> None:
    """Keep when the photo was taken and how far from the report's pin, as far as it told. Flushes;
    again changes nothing."""
    metres = None
    if stored.lat is not None and stored.lng is not None:
        metres = round(distances_from((report.lat, report.lng))((stored.lat, stored.lng)))
    if stored.taken_at is None and metres is None:
        return
    fresh = Photo.id == stored.photo.id, Photo.taken_at.is_(None), Photo.from_pin_m.is_(None)
    values = {"taken_at": stored.taken_at, "from_pin_m": metres}
    db.session.execute(
        update(Photo).where(*fresh).values(values),
        execution_options={"synchronize_session": False},
    )


def flags(report: Report, view: View) -> Mapping[UUID, list[Both]]:
    """What may be doubted of each photo that the report was answered with; nothing for most."""
    shown = db.session.scalars(
        select(Photo)
        .join(StatusChange, StatusChange.id == Photo.change_id)
        .where(StatusChange.report_id == report.id, StatusChange.step == "resolve")
        .execution_options(populate_existing=True)
    ).all()
    if not shown:
        return {}
    same, earlier = _same_files(shown), _earlier(report, shown)
    told = {
        photo.id: [
            *_used(photo, report, same.get(photo.id), earlier, view),
            *_when(photo, report),
            *_where(photo),
        ]
        for photo in shown
    }
    return {photo_id: sentences for photo_id, sentences in told.items() if sentences}


def _when(photo: Photo, report: Report) -> list[Both]:
    taken = photo.taken_at
    if taken is None:
        return []
    if taken < report.submitted_at - CLOCKS_DIFFER:
        days = (report.submitted_at - taken).days
        if not days:
            return [both("Chụp trước khi có phản ánh.", "Taken before the report was sent.")]
        vi = f"Chụp {days} ngày trước khi có phản ánh."
        return [both(vi, f"Taken {_days(days)} before the report was sent.")]
    if photo.created_at - taken > LONG_AGO:
        days = (photo.created_at - taken).days
        vi = f"Chụp {days} ngày trước khi gửi lên."
        return [both(vi, f"Taken {_days(days)} before it was sent in.")]
    return []


def _where(photo: Photo) -> list[Both]:
    metres = photo.from_pin_m
    if metres is None or metres <= FAR_M:
        return []
    vi, en = (spoken.spoken_distance(metres, locale) for locale in ("vi", "en"))
    return [both(f"Chụp cách điểm ghim {vi}.", f"Taken {en} from the pin.")]


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"


# Used before -----------------------------------------------------------------------------------

#: A photo that was used: id, likeness, moment, and the report or the step that it belongs to.
Used = Row[UUID, int, datetime, UUID | None, UUID | None]
_OF = (Photo.likeness, Photo.created_at, Photo.report_id, Photo.change_id)


def _same_files(shown: Sequence[Photo]) -> Mapping[UUID, Used]:
    """By photo: where the very same file was used last before it, anywhere, however long ago."""
    later = aliased(Photo)
    rows = db.session.execute(
        select(later.id, *_OF)
        .join(later, later.sha256 == Photo.sha256)
        .where(
            later.id.in_({photo.id for photo in shown}),
            Photo.created_at < later.created_at,
            Photo.change_id.is_distinct_from(later.change_id),
            or_(Photo.report_id.is_not(None), Photo.change_id.is_not(None)),
        )
        .order_by(later.id, Photo.created_at.desc())
        .ext(distinct_on(later.id))
    ).all()
    return {row.id: row for row in rows}


def _earlier(report: Report, shown: Sequence[Photo]) -> Sequence[Used]:
    """What they may look like: the photos of this report, and the newest of what the same
    officials sent before. Newest first."""
    before = select(Photo.id, *_OF).where(Photo.created_at < max(one.created_at for one in shown))
    of_this = select(StatusChange.id).where(StatusChange.report_id == report.id)
    here = before.where(or_(Photo.report_id == report.id, Photo.change_id.in_(of_this)))
    same_hand = (
        before.where(
            Photo.owner_id.in_({photo.owner_id for photo in shown}), Photo.change_id.is_not(None)
        )
        .order_by(Photo.created_at.desc())
        .limit(LOOKED_THROUGH)
    )
    found = [*db.session.execute(here).all(), *db.session.execute(same_hand).all()]
    return sorted(found, key=lambda row: row.created_at, reverse=True)


def _used(
    photo: Photo, report: Report, same: Used | None, earlier: Sequence[Used], view: View
) -> list[Both]:
    """The same file, or else one that looks the same."""
    if same is not None:
        return [_told(_report_of(same), report, view, same=True)]
    for row in earlier:
        if row.created_at >= photo.created_at or row.change_id == photo.change_id:
            continue
        if look_alike(row.likeness, photo.likeness, within=LIKENESS_BITS):
            return [_told(_report_of(row), report, view, same=False)]
    return []


def _report_of(row: Used) -> UUID:
    *_, report_id, change_id = row
    return report_id or db.session.get_one(StatusChange, change_id).report_id


def _told(used_in: UUID, report: Report, view: View, *, same: bool) -> Both:
    vi, en = ("Ảnh này đã dùng ở", "This photo was used before,") if same else (
        "Giống ảnh đã dùng ở", "It looks like one that was used before,")  # fmt: skip
    if used_in == report.id:
        return both(f"{vi} chính phản ánh này.", f"{en} in this very report.")
    try:
        other, _ = looking.inside(str(used_in), view.viewer, view.locale)
    except NotFound:
        return both(f"{vi} một phản ánh khác.", f"{en} in another report.")
    code = codes.spoken(other.code)
    return both(f"{vi} {code}.", f"{en} in {code}.")

"""Photos: taken in, made clean, stored, attached to one thing, swept when nobody wanted them.

What is done to the pixels is in `darkroom`; who may see a photo is for `permissions` and the views.
The bytes as sent are never stored. Their SHA-256 is: it tells a repeat from another picture.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from hashlib import sha256
from uuid import UUID, uuid4

import structlog
from sqlalchemy import delete, select, text, union, update
from sqlalchemy.dialects.postgresql import insert

from app import storage
from app.database import db, reading
from app.errors import Conflict, Invalid, OutOfSpace, Unavailable
from reports import covers, ownership
from reports.darkroom.errors import BadPhoto, PhotoBusy, PhotoKindRefused, PhotoTooLarge
from reports.darkroom.pool import init_photo_pool, process, tell_again
from reports.darkroom.printing import Processed
from reports.models import Photo, Report

__all__ = [
    "BadPhoto",
    "MissingPhotos",
    "PhotoBusy",
    "PhotoIsUsed",
    "PhotoKindRefused",
    "PhotoTooLarge",
    "Processed",
    "SameIdOtherPhoto",
    "Stored",
    "TooManyPhotos",
    "attach",
    "cover_anew",
    "delete_photos",
    "init_photo_pool",
    "photo_urls",
    "process",
    "read",
    "small_of",
    "store_photo",
    "sweep_loose",
    "sweep_orphans",
    "take_back",
    "write_files",
]

MOST = 12  # photos of one report, or of one step
LOOSE_FOR = timedelta(days=7)
ORPHAN_AFTER = timedelta(days=1)  # longer than any upload can take
BATCH = 500

log = structlog.get_logger()


class SameIdOtherPhoto(Conflict):
    code = "same-id-other-photo"
    vi = "Mã ảnh này đã dùng cho một ảnh khác. Gửi lại ảnh với mã mới."
    en = "This id already belongs to another photo. Send the photo with a new id."


class MissingPhotos(Invalid):
    """Never arrived, somebody else's, or already part of something else: told alike."""

    code = "missing-photos"
    vi = "Có ảnh chưa gửi lên được. Gửi lại những ảnh đó, rồi gửi phản ánh."
    en = "Some photos have not arrived. Send those again, then the report."
    field = "photos"

    def __init__(self, missing: Sequence[UUID]) -> None:
        super().__init__(missing_photos=[str(photo_id) for photo_id in missing])


class TooManyPhotos(Invalid):
    code = "too-many-photos"
    vi = "Tối đa {most} ảnh. Bỏ bớt rồi gửi lại."
    en = "At most {most} photos. Leave some out and send again."
    field = "photos"


class PhotoIsUsed(Conflict):
    code = "photo-is-used"
    vi = "Ảnh này đã gửi cùng phản ánh nên không lấy lại riêng được."
    en = "This photo was sent with a report, and cannot be taken back by itself."


@dataclass(frozen=True, slots=True)
class Stored:
    """A photo that is here, and what its metadata told: the pin and the time to propose."""

    photo: Photo
    created: bool  # False: it was already here
    taken_at: datetime | None  # UTC
    lat: float | None  # degrees, WGS84
    lng: float | None


def store_photo(
    photo_id: UUID, *, owner_id: UUID, data: bytes, at: datetime, zone: tzinfo | None = None
) -> Stored:
    """Take in one photo under the id that the phone made. Flushes; the edge commits.

    `zone` is the city's, for cameras whose clock names none. Raises SameIdOtherPhoto, or what
    `process` raises, or OutOfSpace. No database connection is held while the photo is in hand.
    """
    digest = sha256(data).digest()
    if known := _known(photo_id, owner_id, digest):
        return _again(known, data, zone)
    done = process(data, zone=zone)
    key = write_files(done)
    photo = _insert(photo_id, owner_id, digest, at, done, key)
    if photo is None:  # the same request, sent twice at once: the other one won
        _discard(key)
        known = _known(photo_id, owner_id, digest)
        if known is None:
            raise Unavailable()  # and was swept or undone meanwhile
        return Stored(known, created=False, taken_at=done.taken_at, lat=done.lat, lng=done.lng)
    return Stored(photo, created=True, taken_at=done.taken_at, lat=done.lat, lng=done.lng)


def photo_urls(photo: Photo) -> dict[str, str]:
    """Where the two sizes are served, to those who may see them."""
    return covers.addresses(photo.id)


def read(photo: Photo, *, small: bool = False) -> bytes:
    """The JPEG itself, in one of its two sizes."""
    return storage.get(photo.small_key if small else photo.key)


def attach(
    photo_ids: Sequence[UUID],
    *,
    owner_id: UUID,
    report_id: UUID | None = None,
    change_id: UUID | None = None,
) -> None:
    """Make these loose photos of the owner part of one report or one step, in this order.

    One statement. Raises MissingPhotos (the caller's transaction is then to be rolled back) or
    TooManyPhotos. A photo that is part of the same thing already stays so.
    """
    wanted = list(dict.fromkeys(photo_ids))
    if not wanted:
        return
    if len(wanted) > MOST:
        raise TooManyPhotos(most=MOST)
    values = {"ids": wanted, "owner": owner_id, "report": report_id, "change": change_id}
    attached = set(db.session.scalars(_ATTACH, values))
    if missing := [photo_id for photo_id in wanted if photo_id not in attached]:
        raise MissingPhotos(missing)


_ATTACH = text("""
    update photo
       set report_id = cast(:report as uuid), change_id = cast(:change as uuid),
           position = wanted.position - 1
      from unnest(cast(:ids as uuid[])) with ordinality as wanted (id, position)
     where photo.id = wanted.id and photo.owner_id = :owner
       and coalesce(photo.report_id, photo.change_id, cast(:report as uuid), cast(:change as uuid))
         = coalesce(cast(:report as uuid), cast(:change as uuid))
    returning photo.id
""")


def take_back(photo_id: UUID, *, owner_id: UUID) -> None:
    """Remove a loose photo of the owner; one that is not there, or not theirs, is no error. Raises
    PhotoIsUsed."""
    mine = Photo.id == photo_id, Photo.owner_id == owner_id
    loose = Photo.report_id.is_(None), Photo.change_id.is_(None)
    gone = delete(Photo).where(*mine, *loose).returning(Photo.key, Photo.small_key)
    if not _removed(db.session.execute(gone).all()) and db.session.scalar(
        select(Photo.id).where(*mine)
    ):
        raise PhotoIsUsed


def delete_photos(photo_ids: Collection[UUID]) -> int:
    """Remove these photos, their files as soon as that is committed. How many there were."""
    gone = delete(Photo).where(Photo.id.in_(photo_ids))
    kept = (Photo.key, Photo.small_key, Photo.original_key, Photo.report_id)
    rows = db.session.execute(gone.returning(*kept)).all()
    cover_anew({row.report_id for row in rows} - {None})
    storage.delete_on_commit(*(row.original_key for row in rows if row.original_key))
    return _removed([(row.key, row.small_key) for row in rows])


def cover_anew(report_ids: Collection[UUID]) -> None:
    """Their first photo, as it is now, is the cover; if there is one."""
    next_one = covers.cover_of(Photo.report_id == Report.id)
    if report_ids:
        db.session.execute(
            update(Report).where(Report.id.in_(report_ids)).values(cover=next_one),
            execution_options={"synchronize_session": "fetch"},
        )


def sweep_loose(now: datetime, older_than: timedelta = LOOSE_FOR) -> int:
    """Remove photos that nothing was made of, at most 500 at once. How many; the edge commits."""
    loose = (
        select(Photo.id)
        .where(Photo.report_id.is_(None), Photo.change_id.is_(None))
        .where(Photo.created_at < now - older_than)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    gone = delete(Photo).where(Photo.id.in_(loose)).returning(Photo.key, Photo.small_key)
    return _removed(db.session.execute(gone).all())


def sweep_orphans(now: datetime, *, shard: int | None = None) -> int:
    """Delete files that no row names: what a crash between file and commit left behind.

    One shard of 256 a run, by the hour when none is given: an hourly job has seen them all in
    eleven days, and never lists a whole country's photos. How many files.
    """
    number = int(now.timestamp()) // 3600 if shard is None else shard
    kept = storage.storage().left_over(f"{number % 256:02x}", before=now - ORPHAN_AFTER)
    mine = [key for key in kept if _KEY.fullmatch(key)]
    swept = 0
    for start in range(0, len(mine), BATCH):
        orphans = _without_row(mine[start : start + BATCH])
        for key in orphans:
            storage.delete(key)
        swept += len(orphans)
    if swept:
        log.info("orphaned photo files deleted", files=swept)
    return swept


def _known(photo_id: UUID, owner_id: UUID, digest: bytes) -> Photo | None:
    """The photo with this id, if it is this very one; another's is told nothing about.

    Read outside the transaction: what follows may take seconds.
    """
    with reading() as connection:
        row = connection.execute(select(Photo).where(Photo.id == photo_id)).one_or_none()
    if row is None:
        return None
    if row.owner_id != owner_id or row.sha256 != digest:
        raise SameIdOtherPhoto()
    return Photo(**row._mapping)


def _again(photo: Photo, data: bytes, zone: tzinfo | None) -> Stored:
    """The answer to a repeat. The first may have been lost with its proposals, so the metadata is
    read again; when that cannot be had at once, the photo is here all the same."""
    try:
        told = tell_again(data, zone=zone)
    except (PhotoBusy, BadPhoto, PhotoTooLarge):
        return Stored(photo, created=False, taken_at=None, lat=None, lng=None)
    return Stored(photo, created=False, taken_at=told.taken_at, lat=told.lat, lng=told.lng)


def write_files(done: Processed) -> str:
    """Both sizes under a key of their own. Not the photo's id: that is the phone's to choose, and
    two owners who chose the same one would write over each other's file."""
    key = _new_key()
    try:
        storage.put(key, done.large)
        storage.put(small_of(key), done.small)
    except Exception:
        _discard(key)
        raise
    return key


def _insert(
    photo_id: UUID, owner_id: UUID, digest: bytes, at: datetime, done: Processed, key: str
) -> Photo | None:
    """The row, or None when the id is taken."""
    row = insert(Photo).values(
        id=photo_id,
        owner_id=ownership.now_of(owner_id),
        sha256=digest,
        key=key,
        small_key=small_of(key),
        width=done.width,
        height=done.height,
        thumbhash=done.thumbhash,
        likeness=done.likeness,
        created_at=at,
        position=0,
    )
    return db.session.scalars(row.on_conflict_do_nothing().returning(Photo)).one_or_none()


def _discard(key: str) -> None:
    """Best effort: what stays behind is an orphan, and swept."""
    for name in (key, small_of(key)):
        try:
            storage.delete(name)
        except (Unavailable, OutOfSpace):
            log.warning("photo file not discarded", key=name)


def _removed(rows: Sequence[tuple[str, str]]) -> int:
    storage.delete_on_commit(*(key for row in rows for key in row))
    return len(rows)


def _without_row(keys: Sequence[str]) -> list[str]:
    large = {key: key.replace("-400.jpg", ".jpg") for key in keys}
    wanted = set(large.values())
    shown = select(Photo.key).where(Photo.key.in_(wanted))
    apart = select(Photo.original_key).where(
        Photo.original_key.is_not(None), Photo.original_key.in_(wanted)
    )
    with reading() as connection:
        known = set(connection.scalars(union(shown, apart)))
    return [key for key in keys if large[key] not in known]


_KEY = re.compile(r"[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f-]{36}(-400)?\.jpg")


def _new_key() -> str:
    name = str(uuid4())
    return f"{name[:2]}/{name[2:4]}/{name}.jpg"


def small_of(key: str) -> str:
    return key.replace(".jpg", "-400.jpg")

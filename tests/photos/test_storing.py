"""A photo in the database: once, by its owner, part of one thing, or swept."""

import io
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import Connection, event, text

from app.auth.models import Account, AccountKind
from app.database import db
from app.errors import Conflict, NotFound, OutOfSpace
from app.factory import create_app
from app.storage import Folder
from reports import photos
from reports.darkroom.pool import PhotoPool
from reports.models import Photo
from tests.conftest import config_for
from tests.photos.test_metadata import HUE, exif

AT = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def one_pool() -> Iterator[PhotoPool]:
    pool = PhotoPool(1)
    yield pool
    pool.close()


@pytest.fixture
def files(app: Flask, one_pool: PhotoPool, tmp_path: Path) -> Iterator[Folder]:
    """The app with its photos in a folder of this test."""
    before = {name: app.extensions.get(name) for name in ("xom.storage", "xom.photo_pool")}
    folder = Folder(tmp_path)
    app.extensions |= {"xom.storage": folder, "xom.photo_pool": one_pool}
    yield folder
    app.extensions |= before


def stored_files(files: Folder) -> list[str]:
    return sorted(path.name for path in files.root.rglob("*") if path.is_file())


def someone() -> UUID:
    account = Account(kind=AccountKind.GUEST)
    db.session.add(account)
    db.session.flush()
    return account.id


def jpeg(colour: str = "red", size: tuple[int, int] = (640, 480)) -> bytes:
    out = io.BytesIO()
    block = exif(HUE, DateTimeOriginal="2026:11:20 08:30:00", OffsetTimeOriginal="+07:00")
    Image.new("RGB", size, colour).save(out, "JPEG", exif=block)
    return out.getvalue()


def put(photo_id: UUID, owner_id: UUID, data: bytes, at: datetime = AT) -> photos.Stored:
    stored = photos.store_photo(photo_id, owner_id=owner_id, data=data, at=at)
    db.session.commit()
    return stored


def test_a_photo_is_stored_clean_in_two_sizes(files: Folder) -> None:
    data, photo_id = jpeg(size=(2000, 1500)), uuid4()

    stored = put(photo_id, someone(), data)

    photo = db.session.get_one(Photo, photo_id)
    assert stored.created
    assert (photo.width, photo.height) == (1600, 1200)
    assert stored.taken_at == datetime(2026, 11, 20, 1, 30, tzinfo=UTC)
    assert (stored.lat, stored.lng) == (pytest.approx(16.4689), pytest.approx(107.589))
    assert Image.open(io.BytesIO(photos.read(photo))).size == (1600, 1200)
    assert Image.open(io.BytesIO(photos.read(photo, small=True))).size == (400, 300)
    assert len(stored_files(files)) == 2
    assert not [path for path in files.root.rglob("*.jpg") if b"Exif" in path.read_bytes()]


def test_the_key_tells_neither_the_photo_nor_its_owner(files: Folder) -> None:
    photo = put(uuid4(), someone(), jpeg()).photo

    assert str(photo.id) not in photo.key
    assert photo.key.split("/")[0] == photo.key.split("/")[2][:2]
    assert photos.photo_urls(photo) == {
        "large": f"/api/v1/photos/{photo.id}.jpg",
        "small": f"/api/v1/photos/{photo.id}-400.jpg",
    }


def test_the_same_photo_again_is_the_same_photo_with_its_proposals(
    files: Folder, connection: Connection
) -> None:
    photo_id, owner, data = uuid4(), someone(), jpeg()
    first = put(photo_id, owner, data)
    statements = counted(connection)

    again = photos.store_photo(photo_id, owner_id=owner, data=data, at=AT)

    assert len(statements) == 1
    assert not again.created
    assert again.photo.key == first.photo.key
    assert (again.lat, again.taken_at) == (first.lat, first.taken_at)
    assert len(stored_files(files)) == 2


def counted(connection: Connection) -> list[str]:
    """The statements sent from now on."""
    sent: list[str] = []
    event.listen(connection, "before_cursor_execute", lambda *args: sent.append(args[2]))
    return sent


@pytest.mark.parametrize("whose", ["mine", "another's"])
def test_another_picture_under_the_same_id_is_a_conflict(files: Folder, whose: str) -> None:
    photo_id, owner = uuid4(), someone()
    put(photo_id, owner, jpeg("red"))
    data, sender = (jpeg("blue"), owner) if whose == "mine" else (jpeg("red"), someone())

    with pytest.raises(Conflict):
        put(photo_id, sender, data)

    assert db.session.get_one(Photo, photo_id).owner_id == owner
    assert len(stored_files(files)) == 2


def test_a_conflict_is_found_before_anything_is_decoded(files: Folder) -> None:
    photo_id, owner = uuid4(), someone()
    put(photo_id, owner, jpeg())

    with pytest.raises(photos.SameIdOtherPhoto):
        put(photo_id, owner, b"no picture at all")


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"<html>", photos.PhotoKindRefused),
        (jpeg()[:900], photos.BadPhoto),
        (b"\xff\xd8\xff" + bytes(64 << 20), photos.PhotoTooLarge),
    ],
)
def test_a_refused_photo_leaves_nothing(files: Folder, data: bytes, error: type[Exception]) -> None:
    photo_id = uuid4()

    with pytest.raises(error):
        put(photo_id, someone(), data)

    assert stored_files(files) == []
    assert db.session.get(Photo, photo_id) is None


def test_a_full_disk_leaves_the_database_untouched(
    files: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The second file does not fit: a disk that is filled to the byte is in the storage's own test.
    whole = files.put

    def put_small_fails(key: str, data: bytes) -> None:
        if key.endswith("-400.jpg"):
            raise OutOfSpace()
        whole(key, data)

    monkeypatch.setattr(files, "put", put_small_fails)
    photo_id = uuid4()

    with pytest.raises(OutOfSpace):
        put(photo_id, someone(), jpeg())

    assert stored_files(files) == []
    assert db.session.get(Photo, photo_id) is None


def test_a_clock_without_offset_is_read_in_the_citys_zone(files: Folder) -> None:
    out = io.BytesIO()
    block = exif(DateTimeOriginal="2026:11:20 08:30:00")
    Image.new("RGB", (8, 8)).save(out, "JPEG", exif=block)

    stored = photos.store_photo(
        uuid4(),
        owner_id=someone(),
        data=out.getvalue(),
        at=AT,
        zone=ZoneInfo("Asia/Ho_Chi_Minh"),
    )

    assert stored.taken_at == datetime(2026, 11, 20, 1, 30, tzinfo=UTC)


@pytest.fixture
def report(files: Folder) -> Callable[[UUID], UUID]:
    """A report to attach to: the least that the database takes."""
    return make_report


def make_report(reporter_id: UUID) -> UUID:
    report_id = uuid4()
    values = {"id": report_id, "code": report_id.hex[:10], "reporter": reporter_id, "at": AT}
    for name, statement in PLACES.items():
        values[name] = db.session.execute(text(statement), {"code": report_id.hex[:12]}).scalar()
    db.session.execute(text(REPORT), values)
    return report_id


PLACES = {
    "area": """insert into area (code, name_vi, name_en, other_names, kind, lat, lng, approximate,
        valid_from) values (:code, '', '', '[]', 'xa', 0, 0, true, '2020-01-01') returning id""",
    "office": """insert into office (code, name_vi, name_en, kind, valid_from)
        values (:code, '', '', 'centre', '2020-01-01') returning id""",
    "category": """insert into category (code, name_vi, name_en, "group", icon, help_vi, help_en,
        keywords, questions, urgent, auto_accept, evidence, private, about_officials, position,
        valid_from) values (:code, '', '', '', '', '', '', '[]', '[]', false, false, false, false,
        false, 0, '2020-01-01') returning id""",
}
REPORT = """insert into report (id, code, digest, version, reporter_id, identity, source,
    category_id, description, public_description, place_note, answers, lat, lng, spot, cell,
    area_id, outside_m, status, urgent, office_id, held_back, hidden, submitted_at, rested_s,
    rested_total_s, asked, returned, returnable, reopened, extended, reconsidered, reminded,
    supporters, recurrence) values (:id, :code, '', 1, :reporter, 'confidential', 'app', :category,
    '', '', '', '{}', 16, 107, '(0,0)', 0, :area, 0, 'submitted', false, :office, false, false,
    :at, 0, 0, 0, 0, true, 0, 0, false, 0, 0, 1)"""

Report = Callable[[UUID], UUID]


def test_photos_are_attached_in_the_order_named_by_one_statement(
    report: Report, connection: Connection
) -> None:
    owner = someone()
    ids = [put(uuid4(), owner, jpeg(colour)).photo.id for colour in ("red", "green", "blue")]
    report_id = report(owner)
    db.session.flush()
    statements = counted(connection)

    photos.attach([ids[2], ids[0], ids[1], ids[2]], owner_id=owner, report_id=report_id)

    assert len(statements) == 1
    db.session.expire_all()
    attached = [db.session.get_one(Photo, photo_id) for photo_id in ids]
    assert {photo.report_id for photo in attached} == {report_id}
    assert [photo.position for photo in attached] == [1, 2, 0]


def test_attaching_to_the_same_report_again_changes_nothing(report: Report) -> None:
    owner = someone()
    photo_id = put(uuid4(), owner, jpeg()).photo.id
    report_id = report(owner)

    photos.attach([photo_id], owner_id=owner, report_id=report_id)
    photos.attach([photo_id], owner_id=owner, report_id=report_id)


def test_unknown_foreign_and_taken_photos_are_named_as_missing_alike(report: Report) -> None:
    owner, other = someone(), someone()
    mine, foreign, taken = (put(uuid4(), whose, jpeg()).photo.id for whose in (owner, other, owner))
    photos.attach([taken], owner_id=owner, report_id=report(owner))
    unknown, report_id = uuid4(), report(owner)

    with pytest.raises(photos.MissingPhotos) as missing:
        photos.attach([unknown, mine, foreign, taken], owner_id=owner, report_id=report_id)

    assert missing.value.facts == {"missing_photos": [str(unknown), str(foreign), str(taken)]}
    assert missing.value.field == "photos"
    assert "{" not in missing.value.sentence("vi")


def test_no_photos_cost_no_statement(files: Folder, connection: Connection) -> None:
    statements = counted(connection)

    photos.attach([], owner_id=uuid4(), report_id=uuid4())

    assert statements == []


def test_a_thirteenth_photo_is_refused(files: Folder) -> None:
    with pytest.raises(photos.TooManyPhotos) as refused:
        photos.attach([uuid4() for _ in range(13)], owner_id=uuid4(), report_id=uuid4())

    assert "12" in refused.value.sentence("en")


def test_photos_that_nothing_was_made_of_are_swept_after_seven_days(report: Report) -> None:
    owner = someone()
    old, young = (
        put(uuid4(), owner, jpeg(), at=AT - timedelta(days=days)).photo for days in (8, 6)
    )
    kept = put(uuid4(), owner, jpeg(), at=AT - timedelta(days=8)).photo
    photos.attach([kept.id], owner_id=owner, report_id=report(owner))
    old_id, old_key = old.id, old.key

    assert photos.sweep_loose(AT) == 1
    assert db.session.get(Photo, old_id) is None
    db.session.commit()

    with pytest.raises(NotFound):
        photos.storage.get(old_key)
    assert photos.read(young) and photos.read(kept)
    assert photos.sweep_loose(AT) == 0


def test_a_sweep_that_is_undone_keeps_the_files(files: Folder) -> None:
    put(uuid4(), someone(), jpeg(), at=AT - timedelta(days=8))
    photos.sweep_loose(AT)

    db.session.rollback()
    db.session.commit()

    assert len(stored_files(files)) == 2


def test_deleted_photos_take_their_files_along(files: Folder) -> None:
    photo = put(uuid4(), someone(), jpeg()).photo

    assert photos.delete_photos([photo.id, uuid4()]) == 1
    db.session.commit()

    assert stored_files(files) == []


def test_files_of_a_crash_before_the_commit_are_swept(files: Folder) -> None:
    kept = put(uuid4(), someone(), jpeg("green")).photo
    orphan = "ab/cd/abcd0000-0000-4000-8000-000000000000"
    for key in (f"{orphan}.jpg", f"{orphan}-400.jpg", "ab/cd/not-a-photo.csv"):
        files.put(key, b"x")
    day_later = datetime.now(UTC) + timedelta(days=1, minutes=1)

    early = photos.sweep_orphans(datetime.now(UTC), shard=0xAB)
    swept = sum(photos.sweep_orphans(day_later, shard=shard) for shard in range(256))

    assert (early, swept) == (0, 2)
    assert photos.read(kept) and photos.read(kept, small=True)
    assert files.exists("ab/cd/not-a-photo.csv")


def test_every_shard_is_swept_within_eleven_days(
    files: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Only which shard is looked at, hour by hour.
    looked: list[str] = []
    monkeypatch.setattr(files, "left_over", lambda prefix, before: looked.append(prefix) or [])

    for hour in range(11 * 24):
        photos.sweep_orphans(AT + timedelta(hours=hour))

    assert {f"{shard:02x}" for shard in range(256)} == set(looked)


def test_the_same_photo_sent_twice_at_once_is_stored_once(
    own_database: str, one_pool: PhotoPool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two connections, and both have looked before either inserts."""
    app = create_app(config_for(own_database, storage_url=tmp_path.as_uri()))
    app.extensions |= {"xom.storage": Folder(tmp_path), "xom.photo_pool": one_pool}
    photo_id, data = uuid4(), jpeg()
    with app.app_context():
        owner = someone()
        db.session.commit()
    both_have_looked, handled = threading.Barrier(2), photos.process

    # The real thing, and then a wait for the other.
    def handled_together(data: bytes, **zone: Any) -> photos.Processed:
        done = handled(data, **zone)
        both_have_looked.wait()
        return done

    monkeypatch.setattr(photos, "process", handled_together)
    sent: list[tuple[bool, str]] = []

    def send() -> None:
        with app.app_context():
            stored = photos.store_photo(photo_id, owner_id=owner, data=data, at=AT)
            sent.append((stored.created, stored.photo.key))
            db.session.commit()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with app.app_context():
        db.engine.dispose()

    assert sorted(created for created, _ in sent) == [False, True]
    assert len({key for _, key in sent}) == 1
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 2

"""Files by key: whole or absent, on the disk before they count, never outside the root."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app import storage
from app.clock import now
from app.config import ROOT, UnsafeConfig
from app.database import db
from app.errors import NotFound, OutOfSpace, Unavailable
from app.storage import Bucket, Folder, Storage, open_storage
from tests.conftest import needs

KEY = "ab/cd/photo.jpg"
FOLDER_AND_S3 = pytest.mark.parametrize("place", ["folder", "s3"], indirect=True)


@pytest.fixture(scope="session")
def s3() -> Iterator[str]:
    """The address of a server that speaks S3 on loopback."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    if request.param == "folder":
        return open_storage(tmp_path.as_uri())
    address = request.getfixturevalue("s3")
    bucket = f"xom-{os.getpid()}-{abs(hash(tmp_path)) % 10**8}"
    import boto3

    keys: dict[str, Any] = {"aws_access_key_id": "id", "aws_secret_access_key": "secret"}
    boto3.client("s3", endpoint_url=address, region_name="us-east-1", **keys).create_bucket(
        Bucket=bucket
    )
    return Bucket(
        f"s3://{bucket}/photos",
        config={"endpoint": address, "region": "us-east-1", **keys},
        client_options={"allow_http": True},
    )


@FOLDER_AND_S3
def test_what_was_put_is_got_back_whole_and_in_pieces(place: Storage) -> None:
    data = os.urandom(200_000)

    place.put(KEY, data)

    assert place.exists(KEY)
    assert place.get(KEY) == data
    assert b"".join(place.stream(KEY)) == data


@FOLDER_AND_S3
def test_putting_again_replaces(place: Storage) -> None:
    place.put(KEY, b"old, and longer")
    place.put(KEY, b"new")

    assert place.get(KEY) == b"new"


@FOLDER_AND_S3
def test_what_is_not_there_is_not_found(place: Storage) -> None:
    assert not place.exists(KEY)
    with pytest.raises(NotFound):
        place.get(KEY)
    with pytest.raises(NotFound):
        place.stream(KEY)


@FOLDER_AND_S3
def test_deleting_twice_is_harmless(place: Storage) -> None:
    place.put(KEY, b"x")

    place.delete(KEY)
    place.delete(KEY)

    assert not place.exists(KEY)


@FOLDER_AND_S3
def test_old_files_of_a_shard_are_listed(place: Storage) -> None:
    place.put(KEY, b"x")
    place.put("ab/ff/other.jpg", b"x")
    place.put("ee/cd/photo.jpg", b"x")

    later, earlier = now() + timedelta(days=1), now() - timedelta(days=1)

    assert list(place.left_over("ab", before=later)) == [KEY, "ab/ff/other.jpg"]
    assert list(place.left_over("ab", before=earlier)) == []
    assert list(place.left_over("00", before=later)) == []


@FOLDER_AND_S3
@pytest.mark.parametrize(
    "key",
    [
        *("../secret", "ab/../../secret", "/etc/passwd", "ab//cd", "ab/", "", ".env", "ab/.git/x"),
        *("ab\\..\\c", "ab\0c", "ab\ncd", "a b", "ảnh.jpg", "~root", "-rf"),
    ],
)
def test_no_key_leads_out_of_the_root(place: Storage, key: str) -> None:
    for use in (place.get, place.delete, place.exists, place.stream):
        with pytest.raises(ValueError, match="storage key"):
            use(key)
    with pytest.raises(ValueError, match="storage key"):
        place.put(key, b"x")


def test_a_link_inside_the_folder_is_not_followed_out(tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "root" / "ab").symlink_to(tmp_path)

    with pytest.raises(ValueError, match="outside"):
        Folder(tmp_path / "root").get("ab/secret")


def test_an_unknown_kind_of_address_refuses_to_start() -> None:
    with pytest.raises(UnsafeConfig, match="s3://"):
        open_storage("ftp://somewhere/else")


def test_a_bucket_that_does_not_answer_is_away_for_the_moment() -> None:
    nobody = Bucket(
        "s3://bucket/photos",
        config={"endpoint": "http://127.0.0.1:9", "aws_skip_signature": True},
        client_options={"allow_http": True},
        retry_config={"max_retries": 0},
    )

    with pytest.raises(Unavailable):
        nobody.put(KEY, b"x")


def test_a_file_is_synced_before_it_is_named_and_its_folders_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A power cut keeps to this order, and cannot be had in a test: so the calls are recorded."""
    calls: list[str] = []
    fsync, rename = os.fsync, Path.rename

    def told_fsync(descriptor: int) -> None:
        target = Path(f"/proc/self/fd/{descriptor}").readlink()
        calls.append(f"sync {target.relative_to(tmp_path).as_posix().split('.jpg')[0]}")
        fsync(descriptor)

    def told_rename(path: Path, target: Path) -> Path:
        calls.append("rename")
        return rename(path, target)

    needs(Path("/proc/self/fd").is_dir(), "/proc")
    monkeypatch.setattr(os, "fsync", told_fsync)
    monkeypatch.setattr(Path, "rename", told_rename)

    Folder(tmp_path).put(KEY, b"x")

    assert calls == ["sync ab/cd/.photo", "rename", "sync ab/cd", "sync ab", "sync ."]


CRASH = (
    "import sys\n"
    "from pathlib import Path\n"
    "from app.storage import Folder\n"
    "Folder(Path(sys.argv[1])).put(sys.argv[2], b'new and whole')\n"
)


@pytest.mark.parametrize(
    ("point", "seen"), [("after_fsync", b"old"), ("after_rename", b"new and whole"), ("", b"new")]
)
def test_a_crash_leaves_the_old_file_or_the_new_one_and_no_piece(
    point: str, seen: bytes, tmp_path: Path
) -> None:
    place = Folder(tmp_path)
    place.put(KEY, b"old")

    ran = subprocess.run(
        [sys.executable, "-c", CRASH, tmp_path, KEY],
        cwd=ROOT,
        env={**os.environ, "CRASH_AT": point},
        check=False,
    )

    assert ran.returncode == (-signal.SIGKILL if point else 0)
    assert place.get(KEY).startswith(seen)
    assert list(place.left_over("ab", before=now() + timedelta(days=1))) == [KEY]
    assert [path.name for path in (tmp_path / "ab" / "cd").iterdir()] == ["photo.jpg"]


#: In a namespace of its own, so that nothing is left mounted. 77: this system does not allow it.
FULL_DISK = """
import subprocess, sys
from pathlib import Path
import pytest
from app.errors import OutOfSpace
from app.storage import Folder

root = Path(sys.argv[1])
if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=128k", "tmpfs", root]).returncode:
    sys.exit(77)
place = Folder(root)
place.put("ab/cd/small.jpg", b"x" * 1000)
with pytest.raises(OutOfSpace):
    place.put("ab/cd/photo.jpg", b"x" * 200_000)
assert not place.exists("ab/cd/photo.jpg")
assert place.get("ab/cd/small.jpg") == b"x" * 1000
assert [path.name for path in (root / "ab/cd").iterdir()] == ["small.jpg"]
place.put("ab/cd/photo.jpg", b"x" * 1000)  # what the failed one held is free again
"""


def test_a_full_disk_stores_nothing_and_goes_on_reading(tmp_path: Path) -> None:
    alone = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "-Urm"]
    needs(shutil.which("unshare") is not None, "unshare, to fill a small disk")

    ran = subprocess.run(
        [*alone, sys.executable, "-c", FULL_DISK, tmp_path],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    needs(ran.returncode != 77 and "unshare:" not in ran.stderr, "the right to mount a small disk")
    assert ran.returncode == 0, ran.stderr


def test_a_failing_disk_is_told_as_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # An I/O error needs a broken disk.
    def broken(_: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", broken)

    with pytest.raises(OutOfSpace):
        Folder(tmp_path).put(KEY, b"x")

    assert not Folder(tmp_path).exists(KEY)


@pytest.fixture
def place_of_app(app: Flask, tmp_path: Path) -> Iterator[Folder]:
    before = app.extensions.get("xom.storage")
    place = app.extensions["xom.storage"] = Folder(tmp_path)
    yield place
    app.extensions["xom.storage"] = before


def test_doomed_files_go_with_the_commit(place_of_app: Folder) -> None:
    storage.put(KEY, b"x")

    with db.session.begin_nested():
        storage.delete_on_commit(KEY)
    assert storage.exists(KEY)  # a savepoint commits nothing
    db.session.commit()

    assert not storage.exists(KEY)


@pytest.mark.parametrize("end", ["rollback", "close"])
def test_doomed_files_are_spared_when_nothing_is_committed(place_of_app: Folder, end: str) -> None:
    storage.put(KEY, b"x")
    db.session.connection()
    storage.delete_on_commit(KEY)

    getattr(db.session, end)()
    db.session.connection()
    db.session.commit()

    assert storage.exists(KEY)


def test_files_are_as_old_as_their_last_writing(tmp_path: Path) -> None:
    place = Folder(tmp_path)
    place.put(KEY, b"x")
    old = datetime(2020, 1, 1, tzinfo=UTC).timestamp()
    os.utime(tmp_path / KEY, (old, old))

    assert list(place.left_over("ab", before=datetime(2020, 1, 2, tzinfo=UTC))) == [KEY]

"""Files by key: a local folder or a bucket of S3. What is acknowledged has reached the disk.

A key is a relative path of plain names (`ab/cd/1f3c….jpg`); nothing outside the root can be named.
Whose file it is, and who may read it, is for others to know.
"""

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Protocol
from urllib.parse import unquote, urlsplit
from uuid import uuid4

import obstore
import structlog
from flask import Flask, current_app
from obstore.exceptions import BaseError
from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from app.config import Config, UnsafeConfig
from app.crash import crash_point
from app.database import db
from app.errors import NotFound, OutOfSpace, Unavailable

CHUNK = 64 * 1024
PART = ".part"  # ends the name of a file that is still being written, or that a crash left over
_KEY = re.compile(r"[0-9A-Za-z_][\w.-]*(/[0-9A-Za-z_][\w.-]*)*", re.ASCII)
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS}

log = structlog.get_logger()


class Storage(Protocol):
    """What a place for files can do. Reading what is not there raises NotFound."""

    def put(self, key: str, data: bytes) -> None: ...
    def get(self, key: str) -> bytes: ...
    def stream(self, key: str) -> Iterator[bytes]: ...
    def delete(self, key: str) -> None: ...
    def exists(self, key: str) -> bool: ...
    def left_over(self, prefix: str, *, before: datetime) -> Iterator[str]: ...


class Folder:
    """A local folder. Written aside, synced, renamed, and the folders synced: a power cut leaves
    the whole file or none, and never loses one that was acknowledged."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self.root.mkdir(parents=True, exist_ok=True)

    def put(self, key: str, data: bytes) -> None:
        """Raises OutOfSpace, with nothing left behind, when the disk is full or fails."""
        path = self._path(key)
        part = path.with_name(f".{path.name}.{uuid4().hex}{PART}")
        with _in_our_words():
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                self._write(part, path, data)
            except BaseException:
                part.unlink(missing_ok=True)
                raise

    def _write(self, part: Path, path: Path, data: bytes) -> None:
        with part.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        crash_point("after_fsync")
        part.rename(path)
        crash_point("after_rename")
        for folder in self._folders_of(path):
            _sync_folder(folder)

    def _folders_of(self, path: Path) -> Iterator[Path]:
        """From the file's own up to the root: any of them may be new, made by us or a neighbour."""
        for folder in path.parents:
            yield folder
            if folder == self.root:
                return

    def get(self, key: str) -> bytes:
        with _in_our_words():
            return self._path(key).read_bytes()

    def stream(self, key: str) -> Iterator[bytes]:
        with _in_our_words():
            file = self._path(key).open("rb")
        return _chunks(file)

    def delete(self, key: str) -> None:
        """Gone, or never there."""
        with _in_our_words():
            self._path(key).unlink(missing_ok=True)

    def exists(self, key: str) -> bool:
        return self._path(key).is_file()

    def left_over(self, prefix: str, *, before: datetime) -> Iterator[str]:
        """Keys under a folder, of files last written before that moment. What a crash left half
        written is removed on the way."""
        for path in sorted(self._path(prefix).rglob("*")):
            if not path.is_file() or path.stat().st_mtime >= before.timestamp():
                continue
            if path.name.endswith(PART):
                path.unlink(missing_ok=True)
            else:
                yield path.relative_to(self.root).as_posix()

    def _path(self, key: str) -> Path:
        path = self.root / _checked(key)
        if self.root not in path.resolve().parents:  # a symbolic link inside the root
            raise ValueError(f"key leads outside the root: {key!r}")
        return path


class Bucket:
    """S3, or what speaks like it. A put is whole or not at all, and durable when it answers."""

    def __init__(self, url: str, **config: Any) -> None:
        self._store = obstore.store.from_url(url, **config)

    def put(self, key: str, data: bytes) -> None:
        with _in_our_words():
            obstore.put(self._store, _checked(key), data)

    def get(self, key: str) -> bytes:
        with _in_our_words():
            return bytes(obstore.get(self._store, _checked(key)).bytes())

    def stream(self, key: str) -> Iterator[bytes]:
        with _in_our_words():
            found = obstore.get(self._store, _checked(key))
        return (bytes(chunk) for chunk in found.stream(min_chunk_size=CHUNK))

    def delete(self, key: str) -> None:
        with _in_our_words():
            obstore.delete(self._store, _checked(key))

    def exists(self, key: str) -> bool:
        try:
            with _in_our_words():
                obstore.head(self._store, _checked(key))
        except NotFound:
            return False
        return True

    def left_over(self, prefix: str, *, before: datetime) -> Iterator[str]:
        with _in_our_words():
            for page in obstore.list(self._store, prefix=_checked(prefix)):
                yield from (file["path"] for file in page if file["last_modified"] < before)


def open_storage(url: str) -> Storage:
    """The storage that a URL names: file:///folder, or s3://bucket/prefix (keys and endpoint from
    the usual AWS_* variables)."""
    parts = urlsplit(url)
    if parts.scheme == "file":
        return Folder(Path(unquote(parts.path)))
    if parts.scheme == "s3":
        return Bucket(url)
    raise UnsafeConfig(f"XOM_STORAGE_URL must begin with file:// or s3://, not {parts.scheme}://.")


def init_storage(app: Flask) -> None:
    config: Config = app.extensions["xom.config"]
    app.extensions["xom.storage"] = open_storage(config.storage_url)


def storage() -> Storage:
    """This app's storage."""
    found: Storage = current_app.extensions["xom.storage"]
    return found


def put(key: str, data: bytes) -> None:
    storage().put(key, data)


def get(key: str) -> bytes:
    return storage().get(key)


def stream(key: str) -> Iterator[bytes]:
    return storage().stream(key)


def delete(key: str) -> None:
    storage().delete(key)


def exists(key: str) -> bool:
    return storage().exists(key)


def delete_on_commit(*keys: str) -> None:
    """Delete these files once what no longer names them is committed; not at all if it is not.

    A crash in between leaves files that nobody names: `left_over` finds them.
    """
    db.session().info.setdefault(_DOOMED, []).extend(keys)


_DOOMED = "files to delete"


@event.listens_for(db.session, "after_commit")
def _delete_doomed(session: Session) -> None:
    if session.in_nested_transaction():  # a savepoint's: the rest may still be undone
        return
    for key in session.info.pop(_DOOMED, []):
        try:
            delete(key)
        except (OutOfSpace, Unavailable):
            log.warning("file not deleted; the next sweep will", key=key)


@event.listens_for(db.session, "after_soft_rollback")
def _spare_doomed(session: Session, _: SessionTransaction) -> None:
    session.info.pop(_DOOMED, None)


@event.listens_for(db.session, "after_transaction_end")
def _forget_doomed(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:  # closed without a word: nothing was committed
        session.info.pop(_DOOMED, None)


def _checked(key: str) -> str:
    if not _KEY.fullmatch(key):
        raise ValueError(f"not a storage key: {key!r}")
    return key


@contextmanager
def _in_our_words() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise NotFound() from error
    except BaseError as error:
        log.error("storage failed", error=type(error).__name__)
        raise Unavailable() from error
    except OSError as error:
        log.error("storage failed", error=errno.errorcode.get(error.errno or 0, str(error)))
        if error.errno in _FULL:
            raise OutOfSpace() from error
        raise Unavailable() from error


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while chunk := file.read(CHUNK):
            yield chunk


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

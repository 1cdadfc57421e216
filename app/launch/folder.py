"""`var/`, where a checkout keeps what it must not lose: who may run here, secrets, sign-ins."""

import base64
import errno
import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.launch.talk import Stop, say


def writable(folder: Path) -> Path:
    """`folder`, made if need be and proved to take files. Raises Stop with a sentence."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".probe-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        why = {
            errno.ENOSPC: "The disk is full: make room",
            errno.EROFS: "That disk is read-only: move the checkout to one that is not",
        }.get(error.errno or 0, f"Give it to this user (chown -R {_me()} {folder})")
        raise Stop(
            f"{folder} cannot be written: {error.strerror}. {why}, then try again."
        ) from None
    return folder


@contextmanager
def exclusive(path: Path, *, waiting_for: str = "") -> Iterator[None]:
    """Hold the lock file `path`. Without `waiting_for`, somebody else's hold is a Stop.

    The kernel lets go of it when this process ends, however it ends.
    """
    with _opened(path) as descriptor:
        if not _locked(descriptor):
            holder = os.pread(descriptor, 200, 0).decode(errors="replace").strip()
            if not waiting_for:
                raise Stop(
                    f"Xóm already runs from this folder ({holder or 'by another process'}). Stop "
                    "that one with Ctrl-C or kill, or run this one from another checkout."
                )
            say(f"Waiting for {waiting_for}, which another run does right now ({holder}) …")
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        note(descriptor, f"process {os.getpid()}")
        yield


def note(descriptor: int, words: str) -> None:
    """Leave `words` in a lock file, for whoever finds it held."""
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, words.encode(), 0)


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise Stop(
            f"{path} cannot be opened: {error.strerror}. It was made by another user: run as that "
            f"one, or give the folder to this one (chown -R {_me()} {path.parent})."
        ) from None
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def saved_secrets(path: Path) -> dict[str, str]:
    """The secrets of this checkout, made once. Losing them loses every encrypted name."""
    known = _read(path)
    fresh = {
        "SECRET_KEY": secrets.token_urlsafe(48),
        "XOM_IDENTITY_KEY": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        # A point's number on P-256 must be below the curve's order: the first byte sees to that.
        "XOM_VAPID_PRIVATE_KEY": base64.urlsafe_b64encode(
            b"\x7a" + secrets.token_bytes(31)
        ).decode(),
    }
    if fresh.keys() - known.keys():
        known = {**fresh, **known}
        write_privately(path, known)
    return known


def _read(path: Path) -> dict[str, str]:
    try:
        known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
        return known
    except (OSError, ValueError) as error:
        raise Stop(
            f"{path} cannot be read ({error}). It holds the keys to the encrypted names: bring it "
            "back from a backup. Only if there is no data to keep, remove var/ and start anew."
        ) from None


def write_privately(path: Path, content: object) -> None:
    """Write JSON that only this user reads, whole or not at all."""
    fresh = path.with_suffix(f".{os.getpid()}.new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(content, file, indent=2, ensure_ascii=False)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def _me() -> str:
    return os.environ.get("USER") or str(os.geteuid())

"""The children, seen from the web: a few processes, each asked by one thread at a time.

A child costs its photo when it dies, hangs or grows, and nothing else: there is no shared queue
and no lock between children. Why not a library's pool: docs/adr/0003.
"""

import fcntl
import multiprocessing
import os
import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import tzinfo
from multiprocessing import reduction
from pathlib import Path
from queue import Empty, LifoQueue
from typing import BinaryIO

import structlog
from flask import Flask, current_app

from app.config import Config
from reports.darkroom.child import Answer, Order, Refused, serve
from reports.darkroom.errors import BadPhoto, PhotoBusy
from reports.darkroom.headers import Header, Lane, look
from reports.darkroom.metadata import Told
from reports.darkroom.printing import Box, Processed

PATIENCE = 3  # by the clock a task may take this many times its CPU: the machine has other work
QUEUE = 3  # tasks per child, at work or waiting; more are refused
WAIT = 8.0  # seconds in the queue; after that the phone had better come back
RETRY_AFTER = 5

log = structlog.get_logger()


class Child:
    """One process and the pipe to it. Used by one thread at a time."""

    _births = threading.Lock()  # multiprocessing looks after all children whenever one is started

    def __init__(self) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["reports.darkroom.forkserver"])
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=serve, args=(theirs,), name="photo", daemon=True)
        with theirs, self._births:
            self._process.start()
        self.pid: int = self._process.pid or 0

    @property
    def is_waiting(self) -> bool:
        """An idle child says nothing: a pipe with something to read has lost its other end."""
        return not self._pipe.poll()

    def ask(self, order: Order, file: BinaryIO) -> Answer | None:
        """Its answer; None when it died or hung, and then it is of no more use."""
        try:
            self._pipe.send(order)
            reduction.send_handle(self._pipe, file.fileno(), self.pid)
            if self._pipe.poll(order.header.lane.cpu_seconds * PATIENCE):
                answer: Answer = self._pipe.recv()
                return answer
        except (EOFError, OSError):
            self._process.join(1)
        return None

    def end(self) -> int | None:
        """Make sure that it is gone. Its exit code, -N for signal N; None when it was hung."""
        with self._births:
            hung = self._process.is_alive()
            self._process.kill()
            self._process.join()
            self._pipe.close()
            return None if hung else self._process.exitcode


class PhotoPool:
    """Children are started when first needed, and replaced when they die."""

    def __init__(self, children: int) -> None:
        self._free: LifoQueue[Child | None] = LifoQueue()  # the one used last is the warmest
        for _ in range(children):
            self._free.put(None)
        self._places = threading.BoundedSemaphore(children * QUEUE)

    def ask(self, data: bytes, order: Order) -> Processed | Told:
        """Have one photo handled. Raises BadPhoto, PhotoTooLarge, or PhotoBusy (nothing is wrong
        with the photo: come back)."""
        if not self._places.acquire(blocking=False):
            raise PhotoBusy(retry_after=RETRY_AFTER)
        try:
            with _one_at_a_time(order.header.lane), _child_file(data) as file:
                answer = self._answer(order, file)
        except OSError as error:
            log.error("no child for a photo", error=str(error))
            raise PhotoBusy(retry_after=RETRY_AFTER) from error
        finally:
            self._places.release()
        return _accepted(answer, order.header)

    def _answer(self, order: Order, file: BinaryIO) -> Answer:
        try:
            child = self._free.get(timeout=WAIT)
        except Empty:
            raise PhotoBusy(retry_after=RETRY_AFTER) from None
        again: Child | None = None
        try:
            if order.header.lane is Lane.LARGE:
                again = child
                return _by_a_child_of_its_own(order, file)
            if child is None or not child.is_waiting:
                child = _successor(child)
            answer = child.ask(order, file)
            if answer is None:
                raise _loss(child.pid, child.end(), order.header)
            again = child
            return answer
        finally:
            self._free.put(again)

    def close(self) -> None:
        """End the children that are free. Those at work end with this process."""
        for _ in range(self._free.qsize()):
            child = self._free.get_nowait()
            if child:
                child.end()
            self._free.put(None)


def _by_a_child_of_its_own(order: Order, file: BinaryIO) -> Answer:
    """For large photos: a heap that was used is in pieces, and what other photos' libraries have
    touched is resident (4 to 6 MB). After them it is so too."""
    child = Child()
    answer = child.ask(order, file)
    exitcode = child.end()
    if answer is None:
        raise _loss(child.pid, exitcode, order.header)
    return answer


def _successor(lost: Child | None) -> Child:
    """A child that died while it waited (by the operator, or for memory) costs nobody anything."""
    if lost:
        log.warning("photo child lost while idle", pid=lost.pid, exitcode=lost.end())
    return Child()


def _loss(pid: int, exitcode: int | None, header: Header) -> BadPhoto | PhotoBusy:
    """Whose fault it was. The photo's: its CPU was spent, or a library crashed on it. Not the
    photo's: hung without using CPU, killed from outside, failed to start."""
    log.warning("photo child lost", pid=pid, exitcode=exitcode, kind=header.kind)
    if exitcode is None or exitcode >= 0 or exitcode in {-signal.SIGKILL, -signal.SIGTERM}:
        return PhotoBusy(retry_after=RETRY_AFTER)
    return BadPhoto("took too long" if exitcode == -signal.SIGPROF else f"signal {-exitcode}")


def _accepted(answer: Answer, header: Header) -> Processed | Told:
    log.info(
        "photo handled",
        kind=header.kind,
        cpu_ms=round(answer.cpu_seconds * 1000),
        peak_mb=answer.peak_bytes >> 20,
        refused=answer.result.why if isinstance(answer.result, Refused) else None,
    )
    if isinstance(answer.result, Refused):
        raise answer.result.error(answer.result.why)
    return answer.result


@contextmanager
def _child_file(data: bytes) -> Iterator[BinaryIO]:
    """The bytes as a file that has no name: handed over without a copy, gone with its users, and
    on Linux never on a disk, since nothing as sent may be stored."""
    with (
        os.fdopen(os.memfd_create("photo"), "w+b")
        if hasattr(os, "memfd_create")
        else tempfile.TemporaryFile()
    ) as file:
        file.write(data)
        file.flush()
        file.seek(0)
        yield file


@contextmanager
def _one_at_a_time(lane: Lane) -> Iterator[None]:
    """Large photos wait for each other, in all web processes of this machine."""
    if lane is not Lane.LARGE:
        yield
        return
    path = Path(tempfile.gettempdir()) / f"xom-{os.getuid()}-large-photo.lock"
    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        _take(lock)
        yield
    finally:
        os.close(lock)


def _take(lock: int) -> None:
    give_up = time.monotonic() + WAIT
    while True:
        try:
            return fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > give_up:
                raise PhotoBusy(retry_after=RETRY_AFTER) from None
            time.sleep(0.05)


def process(data: bytes, *, zone: tzinfo | None = None, boxes: tuple[Box, ...] = ()) -> Processed:
    """Sniff, bound, turn, re-encode and strip one photo, in a child process.

    `zone` is where the camera's clock is taken to be when it names no offset; `boxes` are painted
    over. Raises BadPhoto, PhotoTooLarge, PhotoKindRefused (another type) or PhotoBusy (come back
    later).
    """
    result = _pool().ask(data, Order(look(data), zone, boxes=boxes))
    assert isinstance(result, Processed)  # noqa: S101 - for the type checker
    return result


def tell_again(data: bytes, *, zone: tzinfo | None = None) -> Told:
    """Only what the metadata says, of a photo that is stored already: no pixel is decoded."""
    result = _pool().ask(data, Order(look(data), zone, tell_only=True))
    assert isinstance(result, Told)  # noqa: S101 - for the type checker
    return result


def init_photo_pool(app: Flask) -> None:
    """A pool for this app's process; its children start with the first photo."""
    config: Config = app.extensions["xom.config"]
    app.extensions["xom.photo_pool"] = PhotoPool(max(1, config.photo_processes))


def _pool() -> PhotoPool:
    pool: PhotoPool = current_app.extensions["xom.photo_pool"]
    return pool

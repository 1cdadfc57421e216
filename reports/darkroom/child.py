"""The process in which files from strangers are opened: one photo at a time, within limits.

The limits are the kernel's, so that they hold inside a C library as well. A child that breaks one
dies, and that costs its one photo.
"""

import ctypes
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import tzinfo
from multiprocessing import reduction
from multiprocessing.connection import Connection
from pathlib import Path
from typing import BinaryIO

from app.errors import XomError
from reports.darkroom.errors import BadPhoto, PhotoTooLarge
from reports.darkroom.headers import Header, Lane
from reports.darkroom.metadata import Told
from reports.darkroom.printing import Box, Processed, redraw, tell

try:
    import resource
except ImportError:  # pragma: no cover: not on this system, and then there is no such limit
    resource = None  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class Order:
    """What a child is asked to do; the file itself follows as an open descriptor."""

    header: Header
    zone: tzinfo | None = None
    tell_only: bool = False  # the metadata, and no pixel decoded
    boxes: tuple[Box, ...] = ()  # to be painted over


@dataclass(frozen=True, slots=True)
class Refused:
    """An expected failure, as a value: exceptions of ours do not travel between processes."""

    error: type[BadPhoto] | type[PhotoTooLarge]
    why: str


@dataclass(frozen=True, slots=True)
class Answer:
    result: Processed | Told | Refused
    cpu_seconds: float
    peak_bytes: int  # resident, while this photo was in hand; 0 where the system does not tell


def serve(pipe: Connection) -> None:
    """Take orders until the web process closes its end, or is no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; we end by EOF
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _leave_with_the_parent()
    _return_memory_at_once()
    while True:
        try:
            order: Order = pipe.recv()
            file = os.fdopen(reduction.recv_handle(pipe), "rb")
        except EOFError:
            return
        with file:
            answer = _answer(file, order)
        pipe.send(answer)
        _clear_away()


def _answer(file: BinaryIO, order: Order) -> Answer:
    _forget_peak()
    began = time.process_time()
    with _bounded(order.header.lane):
        result = _result(file, order)
    return Answer(result, time.process_time() - began, _memory("VmHWM"))


def _result(file: BinaryIO, order: Order) -> Processed | Told | Refused:
    """The libraries raise almost anything on a bad file: OSError, ValueError, TypeError,
    IndexError, EOFError, SyntaxError, struct.error … so whatever is raised refuses the photo."""
    try:
        if order.tell_only:
            return tell(file, order.header, zone=order.zone)
        return redraw(file, order.header, zone=order.zone, boxes=order.boxes)
    except PhotoTooLarge as error:
        return Refused(PhotoTooLarge, str(error.facts["bound"]))
    except MemoryError:
        return Refused(PhotoTooLarge, f"{order.header.lane.memory >> 20} MB")
    except XomError as error:
        return Refused(BadPhoto, str(error.facts.get("reason", error.code)))
    except Exception as error:
        return Refused(BadPhoto, f"{type(error).__name__}: {error}"[:200])


@contextmanager
def _bounded(lane: Lane) -> Iterator[None]:
    """CPU seconds by SIGPROF, which kills when nobody handles it; memory by RLIMIT_DATA.

    CPU, not the clock: on a machine with other work to do, good photos would be killed for
    waiting. RLIMIT_DATA counts all that is private and writable; with the libraries' own pages it
    is the most that can be resident. RLIMIT_AS would count reservations that nobody uses.
    """
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_PROF, lane.cpu_seconds)
    room = lane.memory - _memory("RssFile")
    if resource and _memory("VmData"):
        soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (room, hard))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        if resource and _memory("VmData"):
            resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def _leave_with_the_parent() -> None:
    """A web process killed with -9 leaves its children for ever, whatever the start method; and
    PR_SET_PDEATHSIG fires when the thread that spawned us ends."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.stack_size(1 << 18)  # the usual 8 MB would count as used
    threading.Thread(target=watch, daemon=True).start()


_libc = ctypes.CDLL(None)
_IS_GLIBC = hasattr(_libc, "mallopt") and hasattr(_libc, "malloc_trim")


def _return_memory_at_once() -> None:
    """Ask glibc to give every block of 1 MB back when it is freed. By itself it keeps more with
    each photo, and what lies in the heap unused is growth that no limit sees. Another
    C library's habits are not known; the limits hold all the same."""
    if _IS_GLIBC:
        _libc.mallopt(-3, 1 << 20)  # M_MMAP_THRESHOLD


def _clear_away() -> None:
    if _IS_GLIBC:
        _libc.malloc_trim(0)


def _memory(figure: str) -> int:
    """A figure of /proc/self/status in bytes, or 0."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return 0
    _, found, rest = status.partition(f"{figure}:")
    return int(rest.split()[0]) * 1024 if found else 0


def _forget_peak() -> None:
    try:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    except OSError:
        return

"""The web server: waitress, one process a core on one listening socket.

    python -m app.server                 listens on XOM_HOST and PORT
    python -m app.server --socket 5      listens on a socket that it inherited

Waitress takes in a whole body before it gives the request to a thread, so that slow clients hold no
thread; those that are slower than any phone are cut off here. Leaves what is served to wsgi.py.
"""

import argparse
import contextlib
import gc
import logging
import os
import resource
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher

from app.launch.children import Child, hold_lifeline, stop_all
from app.launch.listening import asked_address, listening_socket
from app.launch.talk import Stop, Stopped, listen_for_stop

ROOT = Path(__file__).resolve().parent.parent

THREADS = 8  # a process; below the pool of database connections, so that none waits for one
IDLE = 75  # seconds that a connection may be kept open between requests
LOOK_EVERY = 5  # seconds between looking for slow and idle connections
STOP_SECONDS = 10.0  # for requests under way when asked to stop
OPEN_FILES = 8192
METRICS = "PROMETHEUS_MULTIPROC_DIR"

TUNING = {
    "threads": THREADS,
    "connection_limit": 2000,
    "channel_timeout": IDLE,
    "cleanup_interval": LOOK_EVERY,
    "asyncore_use_poll": True,
    "recv_bytes": 65_536,
    "max_request_header_size": 32_768,
    "max_request_body_size": 65 * 1024 * 1024,  # a photo of 64 MiB; the app bounds the rest
    "log_socket_errors": False,  # a phone that leaves is no error of ours
    "ident": None,
}


class Channel(HTTPChannel):  # type: ignore[misc]
    """A connection that knows how fast the other side sends its request and fetches its answer."""

    patience = 30.0  # seconds that any request or answer may take, whatever its size
    slowest = 2_000  # bytes a second that it must move on average after that: two bars of signal

    _began = 0.0  # when the request that is coming in began to
    _received = 0  # bytes of it
    _sent = 0  # bytes, over the connection's life
    _looked: tuple[float, int] | None = None  # when an answer was seen waiting, and _sent then

    def received(self, data: bytes) -> bool:
        if self.request is None:
            self._began, self._received = time.time(), 0
        self._received += len(data)
        return bool(super().received(data))

    def send(self, data: bytes, do_close: bool = True) -> int:  # noqa: FBT001 - waitress's own
        sent = int(super().send(data, do_close))
        self._sent += sent
        return sent

    def is_too_slow(self, now: float) -> bool:
        """Whether the other side takes longer than the slowest phone would."""
        sends_slowly = now - self._began > self.patience + self._received / self.slowest
        return (self.request is not None and sends_slowly) or self._fetches_slowly(now)

    def _fetches_slowly(self, now: float) -> bool:
        """An answer lies ready and hardly moves: measured over each stretch of patience anew."""
        if not self.total_outbufs_len:
            self._looked = None
        elif self._looked is None:
            self._looked = now, self._sent
        elif now - self._looked[0] > self.patience:
            moved = self._sent - self._looked[1]
            self._looked = now, self._sent
            return moved < self.patience * self.slowest
        return False

    @property
    def is_busy(self) -> bool:
        return bool(self.requests or self.request is not None or self.total_outbufs_len)


class Server(TcpWSGIServer):  # type: ignore[misc]
    """Waitress, which cuts off the slow and lets requests finish when it is asked to stop."""

    channel_class = Channel
    _stopping = False

    def maintenance(self, now: float) -> None:
        super().maintenance(now)
        for channel in list(self.active_channels.values()):
            if channel.is_too_slow(now):
                channel.handle_close()  # will_close waits for a moment when it can be written to

    def serve(self) -> None:
        """Serve until SIGTERM or SIGINT; then finish what is under way, within STOP_SECONDS."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        until = None
        while not self._stopping or (self._is_busy() and time.monotonic() < (until or 0)):
            wasyncore.loop(timeout=0.5, use_poll=True, map=self._map, count=1)
            if self._stopping and until is None:
                until = time.monotonic() + STOP_SECONDS
        self.task_dispatcher.shutdown(timeout=1)
        wasyncore.close_all(self._map)

    def _stop(self, number: int, frame: object) -> None:
        self._stopping = True
        self.accepting = False

    def _is_busy(self) -> bool:
        return any(channel.is_busy for channel in self.active_channels.values())


def make_server(application: Callable[..., Any], sock: socket.socket, **changes: Any) -> Server:
    """A server of `application` on a socket that listens already."""
    adjustments = Adjustments(sockets=[sock], **{**TUNING, **changes})
    dispatcher = ThreadedTaskDispatcher()
    dispatcher.set_thread_count(adjustments.threads)
    return Server(
        application,
        {},
        True,
        sock,
        dispatcher=dispatcher,
        adj=adjustments,
        bind_socket=False,
        sockinfo=(sock.family, sock.type, sock.proto, sock.getsockname()),
    )


def serve_one(descriptor: int) -> None:
    """One process of the server, on an inherited socket."""
    hold_lifeline()
    _allow_many_files()
    from wsgi import application  # here, so that the parent of the processes stays small

    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # each burst would be a warning
    gc.collect()
    gc.freeze()  # what is loaded by now stays: the collector need not look at it again
    sock = socket.socket(fileno=descriptor)
    # The app believes X-Forwarded-* from its trusted hops alone, and must see where there are some:
    # what came through a proxy is no caller of this host.
    make_server(application, sock, clear_untrusted_proxy_headers=False).serve()


def serve_all(sock: socket.socket, processes: int) -> None:
    """Run the processes until told to stop; one that dies is started again."""
    listen_for_stop()
    with contextlib.suppress(Stopped), metrics_folder() as folder:
        _keep_serving(sock, processes, {**os.environ, METRICS: str(folder)})


def _keep_serving(sock: socket.socket, processes: int, env: dict[str, str]) -> None:
    descriptor = sock.fileno()
    command = [sys.executable, "-m", "app.server", "--one-process", "--socket", str(descriptor)]
    children = [
        Child(f"web {number}", command, env=env, cwd=ROOT, pass_fds=[descriptor])
        for number in range(1, processes + 1)
    ]
    try:
        for child in children:
            child.start()
        while True:
            time.sleep(0.2)
            if all(child.failed_at_once for child in children):
                sys.exit(children[0].exit_code)  # it has said why
            for child in children:
                child.tend()
    finally:
        stop_all(children)


@contextlib.contextmanager
def metrics_folder() -> Iterator[Path]:
    """Where the processes add up their counts for /metrics; empty at each start."""
    given = os.environ.get(METRICS)
    if not given:
        with TemporaryDirectory(prefix="xom-metrics-") as made:
            yield Path(made)
        return
    folder = Path(given)
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.db"):
        old.unlink()
    yield folder


def asked_processes() -> int:
    """XOM_WEB_PROCESSES, or one a core. Raises Stop with a sentence."""
    text = os.environ.get("XOM_WEB_PROCESSES") or str(os.cpu_count() or 1)
    if not text.isdecimal() or int(text) < 1:
        raise Stop(f"XOM_WEB_PROCESSES={text} is not a number of processes. Use 1 or more.")
    return int(text)


def _allow_many_files() -> None:
    """Each connection is an open file, and the usual limit is 1,024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    if soft < wanted:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m app.server", description="Serve the web.")
    parser.add_argument("--socket", type=int, help="an inherited socket that listens already")
    parser.add_argument("--one-process", action="store_true", help="serve in this process itself")
    asked = parser.parse_args()
    try:
        if asked.socket is None:
            sock = listening_socket(*asked_address(os.environ))
        else:
            sock = socket.socket(fileno=asked.socket)
        if asked.one_process:
            serve_one(sock.detach())
            return
        hold_lifeline()
        serve_all(sock, asked_processes())
    except Stop as refusal:
        sys.exit(str(refusal))


if __name__ == "__main__":
    main()

"""The same requests over a socket: one process of the house's own server, one keep-alive client.

What this adds to `measure` is the server: parsing HTTP, a thread's turn, the socket. The client is
raw, since HTTP libraries cost more than what is measured.
"""

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median, quantiles

import psutil

from app.config import ROOT
from app.database import db
from app.server import make_server
from bench import cleaning, operations
from bench.loading import Database, config_for
from bench.wsgi import Environ, WrongAnswer

MOST = 300
WARM_UPS = 20


@dataclass(frozen=True)
class Served:
    """Times in milliseconds; `cpu` is the server's, without PostgreSQL's."""

    name: str
    p50: float
    p95: float
    per_second: float
    cpu: float


def measure_served(database: Database, *, seconds: float) -> list[Served]:
    """Every operation, one request after another."""
    app = database.app()
    with app.app_context():
        here = operations.scene(run=time.time_ns())
        db.engine.dispose()
    try:
        with _server(database.url) as (port, process):
            connection = socket.create_connection(("127.0.0.1", port))
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            wanted = operations.operations(here)
            return [_one(one, connection, process, seconds) for one in wanted]
    finally:
        cleaning.forget(database.url, here.sent)
        cleaning.tidy(database.url)


def _one(
    operation: operations.Operation,
    connection: socket.socket,
    process: psutil.Process,
    seconds: float,
) -> Served:
    times: list[float] = []
    for number in range(WARM_UPS):
        _ask(connection, operation.request(number))
    before, until = _spent(process), time.perf_counter() + seconds
    while len(times) < MOST and (time.perf_counter() < until or len(times) < 2):
        asked = _wire(operation.request(WARM_UPS + len(times)))
        began = time.perf_counter()
        _exchange(connection, asked)
        times.append(time.perf_counter() - began)
    return Served(
        name=operation.name,
        p50=median(times) * 1e3,
        p95=quantiles(times, n=20)[-1] * 1e3,
        per_second=len(times) / sum(times),
        cpu=(_spent(process) - before) / len(times) * 1e3,
    )


def _spent(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _ask(connection: socket.socket, environ: Environ) -> bytes:
    return _exchange(connection, _wire(environ))


def _wire(environ: Environ) -> bytes:
    """A WSGI environ as the request that it would have come from."""
    query = f"?{environ['QUERY_STRING']}" if environ["QUERY_STRING"] else ""
    headers = {
        name.removeprefix("HTTP_").replace("_", "-"): value
        for name, value in environ.items()
        if name.startswith(("HTTP_", "CONTENT_"))
    }
    lines = [f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}{query} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + bytes(environ["wsgi.input"].getvalue())


def _exchange(connection: socket.socket, asked: bytes) -> bytes:
    """Send, and read one answer to its end by its Content-Length."""
    connection.sendall(asked)
    received = b""
    while b"\r\n\r\n" not in received:
        received += _more(connection)
    head, _, body = received.partition(b"\r\n\r\n")
    length = next(
        int(line.partition(b":")[2])
        for line in head.split(b"\r\n")
        if line.lower().startswith(b"content-length:")
    )
    parts, missing = [body], length - len(body)
    while missing > 0:
        parts.append(_more(connection))
        missing -= len(parts[-1])
    if head.split(b" ", 2)[1] not in {b"200", b"201"}:
        raise WrongAnswer(f"{head.decode()} {body[:500]!r}")
    return b"".join(parts)


def _more(connection: socket.socket) -> bytes:
    part = connection.recv(1 << 18)
    if not part:
        raise WrongAnswer("the server hung up")
    return part


@contextmanager
def _server(url: str) -> Iterator[tuple[int, psutil.Process]]:
    command = [sys.executable, "-m", "bench.served", url]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as child:
        try:
            assert child.stdout is not None  # noqa: S101
            yield int(child.stdout.readline()), psutil.Process(child.pid)
        finally:
            child.terminate()


def _serve(url: str) -> None:
    """The child: one process of the server, on a port that it names first."""
    from app.factory import create_app  # the parent asks, and needs none of it

    listening = socket.create_server(("127.0.0.1", 0))
    server: Callable[[], None] = make_server(create_app(config_for(url)), listening).serve
    print(listening.getsockname()[1], flush=True)
    server()


if __name__ == "__main__":
    _serve(sys.argv[1])

"""The web server on real sockets: slow clients are bounded, big bodies pass, stopping is gentle."""

import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from waitress import wasyncore

from app.config import ROOT
from app.launch.listening import listening_socket
from app.launch.talk import Stop
from app.server import Channel, Server, asked_processes, make_server
from tests.launch.conftest import bare_environment, eventually

Answer = Callable[..., Any]


def echo_length(environ: dict[str, Any], start_response: Answer) -> Iterable[bytes]:
    body = environ["wsgi.input"].read()
    hops = environ.get("HTTP_X_FORWARDED_FOR", "none")
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"{len(body)} {hops}".encode()]


@contextmanager
def serving(application: Answer, **changes: Any) -> Iterator[tuple[Server, int]]:
    """The server's loop in a thread; looks for slow clients at each turn."""
    sock = listening_socket("127.0.0.1", 0)
    server = make_server(application, sock, **{"cleanup_interval": 0, **changes})
    over = threading.Event()

    def loop() -> None:
        while not over.is_set():
            wasyncore.loop(timeout=0.05, use_poll=True, map=server._map, count=1)

    thread = threading.Thread(target=loop)
    thread.start()
    try:
        yield server, sock.getsockname()[1]
    finally:
        over.set()
        thread.join()
        server.task_dispatcher.shutdown(timeout=1)
        wasyncore.close_all(server._map)


def ask(port: int, **options: Any) -> bytes:
    request = urllib.request.Request(f"http://127.0.0.1:{port}/", **options)
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as answer:
        body: bytes = answer.read()
        return body


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a minute is right for phones, and long for a test."""
    monkeypatch.setattr(Channel, "patience", 0.3)


@pytest.mark.usefixtures("impatient")
def test_clients_that_send_a_byte_now_and_then_are_cut_off_and_hinder_nobody() -> None:
    with serving(echo_length) as (server, port):
        slow = [socket.create_connection(("127.0.0.1", port)) for _ in range(40)]
        for client in slow:
            client.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\nx")
        eventually(lambda: len(server.active_channels) == 40)

        assert ask(port, data=b"a quick one") == b"11 none"
        eventually(lambda: not server.active_channels)

    for client in slow:
        with client:
            assert client.recv(100) == b""


@pytest.mark.usefixtures("impatient")
def test_clients_that_do_not_even_end_their_headers_are_cut_off() -> None:
    with (
        serving(echo_length) as (server, port),
        socket.create_connection(("127.0.0.1", port)) as client,
    ):
        client.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nX-Slow: y")
        eventually(lambda: server.active_channels)
        eventually(lambda: not server.active_channels)

        assert client.recv(100) == b""


@pytest.mark.usefixtures("impatient")
def test_a_client_that_does_not_fetch_its_answer_is_cut_off() -> None:
    def generous(environ: dict[str, Any], start_response: Answer) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Length", str(60_000_000))])
        return [b"x" * 60_000_000]

    with (
        serving(generous) as (server, port),
        socket.create_connection(("127.0.0.1", port)) as client,
    ):
        client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        eventually(lambda: server.active_channels)
        eventually(lambda: not server.active_channels)


@pytest.mark.usefixtures("impatient")
def test_a_slow_phone_that_keeps_sending_is_not_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    # Any rate serves here; the real one is two bars of signal.
    monkeypatch.setattr(Channel, "slowest", 1)
    with (
        serving(echo_length) as (_, port),
        socket.create_connection(("127.0.0.1", port)) as client,
    ):
        client.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n")
        pause = threading.Event()
        for _ in range(50):  # half a second: longer than its patience
            client.sendall(b"xx")
            pause.wait(0.01)

        assert b"100 none" in client.recv(1000)


def test_a_photo_of_many_megabytes_arrives_whole() -> None:
    with serving(echo_length) as (_, port):
        assert ask(port, data=bytes(30_000_000)) == b"30000000 none"


def test_a_body_beyond_every_bound_is_refused_from_its_announcement() -> None:
    with (
        serving(echo_length) as (_, port),
        socket.create_connection(("127.0.0.1", port)) as client,
    ):
        client.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 90000000\r\n\r\n")

        assert client.recv(1000).startswith(b"HTTP/1.1 413")


def test_forwarded_addresses_reach_the_app_only_where_a_proxy_is_trusted() -> None:
    forged = {"headers": {"X-Forwarded-For": "192.0.2.1"}}
    with serving(echo_length) as (_, port):
        assert ask(port, **forged) == b"0 none"
    with serving(echo_length, clear_untrusted_proxy_headers=False) as (_, port):
        assert ask(port, **forged) == b"0 192.0.2.1"


SLOW_APP = """
import sys, threading
from app.launch.listening import listening_socket
from app.server import make_server

def application(environ, start_response):
    print("working", flush=True)
    threading.Event().wait(0.7)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"finished"]

sock = listening_socket("127.0.0.1", 0)
server = make_server(application, sock)
print(sock.getsockname()[1], flush=True)
server.serve()
print("left", flush=True)
"""


def test_a_request_under_way_is_finished_before_the_server_stops() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SLOW_APP], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        port = int(server.stdout.readline())
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            assert server.stdout.readline() == "working\n"

            server.send_signal(signal.SIGTERM)

            answer = b"".join(iter(lambda: client.recv(1000), b""))
        assert answer.endswith(b"finished")
        assert server.stdout.readline() == "left\n"
    assert server.returncode == 0


def test_the_number_of_processes_is_asked_in_words_it_understands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("XOM_WEB_PROCESSES", "3")
    assert asked_processes() == 3
    monkeypatch.delenv("XOM_WEB_PROCESSES")
    assert asked_processes() == (os.cpu_count() or 1)
    monkeypatch.setenv("XOM_WEB_PROCESSES", "many")
    with pytest.raises(Stop, match="XOM_WEB_PROCESSES=many"):
        asked_processes()


def test_the_server_alone_refuses_a_busy_port_in_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        told = subprocess.run(
            [sys.executable, "-m", "app.server"],
            env={**bare_environment(), "PORT": str(port)},
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )

    assert told.returncode == 1
    assert told.stderr.startswith(f"Port {port} is in use")
    assert "Traceback" not in told.stderr

"""Pictures by their address: from hosts that the operator named, and from nowhere else."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from time import monotonic, sleep
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from app.config import Config, Environment
from app.database import db
from reports import queries
from reports.models import Photo
from reports.open311 import media
from tests.conftest import config_for
from tests.open311.conftest import Neighbour, a_request
from tests.photos.jpegs import endless

JPEG = endless(64, 48)
TEST = config_for("postgresql://nobody", open311_media_hosts=("127.0.0.1",))
PRODUCTION = replace(TEST, environment=Environment.PRODUCTION)


class Pictures(BaseHTTPRequestHandler):
    asked: list[str] = []  # noqa: RUF012
    enough = Event()

    def do_GET(self) -> None:
        self.asked.append(self.path)
        match self.path.partition("?")[0]:
            case "/a.jpg":
                self._answer(200, JPEG)
            case "/moved":
                self.send_response(302)
                self.send_header("Location", "/a.jpg")
                self.end_headers()
            case "/large":
                self._answer(200, JPEG * 2)
            case "/cut":
                self._answer(200, JPEG[:100], length=len(JPEG))
            case "/slow":
                self.send_response(200)
                self.end_headers()
                while not self.enough.wait(0.05):
                    self.wfile.write(b"x")
            case _:
                self._answer(404, b"")

    def _answer(self, status: int, body: bytes, length: int | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Tests are quiet."""


@contextmanager
def served() -> Iterator[str]:
    Pictures.asked, Pictures.enough = [], Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pictures)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a client that left
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        Pictures.enough.set()
        server.shutdown()
        server.server_close()


@pytest.fixture
def there() -> Iterator[str]:
    """A host with pictures."""
    with served() as address:
        yield address


def fetched(urls: list[str], config: Config, **bounds: float) -> list[bytes]:
    return list(media.fetch(urls, config, **bounds))


def test_a_picture_of_a_named_host_is_fetched(there: str) -> None:
    assert fetched([f"{there}/a.jpg?size=1", f"{there}/a.jpg"], TEST) == [JPEG, JPEG]
    assert Pictures.asked == ["/a.jpg?size=1", "/a.jpg"]


def test_without_a_named_host_nobody_is_asked(there: str) -> None:
    nowhere = replace(TEST, open311_media_hosts=())

    assert fetched([f"{there}/a.jpg"], nowhere) == []
    assert Pictures.asked == []


def test_in_production_neither_plain_http_nor_our_own_network_is_asked(there: str) -> None:
    port = there.rpartition(":")[2]

    found = fetched(
        [f"{there}/a.jpg", f"https://127.0.0.1:{port}/a.jpg", "https://127.0.0.1/a.jpg"], PRODUCTION
    )

    assert found == [] == Pictures.asked


@pytest.mark.parametrize(
    "url",
    [
        "https://elsewhere.example/a.jpg",
        "https://127.0.0.1.elsewhere.example/a.jpg",
        "https://127.0.0.1@elsewhere.example/a.jpg",
        "https://user:secret@127.0.0.1/a.jpg",
        "ftp://127.0.0.1/a.jpg",
        "file:///etc/passwd",
        "https://127.0.0.1/a b.jpg",
        "https://127.0.0.1:99999/a.jpg",
        "https://[::1/a.jpg",
        "a.jpg",
        "",
    ],
)
def test_other_addresses_are_left_alone(url: str) -> None:
    assert fetched([url], TEST) == []


@pytest.mark.parametrize(
    ("named", "host", "allowed"),
    [
        (".example.org", "img.example.org", True),
        (".example.org", "example.org", False),
        (".example.org", "badexample.org", False),
        ("example.org", "example.org", True),
        ("example.org", "img.example.org", False),
    ],
)
def test_a_leading_dot_stands_for_hosts_below(named: str, host: str, allowed: bool) -> None:  # noqa: FBT001
    config = replace(PRODUCTION, open311_media_hosts=(named,))

    if allowed:
        assert media._allowed(f"https://{host}/a.jpg", config).hostname == host
    else:
        with pytest.raises(media.NotFetched):
            media._allowed(f"https://{host}/a.jpg", config)


def test_what_is_not_plainly_there_is_left_out_and_the_rest_is_fetched(
    there: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Twenty real megabytes would say the same.
    monkeypatch.setattr(media, "MOST_BYTES", len(JPEG))

    found = fetched([f"{there}/{path}" for path in ("none", "moved", "large", "cut", "a.jpg")],
                        TEST)  # fmt: skip

    assert found == [JPEG]
    assert len(Pictures.asked) == 5  # no redirect was followed


def test_a_host_that_trickles_is_cut_off(there: str) -> None:
    begun = monotonic()

    assert fetched([f"{there}/slow", f"{there}/a.jpg"], TEST, all_s=0.3) == []

    assert monotonic() - begun < 2


def test_a_host_that_takes_no_connections_costs_no_more_than_all_may_take() -> None:
    with socket.socket() as full, ExitStack() as waiting:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for _ in range(3):  # who is not waited for, and fills its queue
            caller = waiting.enter_context(socket.socket())
            caller.setblocking(False)
            caller.connect_ex(full.getsockname())
        begun = monotonic()

        found = fetched([f"http://127.0.0.1:{full.getsockname()[1]}/{i}" for i in range(12)], TEST,
                        all_s=0.3)  # fmt: skip

    assert found == []
    assert monotonic() - begun < 2


def test_a_host_that_never_agrees_on_keys_costs_no_more_than_all_may_take() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = urlsplit(f"https://127.0.0.1:{silent.getsockname()[1]}/a.jpg")
        begun = monotonic()

        with pytest.raises(TimeoutError):
            media._connected(address, TEST, until=begun + 0.3)

    assert monotonic() - begun < 2


def test_what_is_done_with_a_picture_takes_none_of_the_time_for_the_next(there: str) -> None:
    found = media.fetch([f"{there}/a.jpg", f"{there}/b.jpg", f"{there}/a.jpg"], TEST, all_s=0.5)

    assert next(found) == JPEG
    sleep(0.7)

    assert next(found) == JPEG


def test_a_request_has_the_picture_that_it_names(app: Flask, client: Neighbour, there: str) -> None:
    known: Config = app.extensions["xom.config"]
    app.extensions["xom.config"] = replace(known, open311_media_hosts=("127.0.0.1",))
    try:
        answer = client.post(**a_request(media_url=[f"{there}/a.jpg", f"{there}/none"]))
    finally:
        app.extensions["xom.config"] = known

    (told,) = answer.json
    assert "1 ảnh không lấy được" in told["service_notice"]
    report = queries.find(told["service_request_id"])
    assert report and report.cover
    assert len(db.session.scalars(select(Photo).where(Photo.report_id == report.id)).all()) == 1

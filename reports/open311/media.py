"""Pictures that a client names by their address. Nothing is fetched unless the operator has named
the host (`XOM_OPEN311_MEDIA_HOSTS`): a server must not be sent to places by strangers.

What is fetched is bounded in bytes and in time, the look-up of names included; it follows no
redirect, and comes from the very machine that was looked at before a byte was said. Call it with no
transaction open.
"""

import socket
import ssl
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from threading import Timer
from time import monotonic
from typing import Any
from urllib.parse import SplitResult, urlsplit

import structlog

from app.config import Config
from notifications.endpoints import may_connect

MOST_BYTES = 20 * 1024 * 1024
STEP_S = 5.0  # for a name, for connecting, for agreeing on keys, and for each piece
ALL_S = 15.0  # for all pictures of one request
_PIECE = 65_536
_LOOPBACK = frozenset({"127.0.0.1", "localhost"})
#: The system's look-up of a name takes no bound: whoever asked stops waiting, it ends by itself.
_names = ThreadPoolExecutor(4, thread_name_prefix="media-names")

log = structlog.get_logger()


class NotFetched(Exception):
    """Why, in a few words for the log."""


def fetch(urls: Sequence[str], config: Config, *, all_s: float = ALL_S) -> Iterator[bytes]:
    """The pictures that may be fetched and could be, in their order, one at a time. What the caller
    does with one in between does not count."""
    left = all_s
    for url in urls:
        begun = monotonic()
        found = _found(url, config, until=begun + left)
        left -= monotonic() - begun
        if found is not None:
            yield found


def _found(url: str, config: Config, *, until: float) -> bytes | None:
    try:
        return _fetched(_allowed(url, config), config, until)
    except NotFetched as error:
        log.info("media not fetched", reason=str(error))
    except (OSError, HTTPException, ValueError) as error:
        log.info("media not fetched", reason=type(error).__name__)
    return None


def _allowed(url: str, config: Config) -> SplitResult:
    parts = urlsplit(url)
    host, plain = parts.hostname or "", url.isascii() and url.isprintable() and " " not in url
    named = any(
        host == known or (known.startswith(".") and host.endswith(known))
        for known in config.open311_media_hosts
    )
    if not named or not plain or parts.username or parts.password:
        raise NotFetched("a host that is not named")
    rehearsal = not config.is_production and parts.scheme == "http" and host in _LOOPBACK
    if not rehearsal and (parts.scheme != "https" or parts.port not in {None, 443}):
        raise NotFetched("not https on its usual port")
    return parts


def _fetched(parts: SplitResult, config: Config, until: float) -> bytes:
    connection = HTTPConnection(parts.hostname or "", timeout=STEP_S)
    with _connected(parts, config, until) as connection.sock, _cut_off(connection.sock, until):
        connection.sock.settimeout(STEP_S)
        path = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
        connection.request("GET", path, headers={"Accept": "image/*", "User-Agent": "xom"})
        answer = connection.getresponse()
        if answer.status != 200:
            raise NotFetched(f"answered {answer.status}")
        read = bytearray()
        while piece := answer.read1(_PIECE):
            read += piece
            if len(read) > MOST_BYTES:
                raise NotFetched("too large")
        if answer.length or monotonic() > until:
            raise NotFetched("cut off")
        return bytes(read)


@contextmanager
def _cut_off(connected: socket.socket, until: float) -> Iterator[None]:
    """Whatever the other side does, byte by byte: at that moment it is over."""

    def end() -> None:
        with suppress(OSError):
            connected.shutdown(socket.SHUT_RDWR)

    timer = Timer(max(0.0, until - monotonic()), end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _connected(parts: SplitResult, config: Config, until: float) -> socket.socket:
    """To a machine that we may talk to, and to that one: names can change in between."""
    host, secure = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    family, kind, protocol, _, address = _looked_up(host, port, until)
    if not may_connect(str(address[0]), config):
        raise NotFetched("a private address")
    made = socket.socket(family, kind, protocol)
    try:
        made.settimeout(_step(until))
        made.connect(address)
        if secure:
            made.settimeout(_step(until))
            return ssl.create_default_context().wrap_socket(made, server_hostname=host)
        return made
    except OSError:
        made.close()
        raise


def _looked_up(host: str, port: int, until: float) -> Any:
    """As `getaddrinfo` tells the first. Raises TimeoutError."""
    asked = _names.submit(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    try:
        return asked.result(_step(until))[0]
    finally:
        asked.cancel()


def _step(until: float) -> float:
    """How long the next step may take, in seconds. Raises NotFetched when no time is left."""
    left = until - monotonic()
    if left <= 0:
        raise NotFetched("no time left")
    return min(STEP_S, left)

"""The web's address: claimed before anything is started on it, and kept while servers come and go.

The claimed socket is handed to the web server, so that a restart of it refuses nobody.
"""

import errno
import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from app.launch.talk import Stop

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8000
BACKLOG = 1024


def asked_address(environ: Mapping[str, str]) -> tuple[str, int]:
    """Host and port out of XOM_HOST and PORT. Raises Stop with a sentence."""
    text = environ.get("PORT") or str(DEFAULT_PORT)
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise Stop(f"PORT={text} is not a port. Use a number from 1 to 65535: PORT=8080 make run")
    return environ.get("XOM_HOST") or DEFAULT_HOST, int(text)


@contextmanager
def claimed(host: str, port: int) -> Iterator[socket.socket]:
    """A socket that listens on the address. Raises Stop when it cannot be had."""
    with listening_socket(host, port) as sock:
        yield sock


def listening_socket(host: str, port: int) -> socket.socket:
    """Bind and listen at once: two that are merely bound would not notice each other."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
    except OSError as error:
        raise Stop(f"XOM_HOST={host} is not an address of this machine: {error}.") from None
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((host, port))
        sock.listen(BACKLOG)
    except OSError as error:
        sock.close()
        raise Stop(_why_not(error, host, port)) from None
    return sock


def _why_not(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} is in use by another program. Stop that one, or choose another port: "
            f"PORT={_free_port_after(host, port)} make run"
        )
    if error.errno == errno.EACCES:
        return f"Port {port} is reserved for root. Choose one above 1023: PORT=8000 make run"
    return f"The web server cannot listen on {host}:{port}: {os.strerror(error.errno or 0)}."


def _free_port_after(host: str, port: int) -> int:
    """A port close by that is free at this moment."""
    for candidate in range(port + 1, min(port + 50, 65536)):
        with socket.socket() as probe:
            if probe.connect_ex((host, candidate)) != 0:
                return candidate
    return 8080 if port != 8080 else 8090

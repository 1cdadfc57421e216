"""Which addresses of other systems we are willing to call: https by name, to none of our own
network. Looked at when one is registered and again when it is called, and what is called is the
very machine that was looked at: names can change in between.
"""

import ipaddress
import re
import socket
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLong
from urllib.parse import urlsplit

from yarl import URL

from app.config import Config
from notifications.endpoints import may_connect
from notifications.webhooks.errors import (
    BadUrl,
    NameUnknown,
    NoAddressByNumber,
    NotOutside,
    NotSecure,
)

OUR_OWN = "an address of our own network"  # why one was not called
LONGEST = 2000  # letters
LOOKED_UP_WITHIN = 3.0  # seconds, while somebody waits for the page
_PLAIN = re.compile(r"[\x21-\x5b\x5d-\x7e]+")  # printable ASCII without the backslash


def check_url(url: str, config: Config) -> None:
    """Raise BadUrl, NotSecure or NoAddressByNumber unless this is https to a host by its name.

    Outside production plain http on loopback will do, for rehearsals.
    """
    host = _host_of(url)
    if not config.is_production and _is_loopback(host):
        return
    if urlsplit(url).scheme != "https":
        raise NotSecure
    if _is_number(host):
        raise NoAddressByNumber
    if "." not in host.rstrip("."):
        raise NotOutside  # `localhost`, `database`: names of our own network


def check_where(url: str, config: Config) -> None:
    """Look up where the name leads: raise NameUnknown, or NotOutside when any of its machines is of
    our own network. Waits for the network: with no transaction open.
    """
    check_url(url, config)
    found = _looked_up(_host_of(url), urlsplit(url).port or 443)
    if not found:
        raise NameUnknown
    if not all(may_connect(address, config) for address in found):
        raise NotOutside


def _looked_up(host: str, port: int) -> set[str]:
    """The addresses of a host; none where it cannot be found in time."""
    pool = ThreadPoolExecutor(1)
    try:
        asked = pool.submit(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
        return {str(found[4][0]) for found in asked.result(LOOKED_UP_WITHIN)}
    except (OSError, TooLong, UnicodeError):
        return set()
    finally:
        pool.shutdown(wait=False)


def _host_of(url: str) -> str:
    """The host of an address that can be read in one way only; raises BadUrl."""
    if len(url) > LONGEST or not _PLAIN.fullmatch(url):
        raise BadUrl
    try:
        parts, called = urlsplit(url), URL(url)
        host, port = parts.hostname or "", parts.port
        called_host = (called.raw_host or "").lower()
    except ValueError as error:
        raise BadUrl from error
    if host != called_host:  # looked at here, called there: they must read it alike
        raise BadUrl
    if not host or port == 0 or parts.username or parts.password or parts.fragment:
        raise BadUrl
    if parts.scheme not in {"http", "https"}:
        raise BadUrl
    return host


def _is_number(host: str) -> bool:
    """An address by its number, in any spelling that a resolver takes: 127.1, 0x7f000001, ::1."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return (
            re.fullmatch(r"(0x[0-9a-f]*|[0-9]+)", host.rstrip(".").rpartition(".")[2]) is not None
        )
    return True


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False

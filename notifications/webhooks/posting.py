"""Sending signed bodies: aiohttp, each within 15 seconds in all, from the first look-up of the name
to the answer's headers. Only the worker imports this.

Follows no redirect, keeps no cookie, and reads of an answer its status and headers alone: what a
receiver says may repeat what it was told, and would outlive its erasure here. Each connection is
made to a machine that was looked at a moment before, so a name that changes in between changes
nothing. Touches no database.
"""

import socket
from dataclasses import dataclass
from errno import EACCES
from time import monotonic
from typing import Any

import aiohttp

from app.clock import now
from app.config import Config
from notifications.channels.letters import seconds_after
from notifications.endpoints import may_connect
from notifications.webhooks.addresses import OUR_OWN, check_url
from notifications.webhooks.errors import BadUrl, NoAddressByNumber, NotOutside, NotSecure

SECONDS = 15.0  # of one try
AGENT = "Xom-Webhooks/1"


@dataclass(frozen=True, slots=True)
class Parcel:
    """A body with its signature, and where it goes."""

    url: str
    body: str
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class Answered:
    """Somebody was there. `after`: as its Retry-After says, in seconds."""

    status: int
    took_ms: int
    after: float | None = None

    @property
    def is_taken(self) -> bool:
        return 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class NotReached:
    """Nobody answered."""

    why: str
    took_ms: int


Posted = Answered | NotReached


async def post(session: aiohttp.ClientSession, parcel: Parcel, config: Config) -> Posted:
    """One try; raises nothing that a network may do to it."""
    begun = monotonic()

    def took() -> int:
        return int((monotonic() - begun) * 1000)

    try:
        check_url(parcel.url, config)  # the settings may have changed since it was registered
    except (BadUrl, NotSecure, NoAddressByNumber, NotOutside) as error:
        return NotReached(f"refused: {error.code}", 0)
    try:
        async with session.post(
            parcel.url, data=parcel.body.encode(), headers=parcel.headers, allow_redirects=False
        ) as answer:
            after = seconds_after(answer.headers.get("Retry-After"), now())
            return Answered(answer.status, took(), after)
    except TimeoutError:
        return NotReached(f"no answer within {SECONDS:.0f} seconds", took())
    except (aiohttp.ClientError, OSError, ValueError) as error:
        return NotReached(_why(error), took())


def _why(error: Exception) -> str:
    if OUR_OWN in str(error):
        return OUR_OWN
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "no such host"
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return "its certificate does not hold"
    if isinstance(error, aiohttp.ClientConnectorError):
        return "no connection"
    return f"no answer: {type(error).__name__}"


def outside(config: Config) -> aiohttp.ClientSession:
    """What bodies are sent through: to be closed, as a context."""

    def socket_for(found: Any) -> socket.socket:
        """Look at whom the name led to before anything is said to them."""
        family, kind, protocol, _, address = found
        if not may_connect(str(address[0]), config):
            raise PermissionError(EACCES, OUR_OWN)
        return socket.socket(family, kind, protocol)

    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(
            limit=0, force_close=True, use_dns_cache=False, socket_factory=socket_for
        ),
        timeout=aiohttp.ClientTimeout(total=SECONDS),
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"User-Agent": AGENT, "Content-Type": "application/json"},
        trust_env=False,
        auto_decompress=False,
    )

"""Which Web Push addresses we are willing to call. Anyone may register one, so it is checked when
it arrives and again when it is used: a server must not be talked into calling its own neighbours.
"""

import ipaddress
from collections.abc import Collection
from urllib.parse import urlsplit

from app.config import Config

ANY = "*"


class EndpointRefused(ValueError):
    """The address is not one of a push service that we call."""


def check_endpoint(url: str, config: Config) -> None:
    """Raise EndpointRefused unless this is https to a known push service.

    Outside production any host will do, and plain http on loopback, for rehearsals.
    """
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError as error:
        raise EndpointRefused("the port is not a number") from error
    host = parts.hostname or ""
    if not host or parts.username or parts.password or parts.fragment:
        raise EndpointRefused("not a plain web address")
    if not config.is_production and _is_loopback(host):
        return
    if parts.scheme != "https" or port not in {None, 443}:
        raise EndpointRefused("only https on its usual port")
    if _is_address(host) or (config.is_production and not _known(host, config.webpush_hosts)):
        raise EndpointRefused("not a push service that this city calls")


def may_connect(address: str, config: Config) -> bool:
    """Whether the machine that a name led to may be talked to: none of our own network."""
    machine = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(machine, "ipv4_mapped", None)
    machine = mapped or machine
    if machine.is_loopback:
        return not config.is_production
    return machine.is_global and not machine.is_multicast


def _known(host: str, hosts: Collection[str]) -> bool:
    return ANY in hosts or any(
        host == known or (known.startswith(".") and host.endswith(known)) for known in hosts
    )


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_loopback(host: str) -> bool:
    return host == "localhost" or (_is_address(host) and ipaddress.ip_address(host).is_loopback)

"""Which Web Push addresses we are willing to call. Anyone may register one, so it is checked when
it arrives and again when it is used: a server must not be talked into calling its own neighbours.
"""

import ipaddress
import re
from collections.abc import Collection
from urllib.parse import urlsplit

from urllib3.util import parse_url

from app.config import Config

ANY = "*"

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_PLAIN = re.compile(r"[\x21-\x5b\x5d-\x7e]+")  # printable ASCII without the backslash
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class EndpointRefused(ValueError):
    """The address is not one of a push service that we call."""


def check_endpoint(url: object, config: Config) -> None:
    """Raise EndpointRefused unless this is https to a known push service.

    Outside production any host will do, and plain http on loopback, for rehearsals.
    """
    if not isinstance(url, str) or not _PLAIN.fullmatch(url):
        raise EndpointRefused("not a web address")
    try:
        parts, called = urlsplit(url), parse_url(url).host
        port = parts.port
    except ValueError as error:
        raise EndpointRefused("not a web address") from error
    host = parts.hostname or ""
    if host != (called or "").strip("[]"):  # looked at here, called there: they must read it alike
        raise EndpointRefused("not a web address that is read in one way")
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
    machine = _behind(ipaddress.ip_address(address.partition("%")[0]))
    if machine.is_loopback:
        return not config.is_production
    return machine.is_global and not machine.is_multicast


def _behind(machine: Address) -> Address:
    """The IPv4 machine that an IPv6 address stands for, where it does."""
    if isinstance(machine, ipaddress.IPv4Address):
        return machine
    if machine in _NAT64:
        return ipaddress.IPv4Address(int(machine) & 0xFFFFFFFF)
    return machine.ipv4_mapped or machine.sixtofour or machine


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

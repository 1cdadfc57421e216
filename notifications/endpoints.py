"""Which addresses of other machines we are willing to call: a server must not be talked into
calling its own neighbours. Anyone may register a Web Push address, so it is checked when it arrives
and again when it is used; webhooks and pictures by address come through the same door.
"""

import ipaddress
import re
import socket
from collections.abc import Collection
from urllib.parse import urlsplit

from urllib3.util import parse_url

from app.config import Config

ANY = "*"

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_PLAIN = re.compile(r"[\x21-\x5b\x5d-\x7e]+")  # printable ASCII without the backslash
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052
#: All of IPv6 that is given out to the Internet's machines (IANA); what lies elsewhere is local,
#: reserved, or stands for an IPv4 machine.
_INTERNET6 = ipaddress.IPv6Network("2000::/3")
#: Of the rest, what is nobody's machine on the Internet though `is_global` may say so: its table
#: differs from one Python to the next (IANA's registries of special-purpose addresses).
_SPECIAL = tuple(
    ipaddress.ip_network(one)
    for one in (
        "0.0.0.0/8",  # this host
        "100.64.0.0/10",  # behind a carrier's NAT
        "192.0.0.0/24",
        "192.88.99.0/24",  # relays of 6to4
        "240.0.0.0/4",
        "2001::/23",  # Teredo, ORCHID, benchmarks
        "2001:db8::/32",
        "3fff::/20",
    )
)


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
    """Whether the machine that a name led to may be talked to: none of our own network, by none of
    the ways to write one address within another, and not this machine itself."""
    written = ipaddress.ip_address(address.partition("%")[0])
    machine = _behind(written)
    if machine.is_loopback:
        return not config.is_production
    if not _on_the_internet(machine):
        return False
    if any(one in network for network in config.own_networks for one in (written, machine)):
        return False
    return not is_this_machine(machine)


def _behind(machine: Address) -> Address:
    """The IPv4 machine that an IPv6 address stands for, where it does."""
    if isinstance(machine, ipaddress.IPv4Address):
        return machine
    if machine in _NAT64:
        return ipaddress.IPv4Address(int(machine) & 0xFFFFFFFF)
    return machine.ipv4_mapped or machine.sixtofour or machine


def _on_the_internet(machine: Address) -> bool:
    if machine.version == 6 and machine not in _INTERNET6:
        return False
    if machine.is_multicast or any(machine in network for network in _SPECIAL):
        return False
    return machine.is_global


def is_this_machine(machine: Address) -> bool:
    """Whether the system would call it from that very address: then it is its own. Nothing is sent:
    to connect a datagram's socket is to ask for the way. A second address of one interface is not
    found so: it is named in XOM_OWN_NETWORKS."""
    family = socket.AF_INET if machine.version == 4 else socket.AF_INET6
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as asking:
            asking.connect((str(machine), 9))
            return ipaddress.ip_address(asking.getsockname()[0]) == machine
    except OSError:
        return False  # there is no way to it


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

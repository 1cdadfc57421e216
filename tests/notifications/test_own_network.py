"""Whom we call: nobody of our own network, by no way of writing an address."""

import ipaddress
from dataclasses import replace

import pytest

from app.config import Config, Environment
from app.safety import UnsafeConfig, networks
from notifications.endpoints import is_this_machine, may_connect
from tests.conftest import config_for

REHEARSAL = config_for("postgresql://nobody")
CITY = replace(REHEARSAL, environment=Environment.PRODUCTION)

OURS = [
    "0.0.0.0",  # noqa: S104 (refused)
    "0.1.2.3",
    "10.1.2.3",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",  # where clouds keep their keys
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "100::1",  # discard
    "5f00::1",  # segment routing
    "fc00::1",
    "fd00::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",  # site-local
    "ff02::1",
    "ff0e::1",
    "2001:db8::1",
    "2001:2::1",  # benchmarks
    "2001:10::1",  # ORCHID
    "3fff::1",  # documentation
    "4000::1",  # given to nobody
]
#: An IPv4 machine written within an IPv6 address: IPv4-mapped, -compatible, -translated, NAT64 of
#: all and of one's own, 6to4, Teredo (whose client's address is inverted).
WRAPPED = [
    "::ffff:{v4}",
    "::{v4}",
    "::ffff:0:{v4}",
    "64:ff9b::{v4}",
    "64:ff9b:1::{v4}",
    "2002:{hex}::1",
    "2001:0:{hex}::1",
    "2001::8000:ffff:{inverted}",
]
INSIDE = ["10.0.0.5", "127.0.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1"]  # noqa: S104
OUTSIDE = ["142.250.1.1", "2a00:1450:4001::1", "2606:4700::1111"]


def hextets(number: int) -> str:
    return f"{number >> 16:x}:{number & 0xFFFF:x}"


def wrapped(form: str, v4: str) -> str:
    number = int(ipaddress.IPv4Address(v4))
    return form.format(v4=v4, hex=hextets(number), inverted=hextets(number ^ 0xFFFFFFFF))


@pytest.mark.parametrize("address", OURS)
def test_a_machine_that_is_not_on_the_internet_is_not_called(address: str) -> None:
    assert not may_connect(address, CITY)


@pytest.mark.parametrize("v4", INSIDE)
@pytest.mark.parametrize("form", WRAPPED)
def test_nor_by_an_ipv4_address_within_an_ipv6_one(form: str, v4: str) -> None:
    assert not may_connect(wrapped(form, v4), CITY)


@pytest.mark.parametrize("address", [*OUTSIDE, "64:ff9b::142.250.1.1", "::ffff:142.250.1.1"])
def test_a_machine_on_the_internet_is_called(address: str) -> None:
    assert may_connect(address, CITY)


def named(*networks_of_ours: str) -> Config:
    return replace(CITY, own_networks=networks("XOM_OWN_NETWORKS", networks_of_ours))


@pytest.mark.parametrize(
    "address", ["142.250.1.1", "::ffff:142.250.1.1", "64:ff9b::142.250.1.1", "2606:4700::1111"]
)
def test_networks_that_the_operator_names_are_not_called(address: str) -> None:
    config = named("142.250.0.0/16", "2606:4700::/32")

    assert may_connect(address, CITY)
    assert not may_connect(address, config)
    assert may_connect("142.251.1.1", config)


def test_a_nat64_of_ones_own_is_named_by_its_prefix() -> None:
    assert not may_connect("2a01:db8:64::a00:5", named("2a01:db8:64::/96"))


def test_this_machine_is_known_by_its_own_address() -> None:
    assert is_this_machine(ipaddress.ip_address("127.0.0.1"))
    assert not is_this_machine(ipaddress.ip_address("142.250.1.1"))


def test_a_rehearsal_may_call_loopback_and_nothing_else_of_its_network() -> None:
    assert may_connect("127.0.0.1", REHEARSAL) and may_connect("::1", REHEARSAL)
    assert not may_connect("10.0.0.5", REHEARSAL)


@pytest.mark.parametrize("wrong", ["10.0.0.5/8", "the-database", "300.1.1.1"])
def test_a_network_that_is_none_refuses_to_start(wrong: str) -> None:
    with pytest.raises(UnsafeConfig, match="XOM_OWN_NETWORKS"):
        networks("XOM_OWN_NETWORKS", [wrong])

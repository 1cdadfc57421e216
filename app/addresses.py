"""Network addresses as the house counts and trusts them.

A server that listens on IPv6 sees an IPv4 caller as `::ffff:a.b.c.d`: that is the same caller.
"""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network


def unmapped(text: str | None) -> IPv4Address | IPv6Address | None:
    """The address that the text spells, an IPv4 one out of its IPv6 wrapping; None for none."""
    try:
        parsed = ip_address((text or "").partition("%")[0])
    except ValueError:
        return None
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped:
        return parsed.ipv4_mapped
    return parsed


def network_of(text: str | None) -> str:
    """What one household has: an IPv4 address, or the /64 of an IPv6 one."""
    parsed = unmapped(text)
    if parsed is None:
        return "unknown"
    if isinstance(parsed, IPv4Address):
        return str(parsed)
    return str(ip_network((parsed, 64), strict=False))


def is_loopback(text: str | None) -> bool:
    """Is it this very host?"""
    parsed = unmapped(text)
    return parsed is not None and parsed.is_loopback

"""The network that an address belongs to: what one provider, office or household shares.

An address of its own would say too little, since mail scanners, mobile networks and households
change addresses from one request to the next, and too much, since it names a person's line.
"""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from shared.values.keyed_digest import keyed_digest

_IPV4_PREFIX = 24
# A household gets a /56 from its provider (RIPE-690, section 4.2), and its devices choose freely
# within: a smaller network would be a new one with every privacy address (RFC 8981).
_IPV6_PREFIX = 56


def network_of(address: str | None) -> str | None:
    """The IPv4 /24 or IPv6 /56 of an address, such as "203.0.113.0/24"; None when unknown.

    An IPv4 address written in IPv6 (`::ffff:203.0.113.7`) is the IPv4 address.
    """
    if address is None:
        return None
    try:
        parsed: IPv4Address | IPv6Address = ip_address(address)
    except ValueError:
        return None
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped is None:
            # By its number: a zone ("%eth0") is of no meaning outside the machine that wrote it.
            return str(ip_network((int(parsed), _IPV6_PREFIX), strict=False))
        parsed = parsed.ipv4_mapped
    return str(ip_network((parsed, _IPV4_PREFIX), strict=False))


def source_key(address: str | None, pepper: str) -> str | None:
    """Keyed hash (64 hex digits) of an address's network; None when it is unknown."""
    network = network_of(address)
    return None if network is None else keyed_digest(pepper, "network", network).hex()

"""Where the house may call: addresses that a file or a name's record names must not reach into its own network.

Server-side request forgery: a name may point anywhere, and elsewhere a second later, so the address that is really
called is the one that is looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

#: IPv6 networks that stand for IPv4 ones: translation (RFC 6052, RFC 8215), 6to4 (RFC 3056), Teredo (RFC 4380), and
#: compatible addresses (RFC 4291). What is behind them cannot be told, so they are nobody's public address here.
_STAND_INS = tuple(map(IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96")))


def networks(written: str) -> tuple[Network, ...]:
    """Networks from "10.0.0.0/8, 127.0.0.1"; raises ValueError for what is none."""
    return tuple(ip_network(part.strip()) for part in written.split(",") if part.strip())


def may_call(address: Address, allowed: Sequence[Network] = ()) -> bool:
    """Whether an address may be called: a public one, or one in a network that the house allows."""
    plain = address.ipv4_mapped or address if isinstance(address, IPv6Address) else address
    if any(plain in network for network in allowed if network.version == plain.version):
        return True
    if isinstance(plain, IPv6Address) and any(plain in network for network in _STAND_INS):
        return False
    return plain.is_global and not plain.is_multicast


def literal(host: str) -> Address | None:
    """The address that a host is written as; None for a name. `localhost` is an address, whatever a record says."""
    if host.rstrip(".").lower() == "localhost":
        return IPv4Address("127.0.0.1")
    try:
        return ip_address(host.strip("[]"))
    except ValueError:
        return None

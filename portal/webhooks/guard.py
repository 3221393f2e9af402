"""Which addresses a partner may have called: none inside our own network, whatever name stands for it.

The name is resolved once, every address it has is checked, and the connection goes to the one that was checked: a name
server that answers differently the second time is not asked a second time.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Sequence[str]]
"""Gives the addresses of a name."""

NAT64 = IPv6Network("64:ff9b::/96")
"""IPv6 addresses that stand for the IPv4 address in their last 32 bits (RFC 6052)."""
COMPATIBLE = IPv6Network("::/96")
"""The same, an older way."""


class Forbidden(Exception):
    """An address that is not called; the message says why."""


class Unknown(Exception):
    """A name that has no address."""


def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a host, the preferred one first.

    :raises Unknown: when it has none.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unknown(f"the name {host} was not found") from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def checked(host: str, port: int, *, private: bool, resolver: Resolve = resolve) -> str:
    """Return the address to connect to.

    :param private: allow this machine and private networks.
    :raises Forbidden: when any address of the host is one that is not called.
    :raises Unknown: when it has none.
    """
    found = resolver(host, port)
    for text in found:
        check(text, private=private)
    if not found:
        raise Unknown(f"the name {host} was not found")
    return found[0]


def check(text: str, *, private: bool) -> None:
    """Raise unless an IP address may be called.

    :raises Forbidden: it is not a public one.
    """
    if "%" in text:
        raise Forbidden(f"{text} is an address of one network only")
    address = _meant(ip_address(text))
    if not _is_public(address) and not (private and _is_private(address)):
        raise Forbidden(f"{text} is not a public address")


def _meant(address: Address) -> Address:
    """Return the IPv4 address that an IPv6 one stands for, else the address."""
    if isinstance(address, IPv4Address):
        return address
    if address in NAT64 or (address in COMPATIBLE and int(address) > 1):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo[1] if address.teredo else None
    return address.ipv4_mapped or address.sixtofour or teredo or address


def _is_public(address: Address) -> bool:
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def _is_private(address: Address) -> bool:
    """Tell whether it is this machine or a private network; never a link's own, where clouds keep their secrets."""
    if address.is_loopback:
        return True
    return address.is_private and not (address.is_link_local or address.is_reserved or address.is_unspecified)

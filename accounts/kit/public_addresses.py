"""Which addresses and names lie on the public internet. Everything else is somebody's inside, ours before all."""

from __future__ import annotations

import ipaddress
import re
import socket

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

# What Python's `is_global` lets through although nobody's server lives there: protocol assignments, 6to4 relays.
_INSIDE_V4 = tuple(ipaddress.IPv4Network(net) for net in ("192.0.0.0/24", "192.88.99.0/24"))
# The only space from which public IPv6 addresses are given out; loopback, local, multicast, mapped, NAT64 lie outside.
_GIVEN_OUT_V6 = ipaddress.IPv6Network("2000::/3")
# Inside of that space: protocol assignments with Teredo and ORCHID, documentation (twice), 6to4.
_INSIDE_V6 = tuple(ipaddress.IPv6Network(net) for net in ("2001::/23", "2001:db8::/32", "3fff::/20", "2002::/16"))
_OLD_V4 = re.compile(r"(0x[0-9a-f]*|[0-9]+)(\.(0x[0-9a-f]*|[0-9]+)){0,3}", re.IGNORECASE)
# Names that nobody can have on the internet (RFC 6761, 6762, 8375, 9476; ICANN on .internal; what routers use).
_INSIDE_NAMES = ("localhost", "localdomain", "local", "internal", "lan", "home.arpa", "alt")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def parse(text: str) -> IPAddress | None:
    """The address that `text` spells (brackets of a URL allowed), or None for a name.

    The old spellings of IPv4 too, as systems resolve them: 127.1, 2130706433, 0x7f.0.0.1, 0177.0.0.1.
    """
    text = text.removeprefix("[").removesuffix("]")
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        pass
    text = text.removesuffix(".")
    if not _OLD_V4.fullmatch(text):
        return None
    try:
        return ipaddress.IPv4Address(socket.inet_aton(text))
    except OSError:
        return None


def is_public(address: IPAddress) -> bool:
    """False for private, loopback, link-local, shared, reserved, multicast and documentation addresses.

    An IPv6 address that carries an IPv4 address is never public, except behind NAT64 (RFC 6052), where networks
    without IPv4 reach everyone: there the carried address decides.
    """
    if isinstance(address, ipaddress.IPv4Address):
        return address.is_global and not address.is_multicast and not any(address in net for net in _INSIDE_V4)
    if address.scope_id is not None:
        return False
    if address in _NAT64:
        return is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return address in _GIVEN_OUT_V6 and address.is_global and not any(address in net for net in _INSIDE_V6)


def is_inside_name(name: str) -> bool:
    """Whether a host name can only mean something inside: a single word, or below a domain that is kept for that."""
    name = name.lower().rstrip(".")
    return "." not in name or any(name == each or name.endswith(f".{each}") for each in _INSIDE_NAMES)

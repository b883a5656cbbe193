"""What must not be on a public address: settings that would open the installation end the start, with one sentence."""

from __future__ import annotations

import ipaddress
import sys
from typing import NoReturn

_LONG_ENOUGH, _MIXED_ENOUGH = 32, 10
# Names that never lead here from the internet (RFC 6761, RFC 6762, RFC 8375, RFC 9476 and what routers use).
_INSIDE = (".localhost", ".local", ".internal", ".lan", ".home.arpa", ".test", ".invalid", ".alt")


def refuse_unsafe(
    *,
    base_url_host: str,
    https: bool,
    http_allowed: bool,
    debug: bool,
    host: str,
    allowed_hosts: list[str],
    secret: str,
) -> None:
    """`secret`: SECRET_KEY where the operator has set it, else empty. `host`: the address that is listened on."""
    if secret and (len(secret) < _LONG_ENOUGH or len(set(secret)) < _MIXED_ENOUGH):
        _stop(
            "SECRET_KEY can be guessed: sessions and links could be forged. Leave it out and one is made, or set at "
            f"least {_LONG_ENOUGH} random characters (openssl rand -base64 48)."
        )
    public = is_public_host(base_url_host)
    if debug and (public or not _is_local(host)):
        _stop("DEBUG=1 shows settings and code to every visitor. It is for HOST=127.0.0.1 without a public BASE_URL.")
    if not public:
        return
    if "*" in allowed_hosts:
        _stop("ALLOWED_HOSTS=* lets anybody choose the address in our e-mails. Name the hosts, or leave it out.")
    if not https and not http_allowed:
        _stop(
            "BASE_URL begins with http://: passwords and keys would cross the internet in the clear. Use https:// (a "
            "proxy in front, and BEHIND_PROXY=1); HTTP_ALLOWED=1 where the network itself is trusted."
        )


def is_public_host(name: str) -> bool:
    """Whether people on the internet may be behind it; empty: no."""
    name = name.lower().rstrip(".")
    if not name or name.endswith(_INSIDE):
        return False
    try:
        return ipaddress.ip_address(name).is_global
    except ValueError:
        return "." in name


def _is_local(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _stop(sentence: str) -> NoReturn:
    sys.exit(sentence)

"""The form of an API key: `ps_live_` + 32 random base 62 characters + 6 of CRC32 (`ps_test_` for the sandbox)."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import zlib

from accounts.kit import base62

LIVE = "ps_live_"
TEST = "ps_test_"
_RANDOM = 32
_CHECK = 6


def generate(*, test: bool = False) -> str:
    """A new key, never stored: show it once and keep `digest` of it."""
    body = (TEST if test else LIVE) + "".join(secrets.choice(base62.ALPHABET) for _ in range(_RANDOM))
    return body + _checksum(body)


def well_formed(key: str) -> bool:
    """Whether prefix, length and CRC32 are right; tells a typing error from a wrong key without a look-up."""
    if not key.startswith((LIVE, TEST)) or len(key) != len(LIVE) + _RANDOM + _CHECK or not key.isascii():
        return False
    return _checksum(key[:-_CHECK]) == key[-_CHECK:]


def public_prefix(key: str) -> str:
    """What tables, logs and audit entries show: the kind and the first 8 characters."""
    return key[: len(LIVE) + 8]


def digest(key: str, *, pepper: str) -> str:
    """The keyed hash that is stored: HMAC-SHA256, hexadecimal."""
    return hmac.new(pepper.encode(), key.encode(), hashlib.sha256).hexdigest()


def _checksum(body: str) -> str:
    return base62.encode(zlib.crc32(body.encode()), _CHECK)

"""Unguessable public addresses of images: the id and the end of life, signed. No row, no query string, no header.

The token is base 62 of 16 bytes id + 4 bytes end (unix seconds) + 16 bytes HMAC-SHA256, 49 characters.
"""

from __future__ import annotations

import hashlib
import hmac
import time
import uuid

from accounts.kit import base62

_WIDTH = 49
_SIGNATURE = 16


def sign(asset_id: uuid.UUID, *, expires_at: int, key: str) -> str:
    """The token of an image until `expires_at` (unix seconds)."""
    body = asset_id.bytes + expires_at.to_bytes(4, "big")
    return base62.encode(int.from_bytes(body + _mac(body, key), "big"), _WIDTH)


def open_token(token: str, *, key: str) -> uuid.UUID | None:
    """The image behind a token; None for a forged, garbled or expired one."""
    if len(token) != _WIDTH:
        return None
    try:
        raw = base62.decode(token).to_bytes(20 + _SIGNATURE, "big")
    except (ValueError, OverflowError):
        return None
    body, signature = raw[:20], raw[20:]
    if not hmac.compare_digest(signature, _mac(body, key)):
        return None
    if int.from_bytes(body[16:], "big") <= time.time():
        return None
    return uuid.UUID(bytes=body[:16])


def _mac(body: bytes, key: str) -> bytes:
    return hmac.new(b"image address:" + key.encode(), body, hashlib.sha256).digest()[:_SIGNATURE]

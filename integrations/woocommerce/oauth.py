"""OAuth 1.0a, one-legged: how WooCommerce takes its keys over plain http (RFC 5849, HMAC-SHA256, in the query)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Mapping
from urllib.parse import quote


def signed(method: str, url: str, parameters: Mapping[str, str], *, key: str, secret: str) -> dict[str, str]:
    """The parameters with those of the signature. `url`: without a query. Values must be text: WooCommerce does not
    verify a list."""
    whole = {
        **parameters,
        "oauth_consumer_key": key,
        "oauth_nonce": secrets.token_hex(16),
        "oauth_signature_method": "HMAC-SHA256",
        "oauth_timestamp": str(int(time.time())),
    }
    return {**whole, "oauth_signature": signature(method, url, whole, secret=secret)}


def signature(method: str, url: str, parameters: Mapping[str, str], *, secret: str) -> str:
    """`oauth_signature` over all the other parameters."""
    text = "&".join(f"{_quote(name)}={_quote(parameters[name])}" for name in sorted(parameters))
    base = f"{method}&{_quote(url)}&{_quote(text)}"
    digest = hmac.new(f"{secret}&".encode(), base.encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode("ascii")


def _quote(text: str) -> str:
    return quote(text, safe="-._~")

"""Standard Webhooks 1.0: what a message is called, what it is signed with, and how."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import uuid
from collections.abc import Sequence

_PREFIX = "whsec_"
_SECRET_BYTES = 32


def new_secret() -> str:
    """`whsec_` and 32 random bytes in base 64."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode("ascii")


def message_id(event_id: uuid.UUID) -> str:
    """`webhook-id`: the same in every try and at every endpoint."""
    return f"msg_{event_id.hex}"


def signature(secrets_in_use: Sequence[str], *, message: str, timestamp: int, body: bytes) -> str:
    """`webhook-signature`: one for each secret, divided by a space. The receiver takes it if any of them fits."""
    signed = f"{message}.{timestamp}.".encode() + body
    return " ".join(f"v1,{_sign(secret, signed)}" for secret in secrets_in_use)


def _sign(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(_PREFIX))
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode("ascii")

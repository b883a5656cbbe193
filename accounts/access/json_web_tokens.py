"""Short-lived JSON Web Tokens (RFC 7519, HS256) in place of an API key. They name a key and carry no rights of their
own: every call looks at the key behind them, so that a revoked key ends its tokens at once."""

from __future__ import annotations

import hashlib
import hmac
import time
import uuid

import jwt
from django.conf import settings

LIFETIME = 3600
_ISSUER = "packshot"
ALGORITHM = "HS256"
_PURPOSE = b"json web tokens"


class InvalidToken(Exception):
    """Not a token of this server, or one that has expired. The sentence says which."""


def issue(key_id: uuid.UUID, *, at: float | None = None) -> str:
    """A token for the API key with this id, good for LIFETIME seconds from `at` (unix seconds, default now)."""
    now = int(time.time() if at is None else at)
    claims = {"iss": _ISSUER, "sub": str(key_id), "iat": now, "exp": now + LIFETIME, "jti": uuid.uuid4().hex}
    return jwt.encode(claims, signing_key(_PURPOSE), algorithm=ALGORITHM)


def key_of(token: str) -> uuid.UUID:
    """The id of the API key behind a token. Raises InvalidToken."""
    try:
        claims = jwt.decode(
            token,
            signing_key(_PURPOSE),
            algorithms=[ALGORITHM],
            issuer=_ISSUER,
            options={"require": ["iss", "sub", "iat", "exp"]},
        )
        return uuid.UUID(claims["sub"])
    except jwt.ExpiredSignatureError:
        raise InvalidToken("This token has expired. Make a new one at POST /api/token.") from None
    except (jwt.InvalidTokenError, ValueError):
        raise InvalidToken("This token was not made here. Make one at POST /api/token.") from None


def signing_key(purpose: bytes) -> bytes:
    """Of this installation, for one kind of token."""
    return hmac.new(settings.SECRET_KEY.encode(), purpose, hashlib.sha256).digest()

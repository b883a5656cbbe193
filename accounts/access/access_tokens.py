"""Access tokens: what a page in a browser holds in place of an API key, for some minutes and some addresses.

Like JSON Web Tokens for keys they name a key and carry no rights of their own: every call looks at the key behind
them. They are signed with a key of their own, so that neither can be used as the other.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence
from fnmatch import fnmatchcase

import jwt

from accounts.access.json_web_tokens import ALGORITHM, InvalidToken, signing_key

SHORTEST, LONGEST = 1, 600
_ISSUER = "packshot-access"
_PURPOSE = b"access tokens"


def issue(key_id: uuid.UUID, *, paths: Sequence[str], seconds: int, at: float | None = None) -> str:
    """A token for the API key with this id, good for `seconds` from `at` (unix seconds, default now).

    `paths`: glob patterns of the decoded path of an address; `*` stands for slashes too.
    """
    now = time.time() if at is None else at
    claims = {"iss": _ISSUER, "sub": str(key_id), "iat": now, "ends": now + seconds, "paths": list(paths)}
    return jwt.encode(claims | {"jti": uuid.uuid4().hex}, signing_key(_PURPOSE), algorithm=ALGORITHM)


def key_for(token: str, path: str) -> uuid.UUID:
    """The id of the API key behind a token that is good for this path. Raises InvalidToken."""
    try:
        # `exp` is whole seconds to the library; `ends` is not, and there is no leeway.
        claims = jwt.decode(
            token,
            signing_key(_PURPOSE),
            algorithms=[ALGORITHM],
            issuer=_ISSUER,
            options={"require": ["iss", "sub", "iat"], "verify_iat": False},
        )
        key_id, ends, paths = uuid.UUID(claims["sub"]), float(claims["ends"]), list(claims["paths"])
    except (jwt.InvalidTokenError, ValueError, KeyError, TypeError):
        raise InvalidToken("This access token was not made here.") from None
    if ends <= time.time():
        raise InvalidToken("This access token has expired. Make a new one at POST /v3/auth/access-token/.")
    if not any(fnmatchcase(path, pattern) for pattern in paths):
        raise InvalidToken("This access token is not for this address.")
    return key_id

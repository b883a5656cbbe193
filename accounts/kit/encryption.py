"""Secrets at rest that must be read again: encrypted with FIELD_ENCRYPTION_KEYS (Fernet: AES-128-CBC + HMAC-SHA256).

The first key encrypts, all decrypt: put a new one in front to change keys, and take the old one away when nothing
that it encrypted is left.
"""

from __future__ import annotations

from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class Undecipherable(Exception):
    """None of the FIELD_ENCRYPTION_KEYS made this: a key was taken away too early, or the text was changed."""


def encrypt(text: str) -> str:
    return _fernet(tuple(settings.FIELD_ENCRYPTION_KEYS)).encrypt(text.encode()).decode("ascii")


def decrypt(token: str) -> str:
    """Raises Undecipherable."""
    try:
        return _fernet(tuple(settings.FIELD_ENCRYPTION_KEYS)).decrypt(token.encode("ascii")).decode()
    except (InvalidToken, UnicodeError) as error:
        raise Undecipherable("Stored under another key of FIELD_ENCRYPTION_KEYS.") from error


@lru_cache(maxsize=4)
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])

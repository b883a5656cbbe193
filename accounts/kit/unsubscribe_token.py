"""The signed part of an unsubscribe link: whose e-mails of which kind it ends. It has no end of its own."""

from __future__ import annotations

from django.core.signing import BadSignature, Signer

DIGEST = "digest"
_signer = Signer(salt="notifications.unsubscribe", sep=".")


def token_for(membership_id: int, kind: str) -> str:
    return _signer.sign(f"{membership_id}.{kind}")


def read(token: str) -> tuple[int, str] | None:
    """The membership's id and the kind; None for a token that was not made here."""
    try:
        number, _, kind = _signer.unsign(token).partition(".")
    except BadSignature:
        return None
    return int(number), kind

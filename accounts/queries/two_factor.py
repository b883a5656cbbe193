"""Whether a person signs in with more than a password."""

from __future__ import annotations

from allauth.mfa.models import Authenticator

from accounts.models import User

_SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_two_factor(user: User) -> bool:
    """An authenticator app or a passkey; recovery codes alone are none."""
    return bool(Authenticator.objects.filter(user=user, type__in=_SECOND_FACTORS).exists())

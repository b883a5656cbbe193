"""Two-factor authentication: what allauth's forms and rows mean here, and leading people to it."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.conf import settings
from django.utils.translation import gettext, gettext_lazy

from accounts.kit.encryption import decrypt, encrypt
from accounts.models import User
from dashboard.security_events import tell

_CODE = {"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True, "spellcheck": "false"}


class TwoFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets are encrypted; what goes wrong is said in our words."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "This is not the code. Codes change every 30 seconds; type the one that shows now.",
        "unverified_email": "Confirm your e-mail address first: it is the way back into your account.",
    }

    def encrypt(self, text: str) -> str:
        return encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(encrypted_text)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": settings.SITE_NAME}

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        count = Authenticator.objects.filter(user=user, type=type).count()
        return gettext("Passkey {count}").format(count=count + 1) if count else gettext("Passkey")


def may_add(user: User) -> bool:
    """Else somebody could sign up with another person's address and shut them out of it for good."""
    return not EmailAddress.objects.filter(user=user, primary=True, verified=False).exists()


class _Telling(forms.Form):
    authenticator: Authenticator
    user: User

    def save(self) -> None:
        super().save()  # type: ignore[misc]
        if self.authenticator.type == Authenticator.Type.RECOVERY_CODES:
            self.authenticator.refresh_from_db(fields=["data"])  # the form still has it from before the code was used
            left = len(self.authenticator.wrap().get_unused_codes())
            tell(context.request, self.user, "mfa/email/recovery_code_used", context={"left": left})


class CodeForm(_Telling, AuthenticateForm):  # type: ignore[misc]
    """Signing in."""

    code = forms.CharField(widget=forms.TextInput(attrs=_CODE))


class CodeAgainForm(_Telling, ReauthenticateForm):  # type: ignore[misc]
    """Proving again who it is."""

    code = forms.CharField(widget=forms.TextInput(attrs=_CODE))


class AddAppForm(ActivateTOTPForm):  # type: ignore[misc]
    code = forms.CharField(widget=forms.TextInput(attrs=_CODE))

    def clean_code(self) -> str:
        _refuse_unconfirmed(self.user)
        code: str = super().clean_code()
        return code


class AddPasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """Every passkey can be used without a password: the browser checks face, finger or PIN."""

    name = forms.CharField(
        required=False,
        max_length=60,
        help_text=gettext_lazy("Such as “Work laptop”, to tell it from others."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    passwordless = forms.BooleanField(required=False, initial=True, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        _refuse_unconfirmed(self.user)
        cleaned: dict[str, Any] = super().clean()
        return cleaned


def _refuse_unconfirmed(user: User) -> None:
    if not may_add(user):
        raise TwoFactorAdapter().validation_error("unverified_email")

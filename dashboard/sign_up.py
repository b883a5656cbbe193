"""Signing up: a person and their organization come into being together, or not at all."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.models import EmailAddress
from django import forms
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from accounts.actions.organizations import create_organization
from accounts.models import User
from dashboard import known_browsers, reauthentication, sign_in_limits
from dashboard.security_events import tell
from dashboard.session import client_ip


class OrganizationFields(forms.Form):
    """Further fields of the sign-up form."""

    organization = forms.CharField(
        max_length=100,
        label=gettext_lazy("Organization"),
        help_text=gettext_lazy("Your shop or company. Photos, keys and credits belong to it."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )

    def signup(self, request: HttpRequest, user: User) -> None:
        """Called by allauth for its own extra work; ours is done in the adapter, in one transaction."""


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return bool(settings.SIGN_UP_OPEN)

    def get_client_ip(self, request: HttpRequest) -> str:
        """As everywhere in the product; behind a socket file there may be none."""
        return client_ip(request) or "0.0.0.0"

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        with transaction.atomic():
            user = super().save_user(request, user, form, commit=commit)
            if commit:
                create_organization(user, name=form.cleaned_data.get("organization") or f"{user.display_name}'s shop")
        return user

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        self._login_failed_rl_usage = sign_in_limits.count(request, str(credentials.get("email", "")))
        if not self._login_failed_rl_usage:
            raise self.validation_error("too_many_login_attempts")

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """What a password reset forgets."""
        return sign_in_limits.key(request, str(credentials.get("email", "")))

    def is_reauthentication_required(self, *, app: str, **further: Any) -> bool:
        if reauthentication.recent(self.request):
            return False
        reauthentication.refuse_without_proof(self.request)
        return True

    def login(self, request: HttpRequest, user: User) -> None:
        first = user.last_login is None
        super().login(request, user)
        request.first_sign_in = first  # type: ignore[attr-defined]

    def post_login(self, request: HttpRequest, user: User, *, signup: bool, **further: Any) -> HttpResponse:
        if signup and not get_authentication_records(request, user):
            record_authentication(request, user, method="sign_up")  # as recent a proof as any
        response: HttpResponse = super().post_login(request, user, signup=signup, **further)
        known_browsers.welcome(request, response, user, silently=signup or request.first_sign_in)  # type: ignore[attr-defined]
        return response

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """allauth's one word for everything that happens to an account."""
        tell(self.request, user, template_prefix, context=context, email=email)


def create_confirmed_user(email: str, password: str, *, name: str = "") -> User:
    """A person whom the operator vouches for: signs in also where e-mail addresses must be confirmed."""
    user = User.objects.create_user(email, password, name=name)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def display(user: User) -> str:
    return user.display_name

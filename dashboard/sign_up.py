"""Signing up: a person and their organization come into being together, or not at all."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django import forms
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from accounts.actions.organizations import create_organization
from accounts.models import User
from dashboard.session import client_ip


class OrganizationFields(forms.Form):
    """Further fields of the sign-up form."""

    organization = forms.CharField(
        max_length=100,
        label="Organization",
        help_text="Your shop or company. Photos, keys and credits belong to it.",
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


def create_confirmed_user(email: str, password: str, *, name: str = "") -> User:
    """A person whom the operator vouches for: signs in also where e-mail addresses must be confirmed."""
    user = User.objects.create_user(email, password, name=name)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def display(user: User) -> str:
    return user.display_name

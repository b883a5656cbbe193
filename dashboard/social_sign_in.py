"""Signing in through another service: whom it may let in, and what is never taken from it."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base.constants import AuthProcess
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.translation import gettext

from accounts.models import User


class SocialSignIn(DefaultSocialAccountAdapter):  # type: ignore[misc]
    error_messages = DefaultSocialAccountAdapter.error_messages | {
        "email_taken": (
            "There is an account with this address. Sign in to it with its password and confirm the address under "
            "Settings; from then on %s opens it too."
        ),
    }

    def can_authenticate_by_email(self, login: SocialLogin, email: str) -> bool:
        """allauth asks for addresses that the other side has confirmed; here it must be confirmed too.

        Else whoever signs up with somebody's address and waits would share their account.
        """
        return bool(EmailAddress.objects.filter(email__iexact=email, verified=True).exists())

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        process = sociallogin.state.get("process")
        if process == AuthProcess.CONNECT:
            # By a link, which another site could make somebody follow: addresses connect accounts, and nothing else.
            raise ImmediateHttpResponse(redirect("settings_security"))
        if process != AuthProcess.REDIRECT:
            return
        if not request.user.is_authenticated or sociallogin.user != request.user:
            messages.error(request, gettext("That was another account. Nothing was done."))
            raise ImmediateHttpResponse(redirect("settings_security"))
        account = sociallogin.account
        record_authentication(
            request,
            request.user,
            method="socialaccount",
            provider=account.provider,
            uid=account.uid,
            reauthenticated=True,
        )

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> User:
        user: User = super().populate_user(request, sociallogin, data)
        name = data.get("name") or " ".join(filter(None, (data.get("first_name"), data.get("last_name"))))
        user.name = " ".join(str(name or "").split())[:150]
        return user

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> User:
        with transaction.atomic():  # the person, their organization and the way in, or nothing
            user: User = super().save_user(request, sociallogin, form)
        return user

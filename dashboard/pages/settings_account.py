"""Settings: taking one's own data along, and deleting the account."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.access.actor import Actor
from accounts.kit.errors import Conflict
from accounts.models import ApiKey, AuditEntry, Membership, User
from dashboard.access import member
from dashboard.reauthentication import confirmed
from processing.actions.leaving import delete_account


class DeleteForm(forms.Form):
    password = forms.CharField(
        label=gettext_lazy("Your password"),
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, user: User, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.user = user
        if not user.has_usable_password():
            # Somebody who signs in elsewhere types their address instead.
            self.fields["password"] = forms.CharField(label=gettext("Your e-mail address"), max_length=254)

    def clean_password(self) -> str:
        typed: str = self.cleaned_data["password"]
        if self.user.has_usable_password():
            if not self.user.check_password(typed):
                raise forms.ValidationError(gettext("This is not your password."))
        elif typed.strip().casefold() != self.user.email.casefold():
            raise forms.ValidationError(gettext("This is not your e-mail address."))
        return typed


@require_safe
@member()
def page(request: HttpRequest, actor: Actor) -> HttpResponse:
    assert actor.user is not None
    return render(request, "pages/settings_account.html", {"form": DeleteForm(actor.user)})


@require_POST
@member()
@confirmed
def download(request: HttpRequest, actor: Actor) -> JsonResponse:
    """What is kept about the person, over all their organizations."""
    assert actor.user is not None
    response = JsonResponse(_data(actor.user), json_dumps_params={"indent": 2, "ensure_ascii": False})
    response["Content-Disposition"] = 'attachment; filename="my-account.json"'
    return response


@require_POST
@member()
@confirmed
def delete(request: HttpRequest, actor: Actor) -> HttpResponse:
    assert actor.user is not None
    form = DeleteForm(actor.user, request.POST)
    if form.is_valid():
        try:
            with transaction.atomic():
                delete_account(actor)
                EmailAddress.objects.filter(user=actor.user).delete()
                SocialAccount.objects.filter(user=actor.user).delete()
                Authenticator.objects.filter(user=actor.user).delete()
                UserSession.objects.filter(user=actor.user).delete()
        except Conflict as error:
            form.add_error(None, error.detail)
        else:
            logout(request)
            messages.success(request, gettext("Your account is deleted."))
            return redirect("home")
    return render(request, "pages/settings_account.html", {"form": form}, status=400)


def _data(user: User) -> dict[str, Any]:
    places = Membership.unscoped.filter(user=user).select_related("organization").order_by("pk")
    keys = ApiKey.unscoped.filter(maker=user).order_by("pk")
    done = AuditEntry.unscoped.filter(user=user).order_by("pk")
    return {
        "email": user.email,
        "name": user.name,
        "timeZone": user.time_zone,
        "joined": user.date_joined,
        "lastSignIn": user.last_login,
        "addresses": list(EmailAddress.objects.filter(user=user).values("email", "verified", "primary")),
        "services": list(SocialAccount.objects.filter(user=user).values("provider", "uid", "date_joined")),
        "sessions": list(UserSession.objects.filter(user=user).values("created_at", "ip", "user_agent")),
        "organizations": [
            {
                "name": place.organization.name,
                "role": place.role,
                "since": place.created_at,
                "emails": dict(place.notification_choices.values_list("kind", "delivery")),
            }
            for place in places
        ],
        "apiKeys": list(keys.values("name", "prefix", "created_at", "organization__name")),
        "actions": list(done.values("created_at", "action", "organization__name", "ip")[:100_000]),
    }

"""Settings: how the person signs in, with a password, an authenticator app, passkeys and recovery codes."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.queries.memberships import memberships_of
from accounts.queries.two_factor import has_two_factor
from dashboard import reauthentication
from dashboard.access import signed_in
from dashboard.session import closed_organization
from dashboard.two_factor import may_add

_NEXT = "after_two_factor"


@require_safe
@signed_in
def page(request: HttpRequest, user: User) -> HttpResponse:
    """Open also to those whose organization is closed to them until they have set it up here; `next` is where they
    wanted to go. `done` comes from the last page of setting it up."""
    wanted = request.GET.get("next", "")
    if wanted and get_adapter().is_safe_url(wanted):
        request.session[_NEXT] = wanted
    protected = has_two_factor(user)
    if protected and _NEXT in request.session and ("done" in request.GET or wanted):
        return redirect(request.session.pop(_NEXT))
    closed = closed_organization(request)
    context = _factors(user) | {
        "protected": protected,
        "may_add": may_add(user),
        "closed": closed,
        "others": [each.organization for each in memberships_of(user) if each.organization != closed] if closed else [],
        "minutes": settings.ACCOUNT_REAUTHENTICATION_TIMEOUT // 60,
    }
    return render(request, "pages/settings_security.html", context)


@require_safe
@signed_in
def go_on(request: HttpRequest, user: User) -> HttpResponseBase:
    """Back from the other service that has proved who it is: what was laid aside goes on."""
    return reauthentication.go_on_from_elsewhere(request)


@require_safe
@signed_in
def moved(request: HttpRequest, user: User) -> HttpResponse:
    """allauth's own lists of what this page shows."""
    return redirect("settings_security")


def _factors(user: User) -> dict[str, Any]:
    found: dict[str, Any] = {
        "app": None,
        "passkeys": [],
        "codes_left": None,
        "codes_made": settings.MFA_RECOVERY_CODE_COUNT,
    }
    for row in Authenticator.objects.filter(user=user).order_by("pk"):
        if row.type == Authenticator.Type.TOTP:
            found["app"] = row
        elif row.type == Authenticator.Type.WEBAUTHN:
            found["passkeys"].append({"row": row, "name": row.wrap().name})
        else:
            found["codes_left"] = len(row.wrap().get_unused_codes())
    return found

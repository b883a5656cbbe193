"""Switching between one's organizations."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts.kit.errors import NotFound
from accounts.models import User
from dashboard.access import signed_in
from dashboard.session import switch_organization


@require_POST
@signed_in
def switch(request: HttpRequest, user: User) -> HttpResponse:
    try:
        wanted = uuid.UUID(request.POST.get("organization", ""))
    except ValueError:
        raise NotFound("There is no such organization.") from None
    if not switch_organization(request, wanted):
        raise NotFound("There is no such organization.")
    there = request.POST.get("next", "")
    if there.startswith("/") and url_has_allowed_host_and_scheme(there, allowed_hosts=None):
        return redirect(there)
    return redirect("home")

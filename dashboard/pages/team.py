"""The people of the organization."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access.actor import Actor
from accounts.access.permissions import Permission, Role
from accounts.queries.members import members
from dashboard.access import member
from dashboard.listing import asked, listing

PAGE_SIZE = 50


@require_GET
@member(Permission.MEMBERS_READ)
def page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The page, or with htmx the list alone."""
    wanted = asked(request, "q", "role")
    context = {
        "listing": listing(request, members(actor, search=wanted["q"], role=wanted["role"]), size=PAGE_SIZE),
        "wanted": wanted,
        "roles": [(role.value, role.label) for role in Role],
    }
    part = "#list" if request.headers.get("HX-Request") else ""
    return render(request, f"pages/team.html{part}", context)

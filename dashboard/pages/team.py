"""The people of the organization."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access.actor import Actor
from accounts.access.permissions import Permission, Role
from accounts.queries.members import members
from accounts.queries.teams import teams, with_teams
from dashboard.access import member
from dashboard.listing import asked, listing

PAGE_SIZE = 50


@require_GET
@member(Permission.MEMBERS_READ)
def page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The page, or with htmx the list alone."""
    wanted = asked(request, "q", "role", "team")
    found = members(actor, search=wanted["q"], role=wanted["role"], team=wanted["team"])
    context = {
        "listing": listing(request, with_teams(actor, found), size=PAGE_SIZE),
        "teams": [(str(team.pk), team.name) for team in teams(actor)],
        "wanted": wanted,
        "roles": [(role.value, role.label) for role in Role],
    }
    part = "#list" if request.headers.get("HX-Request") else ""
    return render(request, f"pages/team.html{part}", context)

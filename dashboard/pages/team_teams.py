"""The teams of the organization."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.actions.teams import create_team
from accounts.kit.errors import Conflict, InvalidInput
from accounts.queries.teams import teams
from dashboard.access import member
from dashboard.listing import asked

_FEW = 15  # which nobody needs to search


class NameForm(forms.Form):
    name = forms.CharField(
        max_length=60,
        help_text=gettext_lazy("Such as “EU shop”."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


@require_http_methods(["GET", "POST"])
@member(Permission.MEMBERS_READ)
def page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All of them, or those of a search, with htmx the list alone; a POST makes one."""
    form = NameForm()
    status = 200
    if request.method == "POST":
        actor.require(Permission.MEMBERS_WRITE)
        form, status = NameForm(request.POST), 400
        if form.is_valid():
            try:
                row = create_team(actor, name=form.cleaned_data["name"])
            except (InvalidInput, Conflict) as error:
                form.add_error("name", error.detail)
                status = error.status
            else:
                messages.success(
                    request, gettext("The team {name} is made. Now put members into it.").format(name=row.name)
                )
                return redirect("team_team", row.pk)
    wanted = asked(request, "q")
    found = list(teams(actor, search=wanted["q"]))
    context = {"form": form, "teams": found, "wanted": wanted, "many": bool(wanted["q"]) or len(found) > _FEW}
    part = "#list" if request.headers.get("HX-Request") and request.method == "GET" else ""
    return render(request, f"pages/team_teams.html{part}", context, status=status)

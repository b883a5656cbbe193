"""One team: its name, who is in it, who leads it."""

from __future__ import annotations

import uuid

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.actions import teams as actions
from accounts.actions.budgets import set_team_budget
from accounts.kit.errors import InvalidInput
from accounts.queries import teams as queries
from accounts.queries.budgets import standing_of_team
from dashboard.access import member
from dashboard.budget_forms import BudgetForm
from dashboard.pages.team_teams import NameForm
from processing.actions.team_presets import delete_team_and_pass_on
from processing.queries.presets import presets_of_team

PAGE_SIZE = 100


class PlaceForm(forms.Form):
    email = forms.CharField(
        label=gettext_lazy("E-mail address of a member"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "inputmode": "email"}),
    )
    lead = forms.BooleanField(
        label=gettext_lazy("Leads the team"),
        required=False,
        help_text=gettext_lazy("Leads choose who is in their team."),
    )


@require_http_methods(["GET", "POST"])
@member(Permission.MEMBERS_READ)
def page(request: HttpRequest, actor: Actor, team_id: uuid.UUID) -> HttpResponse:
    """Everybody reads it; a POST renames the team."""
    row = queries.team(actor, team_id)
    if request.method == "GET":
        return _page(request, actor, team_id)
    actor.require(Permission.MEMBERS_WRITE)
    form = NameForm(request.POST)
    if form.is_valid():
        try:
            row = actions.rename_team(actor, team_id=team_id, name=form.cleaned_data["name"])
        except InvalidInput as error:
            form.add_error("name", error.detail)
        else:
            messages.success(request, gettext("The team is called {name} now.").format(name=row.name))
            return redirect("team_team", team_id)
    return _page(request, actor, team_id, name=form, status=400)


@require_POST
@member(Permission.MEMBERS_READ)
def place(request: HttpRequest, actor: Actor, team_id: uuid.UUID) -> HttpResponse:
    """Puts a member into the team, or changes whether they lead it."""
    queries.team(actor, team_id)
    form = PlaceForm(request.POST)
    if form.is_valid():
        email, lead = form.cleaned_data["email"], form.cleaned_data["lead"]
        try:
            actions.set_place(actor, team_id=team_id, email=email, lead=lead)
        except InvalidInput as error:
            form.add_error("email", error.detail)
        else:
            words = gettext("{email} leads the team now.") if lead else gettext("{email} is in the team now.")
            messages.success(request, words.format(email=email))
            return redirect("team_team", team_id)
    return _page(request, actor, team_id, form=form, status=400)


@require_POST
@member(Permission.MEMBERS_READ)
def remove(request: HttpRequest, actor: Actor, team_id: uuid.UUID, membership_id: int) -> HttpResponse:
    actions.remove_place(actor, team_id=team_id, membership_id=membership_id)
    messages.success(request, gettext("Taken out of the team."))
    return redirect("team_team", team_id)


@require_POST
@member(Permission.MEMBERS_WRITE)
def spends(request: HttpRequest, actor: Actor, team_id: uuid.UUID, membership_id: int) -> HttpResponse:
    place = actions.spend_from(actor, team_id=team_id, membership_id=membership_id)
    messages.success(
        request,
        gettext("What {display_name} makes counts on this team's budget now.").format(
            display_name=place.membership.user.display_name
        ),
    )
    return redirect("team_team", team_id)


@require_POST
@member(Permission.MEMBERS_WRITE)
def budget(request: HttpRequest, actor: Actor, team_id: uuid.UUID) -> HttpResponse:
    """Sets, changes or (both empty) removes it."""
    queries.team(actor, team_id)
    form = BudgetForm(request.POST)
    if not form.is_valid():
        return _page(request, actor, team_id, budget=form, status=400)
    soft, hard = form.cleaned_data["soft"], form.cleaned_data["hard"]
    try:
        set_team_budget(actor, team_id=team_id, soft=soft, hard=hard)
    except InvalidInput as error:
        form.take(error)
        return _page(request, actor, team_id, budget=form, status=400)
    messages.success(request, gettext("The budget is saved. It holds from the next job."))
    return redirect("team_team", team_id)


@require_POST
@member(Permission.MEMBERS_WRITE)
def delete(request: HttpRequest, actor: Actor, team_id: uuid.UUID) -> HttpResponse:
    row, presets = delete_team_and_pass_on(actor, team_id=team_id)
    messages.success(
        request, gettext("The team {name} is deleted. Its members stay in the organization.").format(name=row.name)
    )
    if presets:
        passed = ngettext("Its preset is everybody's now.", "Its %(count)s presets are everybody's now.", presets)
        messages.success(request, passed % {"count": presets})
    return redirect("team_teams")


def _page(
    request: HttpRequest,
    actor: Actor,
    team_id: uuid.UUID,
    *,
    name: NameForm | None = None,
    form: PlaceForm | None = None,
    budget: BudgetForm | None = None,
    status: int = 200,
) -> HttpResponse:
    row = queries.team(actor, team_id)
    standing = standing_of_team(actor, team_id)
    if actor.may(Permission.MEMBERS_WRITE):
        budget = budget or BudgetForm(initial=BudgetForm.values(standing.budget if standing else None))
    context = {
        "team": row,
        "presets": presets_of_team(actor, team_id) if actor.may(Permission.MEMBERS_WRITE) else 0,
        "places": list(queries.places(actor, row)[:PAGE_SIZE]),
        "more": max(0, row.people - PAGE_SIZE),  # type: ignore[attr-defined]
        "leads": queries.leads(actor, row),
        "name_form": name or NameForm(initial={"name": row.name}),
        "form": form or PlaceForm(auto_id="id_place_%s"),
        "standing": standing,
        "budget_form": budget,
    }
    return render(request, "pages/team_team.html", context, status=status)

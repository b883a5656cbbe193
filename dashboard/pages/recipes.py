"""Recipes: an organization's own lists of operations, made step by step."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import InvalidInput
from dashboard.access import member
from dashboard.preset_team_field import chosen_team, preset_team_field
from dashboard.recipe_form import (
    OFFERED,
    StepForm,
    as_parameters,
    price,
    rearranged,
    saved_steps,
    sent_steps,
    wrong,
)
from processing.actions.presets import name_of, save_preset
from processing.models import Preset
from processing.operations.recipe import MAX_STEPS, Recipe
from processing.queries.presets import own_preset, own_presets


@require_http_methods(["GET", "POST"])
@member(Permission.PRESETS_WRITE)
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """A new recipe; `?from=slug` starts with the steps of another one."""
    if request.method == "POST":
        return _sent(request, actor, None)
    source = request.GET.get("from")
    if source is None:
        return _form(request, actor, None, Typed("", ""), [])
    found = next((own for own in own_presets(actor, operation=Recipe.name) if own.slug == source), None)
    if found is None:
        raise Http404
    typed = Typed(gettext("{title} copy").format(title=found.title)[:80], str(found.team_id or ""))
    return _form(request, actor, None, typed, saved_steps(found.parameters))


@require_http_methods(["GET", "POST"])
@member(Permission.PRESETS_WRITE)
def edit(request: HttpRequest, actor: Actor, recipe_id: uuid.UUID) -> HttpResponse:
    recipe = own_preset(actor, recipe_id)
    if recipe.operation != Recipe.name:
        raise Http404
    if request.method == "POST":
        return _sent(request, actor, recipe)
    typed = Typed(recipe.title, str(recipe.team_id or ""))
    return _form(request, actor, recipe, typed, saved_steps(recipe.parameters))


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands beside the steps. `team`: an id, empty for everybody."""

    title: str
    team: str


def _sent(request: HttpRequest, actor: Actor, recipe: Preset | None) -> HttpResponse:
    steps = sent_steps(request.POST)
    typed = Typed(request.POST.get("title", ""), request.POST.get("team", ""))
    if "do" in request.POST:
        return _form(request, actor, recipe, typed, rearranged(steps, request.POST))
    problems: dict[str, str] = {}
    if not steps:
        problems["steps"] = gettext("Add at least one step.")
    try:
        name_of(typed.title)
        team = chosen_team(typed.team)
        if not wrong(steps) and steps:
            saved = save_preset(
                actor,
                title=typed.title,
                operation=Recipe.name,
                parameters=as_parameters(steps),
                preset_id=recipe.pk if recipe else None,
                team_id=team,
            )
            messages.success(
                request,
                gettext("The recipe {title} is saved. Run it over images of the Library.").format(title=saved.title),
            )
            return redirect("presets")
    except InvalidInput as error:
        wrong(steps)  # all at once, not one after the other
        problems |= {each.field if each.field in {"title", "team"} else "steps": each.detail for each in error.errors}
    return _form(request, actor, recipe, typed, steps, problems=problems)


def _form(
    request: HttpRequest,
    actor: Actor,
    recipe: Preset | None,
    typed: Typed,
    steps: Sequence[StepForm],
    *,
    problems: dict[str, str] | None = None,
) -> HttpResponse:
    refused = problems is not None
    context = {
        "recipe": recipe,
        "title": typed.title,
        "team_field": _team_field(actor, recipe, typed.team, (problems or {}).get("team", "")),
        "steps": steps,
        "offered": OFFERED,
        "most": MAX_STEPS,
        "full": len(steps) >= MAX_STEPS,
        "price": price(steps),
        "problems": problems or {},
        "refused": refused,
    }
    part = "#steps" if request.headers.get("HX-Request") and not refused else ""
    return render(request, f"pages/recipe.html{part}", context, status=400 if refused else 200)


def _team_field(actor: Actor, recipe: Preset | None, chosen: str, problem: str) -> forms.BoundField | None:
    field = preset_team_field(actor, recipe)
    if field is None:
        return None
    form = forms.Form({"team": chosen})
    form.fields["team"] = field
    if problem:
        form.add_error("team", problem)
    return form["team"]

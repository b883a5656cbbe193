"""Presets: the built-in ones, the organization's own, and the form of one."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import InvalidInput
from accounts.queries.teams import own_teams
from dashboard.access import member
from dashboard.listing import asked
from dashboard.parameter_form import add_errors, given, parameter_form
from dashboard.parameter_groups import grouped
from dashboard.preset_card import card
from dashboard.preset_picture import PresetPicture, preset_picture
from dashboard.preset_team_field import chosen_team, preset_team_field
from dashboard.recipe_form import price, saved_steps
from dashboard.step_words import recipe_words
from processing.actions.presets import delete_preset, save_preset
from processing.models import Preset
from processing.operations.presets import PRESETS
from processing.operations.process import Process, ProcessParameters, merge
from processing.operations.recipe import Recipe
from processing.queries.presets import found_presets, last_used, own_preset, own_presets

SHOWN = 36  # of each kind: a page that opens at once; the search finds the others
_FEW = 8  # which nobody needs to search


@require_GET
@member(Permission.IMAGES_READ)
def page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The page, or with htmx the organization's own alone."""
    wanted = asked(request, "q", "team")
    own, more = _some(actor, wanted, Process.name)
    recipes, more_recipes = _some(actor, wanted, Recipe.name)
    teams = list(own_teams(actor))
    context = {
        "own": [_card(preset.parameters) | {"preset": preset} for preset in own],
        "recipes": _recipes(actor, recipes),
        "more": more,
        "more_recipes": more_recipes,
        "wanted": wanted,
        "asked": any(wanted.values()),
        "teams": [(str(team.pk), team.name) for team in teams],
        "many": bool(teams) or len(own) + len(recipes) > _FEW,
        "built_in": [_card(spec.parameters) | {"preset": spec} for spec in PRESETS.values()],
    }
    part = "#own" if request.headers.get("HX-Request") else ""
    return render(request, f"pages/presets.html{part}", context)


@require_http_methods(["GET", "POST"])
@member(Permission.PRESETS_WRITE)
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """A new preset; `?from=slug` starts with what a built-in or own one has."""
    start: dict[str, Any] = {}
    if source := request.GET.get("from"):
        found = PRESETS.get(source) or next(
            (own for own in own_presets(actor, operation="process") if own.slug == source), None
        )
        if found is None:
            raise Http404
        start = dict(found.parameters) | {
            "title": gettext("{title} copy").format(title=found.title),
            "team": getattr(found, "team_id", None) or "",
        }
    return _form(request, actor, start, preset=None)


@require_http_methods(["GET", "POST"])
@member(Permission.PRESETS_WRITE)
def edit(request: HttpRequest, actor: Actor, preset_id: uuid.UUID) -> HttpResponse:
    preset = own_preset(actor, preset_id)
    if preset.operation != Process.name:
        raise Http404
    start = dict(preset.parameters) | {"title": preset.title, "team": preset.team_id or ""}
    return _form(request, actor, start, preset=preset)


@require_POST
@member(Permission.PRESETS_WRITE)
def delete(request: HttpRequest, actor: Actor, preset_id: uuid.UUID) -> HttpResponse:
    preset = delete_preset(actor, preset_id=preset_id)
    is_recipe = preset.operation == Recipe.name
    words = gettext("The recipe {title} is deleted.") if is_recipe else gettext("The preset {title} is deleted.")
    messages.success(request, words.format(title=preset.title))
    return redirect("presets")


def _form(request: HttpRequest, actor: Actor, start: dict[str, Any], *, preset: Preset | None) -> HttpResponse:
    form = parameter_form(ProcessParameters, data=request.POST if request.method == "POST" else None, values=start)
    form.fields = {"title": forms.CharField(label=gettext("Name"), required=False), **form.fields}
    if team := preset_team_field(actor, preset):
        form.fields["team"] = team
    context = {"form": form, "preset": preset}
    if request.method == "POST":
        parameters = given(form)
        title, wanted = parameters.pop("title", ""), parameters.pop("team", "")
        try:
            saved = save_preset(
                actor,
                title=title,
                parameters=parameters,
                preset_id=preset.pk if preset else None,
                team_id=chosen_team(wanted),
            )
        except InvalidInput as error:
            add_errors(form, error)
            return render(
                request, "pages/preset.html", context | {"groups": grouped(form, without=["title", "team"])}, status=400
            )
        messages.success(
            request, gettext("The preset {title} is saved. Choose it in the Studio.").format(title=saved.title)
        )
        return redirect("presets")
    return render(request, "pages/preset.html", context | {"groups": grouped(form, without=["title", "team"])})


def _some(actor: Actor, wanted: dict[str, str], operation: str) -> tuple[list[Preset], bool]:
    """As many as one looks through; whether there are more, which a search finds."""
    found = found_presets(actor, operation=operation, search=wanted["q"], team=wanted["team"])
    shown = list(found[: SHOWN + 1])
    return shown[:SHOWN], len(shown) > SHOWN


def _recipes(actor: Actor, recipes: list[Preset]) -> list[dict[str, object]]:
    used = last_used(actor, operation=Recipe.name) if recipes else {}
    return [
        {
            "preset": recipe,
            "steps": recipe_words(recipe.parameters),
            "price": price(saved_steps(recipe.parameters)),
            "used": used.get(recipe.slug),
        }
        for recipe in recipes
    ]


def _card(parameters: dict[str, Any]) -> dict[str, tuple[str, ...] | PresetPicture]:
    merged = merge(parameters, {})
    return {"numbers": card(merged), "picture": preset_picture(merged)}

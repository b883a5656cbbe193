"""A recipe or a preset over the chosen images of the library: what it would do and cost, then the job."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import Conflict, InsufficientCredits, InvalidInput
from accounts.queries.credits import balance
from dashboard.access import member
from dashboard.pages.library_chosen import chosen, chosen_ids
from dashboard.step_words import StepWords, recipe_words, step_words
from processing.actions.run_over import RunPlan, Start, plan_run, run_over
from processing.models import JobImage
from processing.operations.presets import PRESETS
from processing.operations.recipe import Recipe
from processing.queries.presets import own_presets

_NAMED = 8


@dataclass(frozen=True, slots=True)
class PresetGroup:
    title: str
    presets: list[tuple[str, str]]


@require_POST
@member(Permission.IMAGES_WRITE)
def page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Asks; with `go` (images and credits as they were told, such as 12-36) it runs."""
    images, groups = chosen(request, actor), _groups(actor)
    start: Start = next((each for each in get_args(Start) if each == request.POST.get("start")), "image")
    preset = request.POST.get("preset") or groups[0].presets[0][0]
    if "go" not in request.POST:
        return _ask(request, actor, images, groups, preset, start)
    count, _, total = request.POST["go"].partition("-")
    try:
        if not count.isdecimal() or not total.isdecimal():
            raise Conflict(gettext("Look at the numbers below and press the button again."))
        expected = int(count), int(total)
        job = run_over(actor, image_ids=chosen_ids(request), preset=preset, start=start, expected=expected)
    except (Conflict, InsufficientCredits, InvalidInput) as error:
        return _ask(request, actor, images, groups, preset, start, problem=error.detail, status=error.status)
    words = ngettext("{count:,} image is being worked on.", "{count:,} images are being worked on.", job.image_count)
    messages.success(request, words.format(count=job.image_count))
    return redirect("job", job.pk)


def _ask(
    request: HttpRequest,
    actor: Actor,
    images: list[JobImage],
    groups: list[PresetGroup],
    preset: str,
    start: Start,
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    plan = None
    try:
        plan = plan_run(actor, image_ids=chosen_ids(request), preset=preset, start=start)
    except InvalidInput as error:
        problem, status = problem or error.detail, 400
    left = balance(actor)
    context = {
        "images": images,
        "back": request.POST.get("back", ""),
        "groups": groups,
        "preset": preset,
        "start": start,
        "plan": plan,
        "words": _words(plan) if plan else [],
        "named": plan.left_out[:_NAMED] if plan else [],
        "more": len(plan.left_out) - _NAMED if plan else 0,
        "metered": not settings.CREDITS_UNLIMITED,
        "left": left,
        "reason": _reason(plan, left),
        "problem": problem,
    }
    part = "#summary" if request.headers.get("HX-Request") else ""
    return render(request, f"pages/library_run.html{part}", context, status=status)


def _groups(actor: Actor) -> list[PresetGroup]:
    own = own_presets(actor)
    groups = (
        PresetGroup(gettext("Recipes"), [(each.slug, each.title) for each in own if each.operation == Recipe.name]),
        PresetGroup(
            gettext("Your presets"), [(each.slug, each.title) for each in own if each.operation != Recipe.name]
        ),
        PresetGroup(gettext("Built in"), [(slug, spec.title) for slug, spec in PRESETS.items()]),
    )
    return [group for group in groups if group.presets]


def _words(plan: RunPlan) -> list[StepWords]:
    if plan.operation == Recipe.name:
        return recipe_words(plan.parameters)
    return [step_words(plan.operation, plan.parameters)]


def _reason(plan: RunPlan | None, left: int) -> str:
    """Why it cannot be pressed; empty when it can."""
    if plan is None:
        return gettext("Choose another recipe or preset first.")
    if not plan.count:
        return gettext("Every chosen image is left out.")
    if plan.count > settings.MAX_BATCH_IMAGES:
        return gettext("One job takes at most {max_batch_images} images. Choose fewer in the Library.").format(
            max_batch_images=settings.MAX_BATCH_IMAGES
        )
    if not settings.CREDITS_UNLIMITED and plan.total > left:
        words = ngettext(
            "This costs {total:,} credits and {left:,} is left.",
            "This costs {total:,} credits and {left:,} are left.",
            left,
        )
        return words.format(total=plan.total, left=left)
    return ""

"""The Studio: photos in, a preset, images out. `?photo=` is the one that stands large."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from dashboard.access import member
from dashboard.pages import studio_choices, studio_context
from processing.models import StudioPhoto
from processing.queries.studio import strip


@require_GET
@member(Permission.IMAGES_READ)
def page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The whole page, or the chosen photo alone when htmx asks."""
    choices = studio_choices.load(request, actor)
    photos = strip(actor)
    photo = studio_context.choose(photos, request.GET.get("photo", ""))
    stage = studio_context.stage(actor, choices, photo)
    if request.headers.get("HX-Request"):
        return render(request, "parts/studio/stage.html", stage)
    return render(request, "pages/studio.html", whole(actor, choices, photos, stage))


def whole(
    actor: Actor,
    choices: studio_choices.Choices,
    photos: list[StudioPhoto],
    stage: dict[str, Any],
    *,
    chosen: set[uuid.UUID] | None = None,
) -> dict[str, Any]:
    """Context of the whole page."""
    return {
        **studio_context.notices(),
        **studio_context.film(photos),
        **studio_context.run(photos),
        **studio_context.panel(actor, choices),
        **studio_context.process(actor, choices, photos, chosen or ()),
        **stage,
    }


def back(request: HttpRequest) -> HttpResponse:
    """To the page, with the photo that stood large: where forms end without scripts."""
    photo = request.POST.get("photo", "")
    return redirect(reverse("studio") + (f"?photo={photo}" if _is_id(photo) else ""))


def chosen_ids(request: HttpRequest, field: str = "chosen") -> set[uuid.UUID]:
    """The photos whose box is ticked, or that a button names."""
    return {uuid.UUID(text) for text in request.POST.getlist(field) if _is_id(text)}


def _is_id(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True

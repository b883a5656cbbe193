"""Choosing: every change of the form comes here; it is kept, checked, priced, and previewed."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import InvalidInput, PackshotError
from dashboard.access import member
from dashboard.pages import studio_choices, studio_context
from dashboard.pages.studio import back, chosen_ids
from dashboard.pages.studio_choices import Choices
from dashboard.pages.studio_photos import checked_bytes
from dashboard.pages.studio_preview import preview_state
from processing.actions.assets import save_upload
from processing.actions.preview import Wanted, request_preview
from processing.actions.wait import wait_for
from processing.models import StudioPhoto
from processing.operations.process import Process
from processing.queries.previews import preview_image
from processing.queries.studio import corrected, strip

_WAIT_WITHOUT_SCRIPTS = 5.0
# Where the form has room for a sentence about what is wrong.
SLOTS = (
    "width", "height", "margin", "marginTop", "marginRight", "marginBottom", "marginLeft", "align", "background",
    "shadow", "format", "jpegQuality", "edges", "label",
)  # fmt: skip


@require_POST
@member(Permission.IMAGES_READ)
def settings(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The parts of the page that depend on the choices; the preview follows as soon as it is made."""
    choices = studio_choices.read(request, actor)
    photos = strip(actor)
    photo = studio_context.choose(photos, request.POST.get("photo", ""))
    state = _preview(actor, choices, photo) if actor.may(Permission.IMAGES_WRITE) else {}
    choices.save(request, actor)
    if not request.headers.get("HX-Request"):
        if "job" in state:
            wait_for(state["job"].pk, seconds=_WAIT_WITHOUT_SCRIPTS)
        return back(request)
    context = {
        **studio_context.panel(actor, choices),
        **studio_context.process(actor, choices, photos, chosen_ids(request)),
        **state,
        "photo_id": photo.pk if photo else "",
        "slots": [(name, choices.errors.get(name, "")) for name in SLOTS],
        "fresh": request.POST.get("preset") != request.POST.get("shown_preset") or "reset" in request.POST,
    }
    return render(request, "parts/studio/settings_answer.html", context)


@require_POST
@member(Permission.IMAGES_WRITE)
def background(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Keeps the image that goes behind the product; answers with its part of the form."""
    choices = studio_choices.load(request, actor)
    refusal = ""
    file = request.FILES.get("backgroundImage")
    try:
        if file is None:
            raise InvalidInput("Choose an image.", field="background")
        choices.background = save_upload(actor, data=checked_bytes(file), name=file.name or "background")
    except PackshotError as error:
        if not request.headers.get("HX-Request"):
            raise
        refusal = error.detail
    choices.values["bg"] = "image"
    if not request.headers.get("HX-Request"):
        choices.save(request, actor)
        return back(request)
    response = render(request, "parts/studio/background_image.html", {"choices": choices, "refusal": refusal})
    if not refusal:
        response["HX-Trigger-After-Settle"] = "studio:refresh"
    return response


def _preview(actor: Actor, choices: Choices, photo: StudioPhoto | None) -> dict[str, Any]:
    """What the line under the photo is to say. A photo that makes too large an image is an error of the form."""
    if photo is None or choices.recipe is None:
        return {}
    stage = studio_context.stage(actor, choices, photo)
    if not stage["wants_preview"]:
        shown = {name: stage[name] for name in ("after", "after_frame", "after_kind", "warnings")}
        return {"state": "done", **shown} if stage["after"] else {}
    try:
        wanted = Wanted(Process.name, choices.recipe.parameters, choices.recipe.background)
        job = request_preview(actor, wanted, asset=photo.asset, matte=corrected(photo))
    except InvalidInput as error:
        choices.errors |= {item.field: item.detail for item in error.errors}
        choices.recipe = None
        return {}
    return preview_state(preview_image(actor, job.pk))

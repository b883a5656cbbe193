"""The preview beside the form: small and free, newest first, with what is wrong beside its field."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import InvalidInput, NotFound
from dashboard.access import member
from dashboard.edit_operations import edit_operation
from dashboard.pages import edit_form
from dashboard.pages.studio_preview import preview_state
from dashboard.parameter_form import add_errors
from dashboard.preview_wait import made_preview
from processing.actions.edit import corrected, edited
from processing.actions.preview import Wanted, request_preview
from processing.models import Asset
from processing.queries.library import library_image


@require_POST
@member(Permission.IMAGES_WRITE)
def preview(request: HttpRequest, actor: Actor, image_id: uuid.UUID, operation: str) -> HttpResponse:
    """The line under the image, with the preview's address, and the sentences beside the fields."""
    image, chosen = library_image(actor, image_id), edit_operation(operation)
    form = edit_form.sent(request, actor, chosen)
    if not form.previewed:
        raise NotFound(gettext("{verb} has no preview.").format(verb=chosen.verb))
    of_photo = request.POST.get("of") == "photo"
    asset = edited(image, of_photo=of_photo)
    form.check((asset.width, asset.height))
    state: dict[str, Any] = {}
    if form.parameters is not None:
        try:
            wanted = Wanted(operation, form.parameters, form.background)
            state = _state(actor, wanted, asset, corrected(image, of_photo=of_photo))
        except InvalidInput as error:
            add_errors(form.form, error)
    return render(request, "parts/edit/preview_answer.html", {"edit": form, "image": image} | state)


@require_GET
@member(Permission.IMAGES_READ)
def waited(request: HttpRequest, actor: Actor, image_id: uuid.UUID, job_id: uuid.UUID) -> HttpResponse:
    """A preview that was not ready at once."""
    image = library_image(actor, image_id)
    state = preview_state(made_preview(actor, job_id))
    return render(request, "parts/edit/preview_state.html", {"image": image} | state)


def _state(actor: Actor, wanted: Wanted, asset: Asset, matte: int | None) -> dict[str, Any]:
    job = request_preview(actor, wanted, asset=asset, matte=matte)
    return preview_state(made_preview(actor, job.pk))

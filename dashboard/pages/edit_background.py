"""The image behind the product, sent as soon as it is chosen."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from dashboard.access import member
from dashboard.edit_operations import edit_operation
from dashboard.pages import edit_form
from processing.queries.library import library_image


@require_POST
@member(Permission.IMAGES_WRITE)
def keep(request: HttpRequest, actor: Actor, image_id: uuid.UUID, operation: str) -> HttpResponse:
    """Keeps it, or takes it away; answers with its part of the form."""
    image = library_image(actor, image_id)
    form = edit_form.sent(request, actor, edit_operation(operation))
    response = render(
        request, "parts/edit/background.html", {"edit": form, "image": image, "operation": form.operation}
    )
    if not form.refusal:
        response["HX-Trigger-After-Settle"] = "edit:refresh"
    return response

"""Which version of a photo the library shows: choosing one, and showing every version again."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import Conflict
from dashboard.access import member
from processing.actions.versions import make_current, show_every_version


@require_POST
@member(Permission.IMAGES_WRITE)
def current(request: HttpRequest, actor: Actor, image_id: uuid.UUID) -> HttpResponse:
    """Makes this version the current one and shows it."""
    make_current(actor, image_id=image_id)
    messages.success(request, gettext("This is the current version now. The library shows it in place of the others."))
    return redirect("library_image", image_id)


@require_POST
@member(Permission.IMAGES_WRITE)
def every(request: HttpRequest, actor: Actor, image_id: uuid.UUID) -> HttpResponse:
    """The library shows all versions of the photo again."""
    try:
        show_every_version(actor, image_id=image_id)
    except Conflict as error:
        messages.info(request, error.detail)
    else:
        messages.success(request, gettext("The library shows every version of this photo again."))
    return redirect("library_image", image_id)

"""Finished images of the strip as files: names from a template, many of them as one ZIP."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import Conflict, InvalidInput
from dashboard.access import member
from dashboard.pages import studio_choices, studio_context
from dashboard.pages.studio import chosen_ids, whole
from dashboard.zip_stream import entry, zip_response
from processing.models import JobImage
from processing.queries.download_names import download_names, download_of
from processing.queries.studio import result, strip


@require_POST
@member(Permission.IMAGES_READ)
def archive(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """The images of the ticked photos, or of all that are done."""
    choices = studio_choices.read(request, actor)
    choices.save(request, actor)
    images = _images(actor, chosen_ids(request))
    if not images:
        raise Conflict(gettext("None of these photos has an image yet. Process them first."))
    try:
        names = download_names(choices.names, [download_of(image) for image in images])
    except InvalidInput as error:
        photos = strip(actor)
        stage = studio_context.stage(actor, choices, studio_context.choose(photos, request.POST.get("photo", "")))
        context = whole(actor, choices, photos, stage, chosen=chosen_ids(request))
        return render(request, "pages/studio.html", context | {"names_error": error.detail}, status=400)
    files = [entry(image.output, name) for image, name in zip(images, names, strict=True) if image.output]
    return zip_response(files, name=f"{_title(images)}-{timezone.localdate():%Y-%m-%d}.zip")


@require_POST
@member(Permission.IMAGES_READ)
def names(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What the files would be called, or what is wrong with the template."""
    images = _images(actor, chosen_ids(request))
    context: dict[str, object] = {}
    try:
        found = download_names(request.POST.get("names", ""), [download_of(image) for image in images])
        context |= {"examples": found[:3], "rest": len(found) - 3}
    except InvalidInput as error:
        context["names_error"] = error.detail
    return render(request, "parts/studio/names.html", context)


def _images(actor: Actor, chosen: Collection[uuid.UUID]) -> list[JobImage]:
    photos = [photo for photo in strip(actor) if not chosen or photo.pk in chosen]
    return [image for image in map(result, photos) if image]


def _title(images: list[JobImage]) -> str:
    labels = {image.job.preset_label for image in images}
    return (slugify(labels.pop()) if len(labels) == 1 else "") or "packshot"

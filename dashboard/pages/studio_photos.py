"""Photos onto the strip and off it again."""

from __future__ import annotations

import json

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import InvalidImage, InvalidInput, PackshotError
from dashboard.access import member
from dashboard.pages.studio import back, chosen_ids
from dashboard.pages.studio_frames import frame
from dashboard.session import request_id
from processing.actions.assets import limits
from processing.actions.studio import add_photo, clear_strip, remove_photos
from processing.models import StudioPhoto


class TooManyBytes(InvalidImage):
    """Refused by its size before its bytes are read."""

    code = "file_too_large"
    status = 413


@require_POST
@member(Permission.IMAGES_WRITE)
def upload(request: HttpRequest, actor: Actor) -> HttpResponse:
    """One file from the script, answered with its frame; or all of a form's, answered with the page."""
    files = request.FILES.getlist("image")
    if not files:
        raise InvalidInput(gettext("Choose at least one photo."), field="image")
    if request.headers.get("HX-Request"):
        try:
            photo = _add(actor, files[0], chosen_at=_seconds(request.POST.get("at", "")))
        except PackshotError as error:
            said = {"code": error.code, "detail": error.detail, "requestId": request_id(request)}
            return JsonResponse(said, status=error.status)
        return render(request, "parts/studio/frame.html", {"frame": frame(photo)}, status=201)
    added = 0
    for file in files:
        try:
            _add(actor, file)
            added += 1
        except InvalidImage as error:
            messages.error(request, f"{file.name}: {error.detail}")
    if added:
        words = ngettext("{count} photo is on the strip.", "{count} photos are on the strip.", added)
        messages.success(request, words.format(count=added))
    return redirect("studio")


@require_POST
@member(Permission.IMAGES_WRITE)
def remove(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Takes off the photo of the button pressed, or all whose box is ticked."""
    wanted = chosen_ids(request, "remove") or chosen_ids(request)
    if not wanted:
        raise InvalidInput(gettext("Select the photos to take off the strip."), field="chosen")
    removed = remove_photos(actor, photo_ids=wanted)
    return _said(request, f"{removed} {'photo is' if removed == 1 else 'photos are'} off the strip.")


@require_POST
@member(Permission.IMAGES_WRITE)
def clear(request: HttpRequest, actor: Actor) -> HttpResponse:
    removed = clear_strip(actor)
    return _said(request, f"The strip is empty. {removed} {'photo was' if removed == 1 else 'photos were'} on it.")


def _said(request: HttpRequest, sentence: str) -> HttpResponse:
    if request.headers.get("HX-Request"):
        events = {"studio:removed": "", "studio:submitted": "", "toast": {"text": sentence}}
        return HttpResponse(status=204, headers={"HX-Trigger": json.dumps(events)})
    messages.success(request, sentence)
    return back(request)


def checked_bytes(file: UploadedFile) -> bytes:
    """The bytes of an uploaded file. Raises TooManyBytes instead of reading one that is too large."""
    largest = limits().max_bytes
    if file.size is not None and file.size > largest:
        raise TooManyBytes(
            gettext("The file has {size:.1f} MB; at most {largest:g} MB are possible.").format(
                size=file.size / 1000000.0, largest=largest / 1000000.0
            )
        )
    data: bytes = file.read()
    return data


def _add(actor: Actor, file: UploadedFile, *, chosen_at: float | None = None) -> StudioPhoto:
    return add_photo(actor, data=checked_bytes(file), name=file.name or "photo", chosen_at=chosen_at)


def _seconds(milliseconds: str) -> float | None:
    return int(milliseconds) / 1000 if milliseconds.isdecimal() and len(milliseconds) < 16 else None

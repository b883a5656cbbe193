"""Refine the cut: the photo large, clicks and a brush that correct its cut-out, and the new version."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import Conflict, InsufficientCredits, InvalidInput
from dashboard.access import member
from dashboard.preview_wait import made_preview, pause
from processing.actions.cut import preview_cut, save_cut
from processing.actions.wait import wait_for
from processing.engines.load import available
from processing.models import STEPS, JobImage
from processing.queries.cut import cuts, new_version
from processing.queries.library import library_image
from processing.queries.workers import live_workers

_WAIT_FOR_VERSION = 4.0


@require_http_methods(["GET", "POST"])
@member(Permission.IMAGES_WRITE)
def page(request: HttpRequest, actor: Actor, image_id: uuid.UUID) -> HttpResponse:
    """The page; a POST saves the new version and goes on to it."""
    image = library_image(actor, image_id)
    if request.method == "GET":
        return _page(request, image)
    try:
        marks = _marks(request)
        if not marks:
            raise InvalidInput(gettext("Nothing is marked yet. Click on what should come back, or on what should go."))
        job = save_cut(actor, image, marks, clicks=_clicks(request))
    except (Conflict, InsufficientCredits, InvalidInput) as refusal:
        return _page(request, image, problem=refusal.detail, status=refusal.status)
    if live_workers():
        wait_for(job.pk, seconds=_WAIT_FOR_VERSION)
    made = new_version(actor, job)
    if made is None:
        messages.info(request, gettext("The new version is being made. It appears beside the image once it is done."))
        return redirect("job", job.pk)
    messages.success(request, gettext("The cut is corrected. This is the new version; the one before is below."))
    return redirect("library_image", made.pk)


@require_POST
@member(Permission.IMAGES_WRITE)
def preview(request: HttpRequest, actor: Actor, image_id: uuid.UUID) -> HttpResponse:
    """The line under the photo, with the mask's address once it is made. Each request carries all marks."""
    image = library_image(actor, image_id)
    try:
        job = preview_cut(actor, image, _marks(request), clicks=_clicks(request))
    except (Conflict, InvalidInput) as refusal:
        return render(request, "parts/cut_state.html", {"state": "refused", "error": refusal.detail})
    return _state(request, actor, image_id, job.pk)


@require_GET
@member(Permission.IMAGES_WRITE)
def progress(request: HttpRequest, actor: Actor, image_id: uuid.UUID, job_id: uuid.UUID) -> HttpResponse:
    """The same line for a preview that was still being made."""
    return _state(request, actor, image_id, job_id)


def _state(request: HttpRequest, actor: Actor, image_id: uuid.UUID, job_id: uuid.UUID) -> HttpResponse:
    made = made_preview(actor, job_id)
    step = STEPS.index(made.step) + 1 if made.step in STEPS else 0
    context: dict[str, Any] = {"image_id": image_id, "job_id": job_id, "state": made.status, "output": made.output}
    context |= {
        "step": made.step,
        "pause": pause(made),
        "percent": 100 * max(step - 1, 0) // len(STEPS),
        "no_worker": not made.ended and not step and not live_workers(),
        "error": (made.error or {}).get("detail", ""),
        "nothing_yet": (made.error or {}).get("code") in ("no_subject", "backdrop_not_plain"),
    }
    return render(request, "parts/cut_state.html", context)


def _page(request: HttpRequest, image: JobImage, *, problem: str = "", status: int = 200) -> HttpResponse:
    if not problem and not cuts(image.job):
        problem = gettext("Nothing was cut out for this image, so there is no cut to correct.")
    context = {
        "image": image,
        "marks": request.POST.get("marks", ""),
        "typed": request.POST.get("typed", ""),
        "clicks": _clicks(request),
        "sam": "sam" in available(settings.MODELS_DIR),
        "possible": image.source is not None and cuts(image.job),
        "problem": problem,
    }
    return render(request, "pages/library_cut.html", context, status=status)


def _marks(request: HttpRequest) -> object:
    """The marks of the canvas, else those that were typed, one click a line: `keep 120 80`."""
    drawn = request.POST.get("marks", "")
    if drawn not in ("", "[]"):
        return drawn
    return [_line(line) for line in request.POST.get("typed", "").splitlines() if line.strip()]


def _line(line: str) -> dict[str, object]:
    words = line.replace(",", " ").split()
    if len(words) != 3 or words[0].lower() not in ("keep", "remove"):
        raise InvalidInput(
            gettext("“{line}” is no click. Write keep or remove, then x and y: keep 120 80.").format(
                line=line.strip()[:40]
            )
        )
    try:
        point = [float(words[1]), float(words[2])]
    except ValueError:
        raise InvalidInput(
            gettext("“{line}”: x and y must be numbers, in pixels of the photo.").format(line=line.strip()[:40])
        ) from None
    return {"keep": words[0].lower() == "keep", "points": [point]}


def _clicks(request: HttpRequest) -> str:
    return "sam" if request.POST.get("clicks") == "sam" else "grabcut"

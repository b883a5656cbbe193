"""Processing the strip, stopping that, and telling a browser what has changed since it last asked."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import Conflict, InsufficientCredits, InvalidInput, PackshotError
from dashboard import pace
from dashboard.access import member
from dashboard.pages import studio_choices, studio_context
from dashboard.pages.studio import back, chosen_ids
from dashboard.pages.studio_frames import frame, seen, unseen
from processing.actions.studio import cancel_strip, process_strip
from processing.models import Status, StudioPhoto
from processing.queries.expected_wait import until_a_batch_moves
from processing.queries.studio import is_open, moved_at, strip, strip_at_a_glance


@require_POST
@member(Permission.IMAGES_WRITE)
def process(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Submits the job; `expected` is the number that the button named, `only` a single photo's own button."""
    choices = studio_choices.read(request, actor)
    choices.save(request, actor)
    error: PackshotError | None = None
    only = chosen_ids(request, "only")
    expected = request.POST.get("expected", "")
    try:
        if choices.recipe is None:
            raise InvalidInput(" ".join(choices.errors.values()))
        process_strip(
            actor,
            choices.recipe,
            chosen=only or chosen_ids(request),
            expected=int(expected) if expected.isdecimal() and not only else None,
        )
    except (Conflict, InsufficientCredits, InvalidInput) as refusal:
        error = refusal
    if not request.headers.get("HX-Request"):
        if error:
            messages.error(request, error.detail)
        return back(request)
    context = studio_context.process(actor, choices, strip(actor)) | {"refusal": error.detail if error else ""}
    response = render(request, "parts/studio/process.html", context, status=error.status if error else 200)
    if not error:
        response["HX-Trigger"] = "studio:processing, studio:submitted"
    return response


@require_POST
@member(Permission.JOBS_WRITE)
def cancel(request: HttpRequest, actor: Actor) -> HttpResponse:
    cancel_strip(actor)
    if not request.headers.get("HX-Request"):
        return back(request)
    return HttpResponse(status=204, headers={"HX-Trigger": "studio:submitted"})


@require_GET
@member(Permission.IMAGES_READ)
def changes(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The frames that changed since the state `seen`, the bar over the strip, the state of the chosen photo; 204 where
    that state is still the one, before anything is read or drawn that costs something.

    One request for the whole strip however many photos run. `X-Studio-Seen` is what to ask with the next time,
    `X-Studio-Again` after how many milliseconds.
    """
    glance = strip_at_a_glance(actor)
    if request.GET.get("seen") == seen([frame(photo) for photo in glance]):
        return _asked_again(HttpResponse(status=204), glance)
    photos = strip(actor)
    frames = [frame(photo) for photo in photos]
    changed = unseen(frames, request.GET.get("seen", ""))
    photo = studio_context.choose(photos, request.GET.get("photo", ""))
    context = {
        "frames": frames if changed is None else changed,
        "frame": frame(photo) if photo else None,
        **studio_context.run(photos),
    }
    response = render(request, "parts/studio/changes.html", context)
    response["X-Studio-Seen"] = seen(frames)
    response["X-Studio-Whole"] = "1" if changed is None else "0"
    return _asked_again(response, photos)


def _asked_again(response: HttpResponse, photos: Sequence[StudioPhoto]) -> HttpResponse:
    busy = any(is_open(photo) for photo in photos)
    response["X-Studio-Busy"] = "1" if busy else "0"
    runs = any(photo.latest and photo.latest.status == Status.RUNNING for photo in photos)
    ahead = until_a_batch_moves() if busy and not runs else 0.0
    response["X-Studio-Again"] = str(round(1000 * pace.follow(moved_at(photos), expected=ahead)))
    return response

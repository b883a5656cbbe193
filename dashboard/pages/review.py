"""Review: one image after the other, the doubtful first; accept, reject, mend, undo."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import NotFound
from dashboard.access import member
from processing.actions.mend import open_in_studio
from processing.actions.review import decide
from processing.models import Job, JobImage
from processing.queries.cut import cuts
from processing.queries.review import (
    QUEUE_UP_TO,
    decisions,
    is_doubtful,
    review_image,
    review_job,
    review_queue,
)

_PENDING = JobImage.Review.PENDING


@dataclass(frozen=True, slots=True)
class Queue:
    """The images to go through, in order, and what was decided on those of a job."""

    ids: list[uuid.UUID]
    decided: dict[uuid.UUID, str]
    job: Job | None

    @property
    def total(self) -> str:
        return f"{QUEUE_UP_TO:,}+" if len(self.ids) > QUEUE_UP_TO else f"{len(self.ids):,}"

    def next_open(self, after: uuid.UUID | None) -> uuid.UUID | None:
        """The next image without a decision: behind `after`, else from the start."""
        start = self.ids.index(after) + 1 if after in self.ids else 0
        order = [*self.ids[start:], *self.ids[:start]]
        return next((one for one in order if one != after and self.decided.get(one, _PENDING) == _PENDING), None)

    def count(self, decision: str) -> int:
        return sum(one == decision for one in self.decided.values())


@require_GET
@member(Permission.IMAGES_READ)
def page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The page, or with htmx its body. `job` limits it to a batch, `image` chooses, `undo` offers to take back."""
    queue = _queue(actor, _uuid(request.GET.get("job", "")))
    chosen = _uuid(request.GET.get("image", "")) or queue.next_open(None)
    context: dict[str, Any] = {
        "queue": queue,
        "accepted": queue.count(JobImage.Review.ACCEPTED),
        "rejected": queue.count(JobImage.Review.REJECTED),
        "scope": urlencode({"job": str(queue.job.pk)}) if queue.job else "",
        "undo": _undo(request, actor),
        **(_shown(actor, queue, chosen) if chosen else {}),
    }
    return render(request, f"pages/review.html{'#body' if request.headers.get('HX-Request') else ''}", context)


@require_POST
@member(Permission.IMAGES_WRITE)
def decision(request: HttpRequest, actor: Actor, image_id: uuid.UUID) -> HttpResponse:
    """Saves it and goes on to the next image; a decision taken back (`stay`) goes back to its image."""
    job_id = _uuid(request.POST.get("job", ""))
    queue = _queue(actor, job_id)
    before = decide(actor, image_id=image_id, decision=request.POST.get("decision", ""))
    query = {"job": str(job_id)} if job_id else {}
    if "stay" in request.POST:
        query["image"] = str(image_id)
    else:
        following = queue.next_open(image_id)
        query |= {"image": str(following)} if following else {}
        query |= {"undo": str(image_id), "was": before}
    return redirect(f"{reverse('review')}?{urlencode(query)}")


@require_POST
@member(Permission.IMAGES_WRITE)
def mend(request: HttpRequest, actor: Actor, image_id: uuid.UUID) -> HttpResponse:
    """To the Studio, with this photo large."""
    photo = open_in_studio(actor, image_id=image_id)
    return redirect(f"{reverse('studio')}?{urlencode({'photo': str(photo.pk)})}")


def _queue(actor: Actor, job_id: uuid.UUID | None) -> Queue:
    job = review_job(actor, job_id) if job_id else None
    return Queue(review_queue(actor, job_id=job_id), decisions(actor, job_id=job_id) if job_id else {}, job)


def _shown(actor: Actor, queue: Queue, chosen: uuid.UUID) -> dict[str, Any]:
    image = review_image(actor, chosen)
    if image.output is None:
        raise NotFound(gettext("There is no such image. It may have been deleted."))
    at = queue.ids.index(chosen) if chosen in queue.ids else None
    previous = queue.ids[at - 1] if at else None
    following = queue.ids[at + 1] if at is not None and at + 1 < len(queue.ids) else None
    return {
        "image": image,
        "doubtful": is_doubtful(image),
        "can_refine": image.source is not None and cuts(image.job),
        "position": f"{at + 1:,}" if at is not None else "",
        "previous": previous,
        "following": following,
        "preload": _picture(actor, following) if following else "",
        "sizes": _sizes(image.output.width, image.output.height),
    }


def _undo(request: HttpRequest, actor: Actor) -> dict[str, object] | None:
    """The last decision, if its image is still there."""
    image_id, was = _uuid(request.GET.get("undo", "")), request.GET.get("was", _PENDING)
    if image_id is None or was not in JobImage.Review.values:
        return None
    try:
        image = review_image(actor, image_id)
    except NotFound:
        return None
    return {"image": image, "was": was} if image.review != was else None


def _picture(actor: Actor, image_id: uuid.UUID) -> str:
    return reverse("image_thumbnail", args=[review_image(actor, image_id).output_id, 1280])


def _sizes(width: int, height: int) -> dict[str, int]:
    """How wide the 1280 thumbnail and the whole image are, for the browser to choose from."""
    scale = min(1.0, 1280 / max(width, height))
    return {"small": round(width * scale), "whole": width}


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        raise NotFound(gettext("There is no such image.")) from None

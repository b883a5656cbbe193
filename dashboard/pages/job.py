"""One job: each photo before and after, what it took, what was asked; cancel, run again, download."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.queries.approvals import waits_for_approval
from accounts.queries.webhooks import deliveries_of_job
from dashboard.access import member
from dashboard.job_advice import advice
from dashboard.pages.jobs import TITLES
from dashboard.parameter_words import parameter_words
from processing.actions.cancel import cancel_job
from processing.actions.retry import run_again
from processing.models import Job, JobImage, Status
from processing.operations.registry import EVERY_OPERATION, price
from processing.queries.cut import cuts
from processing.queries.job_page import STRIP, job_page, job_state
from processing.queries.jobs import jobs
from processing.queries.preset_titles import preset_titles
from processing.queries.review import is_doubtful

# A frame of the strip is sent again until it has surely been seen in its last state.
_SEEN_AFTER = timedelta(seconds=10)


@require_GET
@member(Permission.JOBS_READ)
def page(request: HttpRequest, actor: Actor, job_id: uuid.UUID) -> HttpResponse:
    """The page; with htmx the chosen photo (`?photo=3`) alone."""
    # Read before what it stands for: what happens in between is told by the next answer.
    context = _context(request, actor, job_id, job_state(actor, job_id))
    alone = request.headers.get("HX-Target") == "job-photo"
    return render(request, f"pages/job.html{'#photo' if alone else ''}", context)


@require_GET
@member(Permission.JOBS_READ)
def live(request: HttpRequest, actor: Actor, job_id: uuid.UUID) -> HttpResponse:
    """What has changed while the job runs; the whole page's content once it has ended. 204 where the page shows the
    state that it is in."""
    state = job_state(actor, job_id)
    if request.GET.get("state") == state:
        return HttpResponse(status=204)
    context = _context(request, actor, job_id, state)
    if context["job"].ended:
        response = render(request, "pages/job.html", context)
        response["HX-Retarget"] = "#main"
        response["HX-Reselect"] = "#main > *"
        response["HX-Reswap"] = "innerHTML"
        return response
    recently = timezone.now() - _SEEN_AFTER
    context["changed"] = [
        frame
        for frame in context["frames"]
        if frame["image"].status == Status.RUNNING
        or (frame["image"].finished_at and frame["image"].finished_at > recently)
    ]
    context["photo_changed"] = request.GET.get("seen") != context["chosen"].status
    return render(request, "pages/job.html#live", context)


@require_POST
@member(Permission.JOBS_WRITE)
def cancel(request: HttpRequest, actor: Actor, job_id: uuid.UUID) -> HttpResponse:
    canceled = cancel_job(actor, job_id=job_id)
    given_back = canceled.credits_reserved - canceled.credits_charged
    messages.success(
        request,
        _canceled(given_back),
    )
    return redirect("job", job_id)


@require_POST
@member(Permission.JOBS_WRITE)
def again(request: HttpRequest, actor: Actor, job_id: uuid.UUID) -> HttpResponse:
    new = run_again(actor, job_id=job_id)
    words = ngettext(
        "{photos:,} photo run again as this new job.", "{photos:,} photos run again as this new job.", new.image_count
    )
    messages.success(request, words.format(photos=new.image_count))
    return redirect("job", new.pk)


def _context(request: HttpRequest, actor: Actor, job_id: uuid.UUID, state: str) -> dict[str, Any]:
    found = job_page(actor, job_id, photo=_number(request.GET.get("photo", "")))
    job, chosen, position = found.job, found.chosen, found.position
    to_run = found.unfinished or found.kept
    here = found.unfinished_here if found.unfinished else found.kept_here
    return {
        "job": job,
        "approval": waits_for_approval(actor, job.pk) if not job.ended else False,
        "title": gettext(TITLES.get(job.operation, job.operation)),
        "preset_title": preset_titles(actor).get(job.preset, job.preset) if job.preset else "",
        "newer": jobs(actor).filter(retry_of=job).order_by("-pk").first(),
        "facts": parameter_words(job.operation, job.parameters, background_image=job.background_id is not None),
        "state": state,
        "frames": [_frame(image) for image in found.strip] if found.total > 1 else [],
        "frames_before": found.first,
        "frames_after": found.first + STRIP + 1 if found.first + STRIP < found.total else 0,
        "chosen": chosen,
        "position": position,
        "previous": position - 1,
        "next": position + 1 if position < found.total else 0,
        "doubtful": is_doubtful(chosen),
        "can_refine": chosen.source is not None and cuts(job),
        "advice": advice(chosen.error),
        "timing": _timing(chosen),
        "outputs": found.outputs,
        "only_output": found.only_output,
        "deliveries": deliveries_of_job(actor, job.pk),
        "doubtful_count": found.doubtful,
        "done": found.done,
        "progress": found.progress,
        "run_again": {
            "count": to_run,
            "unfinished": found.unfinished,
            "cost": _cost(job, to_run),
            "possible": bool(to_run) and here == to_run,
        },
    }


def _frame(image: JobImage) -> dict[str, object]:
    state = "doubtful" if is_doubtful(image) else image.status
    return {"image": image, "state": state, "number": image.index + 1, "picture": image.output or image.source}


def _timing(image: JobImage) -> dict[str, Any]:
    """The steps with the millisecond at which each began; one that was taken several times is told once."""
    spent: dict[str, float] = {}
    kept = set()
    for step in image.steps:
        spent[step["name"]] = spent.get(step["name"], 0.0) + step["ms"]
        if step.get("mask") == "kept":
            kept.add(step["name"])
    steps, start = [], 0.0
    for name, ms in spent.items():
        steps.append({"name": name, "ms": ms, "start": start, "kept": name in kept})
        start += ms
    return {"steps": steps, "total": start}


def _number(text: str) -> int:
    """The 1-based number of the chosen photo; anything else is the first."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 1


def _cost(job: Job, count: int) -> int:
    return price(job.operation, job.parameters) * count if job.operation in EVERY_OPERATION else count


def _canceled(given_back: int) -> str:
    if not given_back:
        return gettext("The job is canceled.")
    return ngettext(
        "The job is canceled; {credits:,} credit is given back.",
        "The job is canceled; {credits:,} credits are given back.",
        given_back,
    ).format(credits=given_back)

"""The preview of the chosen photo, as soon as it is made."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from dashboard.access import member
from dashboard.pages.studio_context import worth_saying
from dashboard.preview_wait import made_preview, pause
from dashboard.templatetags.frames import frame_of
from processing.models import STEPS, JobImage, Status
from processing.queries.workers import live_workers


@require_GET
@member(Permission.IMAGES_READ)
def preview(request: HttpRequest, actor: Actor, job_id: uuid.UUID) -> HttpResponse:
    """The line under the photo; with the preview's address once there is one."""
    return render(request, "parts/studio/preview_state.html", preview_state(made_preview(actor, job_id)))


def preview_state(image: JobImage) -> dict[str, Any]:
    if image.status == Status.SUCCEEDED and image.output:
        warnings = worth_saying(image, preview=True)
        shown = {"after": image.output, "after_frame": frame_of(image), "after_kind": "preview"}
        return {"state": "done", **shown, "warnings": warnings}
    if image.status == Status.FAILED:
        return {"state": "failed", "error": (image.error or {}).get("detail", "")}
    if image.ended:
        return {}
    step = STEPS.index(image.step) + 1 if image.step in STEPS else 0
    return {
        "state": "running",
        "pause": pause(image),
        "job": image.job,
        "step": image.step,
        "step_number": step,
        "steps": len(STEPS),
        "percent": 100 * max(step - 1, 0) // len(STEPS),
        "no_worker": not step and not live_workers(),
    }

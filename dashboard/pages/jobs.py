"""The list of jobs: what was asked, by whom, how far it is, what it took."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_GET

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from dashboard import pace
from dashboard.access import member
from dashboard.listing import asked, listing
from processing.models import FACE_SWAP, Status
from processing.operations.registry import EVERY_OPERATION
from processing.queries.job_list import JobRow, job_labels, job_rows
from processing.queries.jobs import jobs
from processing.queries.preset_titles import preset_titles

PAGE_SIZE = 50
_LEAST = 1.5  # seconds
TITLES = {operation.name: operation.title for operation in EVERY_OPERATION.values()} | {
    FACE_SWAP: gettext_noop("Face swapped")
}


@require_GET
@member(Permission.JOBS_READ)
def page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The page, or with htmx the list alone."""
    wanted = asked(request, "status", "label", "q")
    found = jobs(
        actor, status=wanted["status"], preset_label=wanted["label"] or None, search=" ".join(wanted["q"].split())
    )
    shown = listing(request, found, size=PAGE_SIZE)
    rows = job_rows(actor, shown.rows)
    context = {
        "listing": shown,
        "rows": _shown(actor, rows),
        **_followed(rows),
        "wanted": wanted,
        "any_job": bool(rows) or jobs(actor).exists(),
        "states": Status.choices,
        "labels": job_labels(actor),
    }
    return render(request, f"pages/jobs.html{'#list' if request.headers.get('HX-Request') else ''}", context)


@require_GET
@member(Permission.JOBS_READ)
def live(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The rows of the jobs that were open a moment ago, for htmx to put in their places."""
    asked = [identifier for text in request.GET.getlist("job")[:PAGE_SIZE] if (identifier := _uuid(text))]
    rows = job_rows(actor, list(jobs(actor).filter(pk__in=asked).order_by("-pk")))
    return render(request, "pages/jobs.html#live", {"rows": _shown(actor, rows), "swap": True, **_followed(rows)})


def _shown(actor: Actor, rows: list[JobRow]) -> list[dict[str, object]]:
    presets = preset_titles(actor) if any(row.job.preset for row in rows) else {}
    return [
        {
            "row": row,
            "title": gettext(TITLES.get(row.job.operation, row.job.operation)),
            "preset": presets.get(row.job.preset, row.job.preset),
        }
        for row in rows
    ]


def _followed(rows: list[JobRow]) -> dict[str, object]:
    """The open jobs, and after how many milliseconds to ask about them again: soon where one runs."""
    found = [row.job for row in rows if not row.job.ended]
    moved = max((job.started_at or job.created_at for job in found), default=None)
    if any(job.status == Status.RUNNING for job in found):
        moved = timezone.now()
    seconds = pace.follow(moved, least=_LEAST) if found else 0
    return {"open_ids": [str(job.pk) for job in found], "again": round(1000 * seconds)}


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None

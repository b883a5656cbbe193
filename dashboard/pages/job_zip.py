"""All images of a job in one download."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from dashboard.access import member
from dashboard.image_archive import image_archive
from processing.queries.download_names import DEFAULT_TEMPLATE
from processing.queries.jobs import job as find_job


@require_safe
@member(Permission.IMAGES_READ)
def download(request: HttpRequest, actor: Actor, job_id: uuid.UUID) -> HttpResponseBase:
    """Those that are finished, in the order of the photos, as a ZIP."""
    job = find_job(actor, job_id)
    template = request.GET.get("names", DEFAULT_TEMPLATE)
    stem = "".join(character if character.isalnum() or character in " -_." else "-" for character in job.preset_label)
    name = f"{stem.strip(' .') or 'packshot'}-{job.created_at:%Y-%m-%d}.zip"
    return image_archive(list(job.images.all()), name=name, template=template, pack_one=True)

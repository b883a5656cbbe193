"""Running a job again by hand."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import Conflict, NotFound
from processing.actions.submit import NoPhoto, Refused, Request, submit
from processing.models import FACE_SWAP, OPEN_STATUSES, Asset, Job, JobImage, Status


@transaction.atomic
def run_again(actor: Actor, *, job_id: uuid.UUID) -> Job:
    """A new job with the same parameters: over the photos that failed, or over all when none did.

    While such a new job is open, that one is given back: two clicks are one job and one charge.
    """
    actor.require(Permission.JOBS_WRITE)
    own = Job.objects.of(actor).select_related("background").select_for_update(of=("self",))
    job = own.filter(pk=job_id).first()
    if job is None:
        raise NotFound(gettext("There is no such job."))
    if job.operation == FACE_SWAP:
        raise Conflict(gettext("A face swap is not run again from here: send its call again."))
    if not job.ended:
        raise Conflict(gettext("This job is still running. Wait for its end or cancel it first."))
    if running := Job.objects.of(actor).filter(retry_of=job, status__in=OPEN_STATUSES).first():
        return running
    images = list(JobImage.objects.of(actor).filter(job=job).select_related("source").order_by("index"))
    # What was refused at submit was never kept, so it cannot be tried again.
    kept = [image for image in images if image.source_id or image.attempt]
    again = [image for image in kept if image.status != Status.SUCCEEDED] or kept
    if not again:
        raise Conflict(gettext("None of the photos of this job could be read, so there is nothing to run again."))
    sources: list[Asset | Refused | NoPhoto] = []
    for image in again:
        if image.source:
            sources.append(image.source)
        elif image.without_photo:
            sources.append(NoPhoto())
    if len(sources) < len(again):
        raise Conflict(gettext("The original photos of this job were deleted, so it cannot run again."))
    new = submit(
        actor,
        Request(
            sources=sources,
            names=[image.name for image in again],
            mattes=[image.matte_id for image in again],
            operation=job.operation,
            parameters=job.parameters,
            preset_label=job.preset_label,
            background=job.background,
            webhook_url=job.webhook_url,
            output_paths=job.output_paths,
        ),
    )
    new.retry_of = job
    new.preset = job.preset
    new.save(update_fields=["retry_of", "preset"])
    return new

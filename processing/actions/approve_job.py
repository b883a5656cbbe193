"""Jobs that wait for a second person: their photos are parked until it is there."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils import timezone

from processing.actions import wake
from processing.actions.cancel import end_canceled
from processing.models import Job, JobImage, Status


@transaction.atomic
def release_job(job_id: uuid.UUID) -> None:
    """Its photos may be worked on. One that was canceled meanwhile stays as it is."""
    job = Job.unscoped.select_for_update().filter(pk=job_id).first()
    if job is None or job.ended:
        return
    waiting = JobImage.unscoped.filter(job=job, status=Status.QUEUED, parked=True)
    wake.after_commit(waiting.update(parked=False, queued_at=timezone.now()))


@transaction.atomic
def refuse_job(job_id: uuid.UUID, *, why: str) -> None:
    """Ends it; its credits are given back."""
    job = Job.unscoped.select_for_update().filter(pk=job_id).first()
    if job is None or job.ended:
        return
    job.error = {"code": "not_approved", "detail": why}
    job.save(update_fields=["error"])
    end_canceled(job)


def waits(job_id: uuid.UUID) -> bool:
    return Job.unscoped.filter(pk=job_id, status=Status.QUEUED, images__parked=True).exists()

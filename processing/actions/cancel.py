"""Canceling a job: at once, also while its photos are being worked on."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.actions import audit
from accounts.kit.errors import Conflict, NotFound
from processing.actions.finish import settle
from processing.models import OPEN_STATUSES, Job, JobImage, Status

_ENDED = {
    Status.SUCCEEDED: gettext_noop("This job has already succeeded."),
    Status.FAILED: gettext_noop("This job has already failed."),
    Status.CANCELED: gettext_noop("This job has already been canceled."),
}


@transaction.atomic
def cancel_job(actor: Actor, *, job_id: uuid.UUID, needs: Permission = Permission.JOBS_WRITE) -> Job:
    """Ends the job; photos that were finished stay and are charged, the rest is given back.

    Raises Conflict when the job has ended. A worker in the middle of a photo finds its claim gone at the next step.
    """
    actor.require(needs)
    job = Job.objects.of(actor).select_for_update().filter(pk=job_id).first()
    if job is None:
        raise NotFound(gettext("There is no such job."))
    if job.ended:
        raise Conflict(gettext(_ENDED[Status(job.status)]))
    end_canceled(job)
    audit.record(actor, "job.canceled", target_kind="job", target_id=job.pk)
    return job


def end_canceled(job: Job) -> None:
    """The caller holds the job's row lock."""
    JobImage.unscoped.filter(job=job, status__in=OPEN_STATUSES).update(
        status=Status.CANCELED, finished_at=timezone.now(), lease_expires_at=None, step=""
    )
    job.status = Status.CANCELED
    settle(job, JobImage.unscoped.filter(job=job, status=Status.SUCCEEDED).count())

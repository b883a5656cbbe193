"""What an operator does from the system page: stuck jobs queued again, workers that take no further photo."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.actions import audit
from accounts.kit.errors import Conflict, NotFound
from processing.actions import wake
from processing.models import OPEN_STATUSES, Job, JobImage, Status, Worker


@transaction.atomic
def queue_again(actor: Actor, *, job_id: uuid.UUID) -> int:
    """Takes the open photos of a job from their workers and puts them back into the queue; how many.

    Whoever still works on one finds its claim gone at the next step. They get all their tries again. Raises Conflict
    for a job that has ended.
    """
    actor.require(Permission.JOBS_WRITE)
    job = Job.objects.of(actor).select_for_update().filter(pk=job_id).first()
    if job is None:
        raise NotFound(gettext("There is no such job."))
    if job.ended:
        raise Conflict(gettext("This job has ended in the meantime."))
    open_images = JobImage.objects.of(actor).filter(job=job, status__in=OPEN_STATUSES)
    open_images.filter(status=Status.RUNNING).update(
        status=Status.QUEUED, lease_expires_at=None, worker="", step="", steps=[]
    )
    count = open_images.update(losses=0)
    wake.after_commit(count)
    audit.record(actor, "job.queued_again", target_kind="job", target_id=job.pk, details={"photos": count})
    return count


@transaction.atomic
def set_draining(actor: Actor, *, worker: str, draining: bool) -> None:
    """The worker reads it within seconds. Written down in the operator's own organization. Raises NotFound."""
    if not Worker.objects.filter(name=worker).update(draining=draining):
        raise NotFound(gettext("This worker has ended in the meantime."))
    action = "worker.draining" if draining else "worker.resumed"
    audit.record(actor, action, target_kind="worker", target_id=worker[:64], details={"worker": worker})

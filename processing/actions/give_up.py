"""Giving up on a job that nobody waits for any more."""

from __future__ import annotations

import uuid

from django.db import transaction

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.actions import audit
from processing.actions.cancel import end_canceled
from processing.models import Job
from processing.operations.registry import find as find_operation


@transaction.atomic
def give_up(actor: Actor, *, job_id: uuid.UUID) -> bool:
    """Cancels a job of the actor's own call, so that its credits come back; False where it has ended by itself.

    Who may start the work may also give it up: that needs no scope beyond the operation's own.
    """
    job = Job.objects.of(actor).select_for_update().get(pk=job_id)
    check = job.purpose == Job.Purpose.CHECK
    actor.require(Permission.COMPLIANCE_READ if check else Permission(find_operation(job.operation).scope))
    if job.ended:
        return False
    end_canceled(job)
    audit.record(actor, "job.canceled", target_kind="job", target_id=job.pk, details={"reason": "not in time"})
    return True

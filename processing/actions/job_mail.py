"""The e-mail to who has started a job in the dashboard: a batch is done, or images of it have failed."""

from __future__ import annotations

import uuid
from functools import partial

from django.db import transaction
from django.urls import reverse

from accounts.access.notification_kinds import Kind
from accounts.actions.notifications import tell
from accounts.kit import tasks
from accounts.kit.letters import address_of
from accounts.models import Membership
from processing.models import Job, JobImage, Status


def tell_starter(job: Job) -> None:
    """After the commit, by a worker. A program hears of its jobs by webhook, and who has canceled one knows it."""
    if job.created_by_id is None or job.api_key_id is not None or job.status == Status.CANCELED:
        return
    if job.image_count > 1 or job.status == Status.FAILED:
        transaction.on_commit(partial(tasks.send, "processing.mail_job", str(job.pk), queue="io"))


def mail_job(job_id: uuid.UUID) -> None:
    job = Job.unscoped.filter(pk=job_id).first()
    if job is None:
        return
    failed = JobImage.unscoped.filter(job=job, status=Status.FAILED).count()
    starter = Membership.unscoped.filter(organization=job.organization_id, user=job.created_by_id)
    tell(
        Kind.JOB_FAILED if failed else Kind.JOB_DONE,
        starter,
        "job_ended",
        {"job": job, "what": job.preset_label, "failed": failed, "reason": (job.error or {}).get("detail", "")},
        address=address_of(reverse("job", args=[job.pk])),
    )

"""A job's end as an event for webhooks: one for a whole batch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from django.conf import settings
from django.utils.module_loading import import_string

from accounts.actions import webhook_outbox
from processing.models import Job
from processing.queries.jobs import with_outcomes

JobData = Callable[[Job], Mapping[str, Any]]


def write(job: Job) -> None:
    """`job.succeeded`, `job.failed` or `job.canceled`, with the body that GET answers at this moment."""
    webhook_outbox.write(
        job.organization_id,
        f"job.{job.status}",
        lambda: renderer()(with_outcomes(Job.unscoped.filter(pk=job.pk)).select_related("organization").get()),
        job_id=job.pk,
        job_url=job.webhook_url,
    )


def renderer() -> JobData:
    """Addresses are the business of the floor above, which names its function in JOB_EVENT_DATA."""
    return cast("JobData", import_string(settings.JOB_EVENT_DATA))

"""Doors from the queue to the actions."""

from __future__ import annotations

import uuid

from celery import shared_task

from processing.actions import client_review_mail, job_mail, storage_mail, wake
from processing.actions.run_image import run_next_image


@shared_task(name="processing.run_next")  # type: ignore[untyped-decorator]
def run_next() -> None:
    if run_next_image():
        wake.now(1)


@shared_task(name="processing.mail_job")  # type: ignore[untyped-decorator]
def mail_job(job_id: str) -> None:
    job_mail.mail_job(uuid.UUID(job_id))


@shared_task(name="processing.mail_client_review_done")  # type: ignore[untyped-decorator]
def mail_client_review_done(review_id: str) -> None:
    client_review_mail.mail_done(uuid.UUID(review_id))


@shared_task(name="processing.mail_storage")  # type: ignore[untyped-decorator]
def mail_storage(organization_id: str) -> None:
    storage_mail.mail_nearly_full(uuid.UUID(organization_id))

"""Doors from the queue to the actions."""

from __future__ import annotations

import uuid

from celery import shared_task

from integrations.actions import catalog_pictures, checks, inbound_work, run_mail, sync
from integrations.actions.publishing import turn
from integrations.actions.shop_images import judge
from integrations.actions.superseded import remove


@shared_task(name="integrations.sync")  # type: ignore[untyped-decorator]
def work_on_sync(sync_id: str) -> None:
    sync.work(uuid.UUID(sync_id))


@shared_task(name="integrations.publication")  # type: ignore[untyped-decorator]
def work_on_publication(publication_id: str) -> None:
    turn.work(uuid.UUID(publication_id))


@shared_task(name="integrations.inbound")  # type: ignore[untyped-decorator]
def work_on_delivery(delivery_id: str) -> None:
    inbound_work.work(uuid.UUID(delivery_id))


@shared_task(name="integrations.check")  # type: ignore[untyped-decorator]
def check_connection(connection_id: str) -> None:
    checks.check(uuid.UUID(connection_id))


@shared_task(name="integrations.forget_pictures")  # type: ignore[untyped-decorator]
def forget_pictures(connection_id: str) -> None:
    catalog_pictures.remove(uuid.UUID(connection_id))


@shared_task(name="integrations.mail_run")  # type: ignore[untyped-decorator]
def mail_run(run_id: str) -> None:
    run_mail.mail_run(uuid.UUID(run_id))


@shared_task(name="integrations.remove_superseded")  # type: ignore[untyped-decorator]
def remove_superseded(connection_id: str) -> None:
    remove.work(uuid.UUID(connection_id))


@shared_task(name="integrations.judge_images")  # type: ignore[untyped-decorator]
def judge_images(connection_id: str) -> None:
    judge.work(uuid.UUID(connection_id))

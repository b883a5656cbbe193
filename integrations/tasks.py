"""Doors from the queue to the actions."""

from __future__ import annotations

import uuid

from celery import shared_task

from integrations.actions import sync
from integrations.actions.publishing import turn


@shared_task(name="integrations.sync")  # type: ignore[untyped-decorator]
def work_on_sync(sync_id: str) -> None:
    sync.work(uuid.UUID(sync_id))


@shared_task(name="integrations.publication")  # type: ignore[untyped-decorator]
def work_on_publication(publication_id: str) -> None:
    turn.work(uuid.UUID(publication_id))

"""Doors from the queue to the actions."""

from __future__ import annotations

import uuid

from celery import shared_task

from integrations.actions import sync


@shared_task(name="integrations.sync")  # type: ignore[untyped-decorator]
def work_on_sync(sync_id: str) -> None:
    sync.work(uuid.UUID(sync_id))

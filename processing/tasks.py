"""Doors from the queue to the actions."""

from __future__ import annotations

from celery import shared_task

from processing.actions import wake
from processing.actions.run_image import run_next_image


@shared_task(name="processing.run_next")  # type: ignore[untyped-decorator]
def run_next() -> None:
    if run_next_image():
        wake.now(1)

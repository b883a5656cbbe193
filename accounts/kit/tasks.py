"""Sending tasks to the queue. The queue is a hint: what must happen stands in a row, and a sweeper looks for it."""

from __future__ import annotations

import structlog
from celery import current_app
from kombu.exceptions import ChannelError, ConnectionError, KombuError

log = structlog.get_logger(__name__)


def send(task: str, *arguments: object, queue: str) -> bool:
    """Sends a task by its name: the sender need not import what the worker runs.

    An unreachable queue is logged and answered with False, never raised at a user.
    """
    try:
        current_app.send_task(task, args=arguments, queue=queue, retry=False)
    except (KombuError, ChannelError, ConnectionError, OSError) as error:
        log.warning("queue_unreachable", task=task, error=str(error))
        return False
    return True

"""A worker whose queue went away while all of its slots were busy: it connects again, instead of waiting for ever.

Celery takes no further message while as many are unacknowledged as it has slots. Where the broker goes away in that
moment, the acknowledgements fail and are not tried again; as it takes no message, it does not see that its connection
is gone either, and stays idle beside a full queue (celery issues 8030, 8091, 9054 are of this kind).
"""

from __future__ import annotations

from typing import Any

import structlog
from celery import bootsteps
from celery.worker import state

log = structlog.get_logger(__name__)

_LOOK_SECONDS = 2.0
_IN_A_ROW = 3  # a task that has just ended is acknowledged a moment later


class Reconnect(bootsteps.StartStopStep):  # type: ignore[misc]
    """A step of the consumer: it begins anew with each connection."""

    requires = ("celery.worker.consumer.tasks:Tasks",)

    def __init__(self, parent: Any, **_: Any) -> None:
        self._timer: Any = None
        self._seen = 0

    def start(self, parent: Any) -> None:
        self._seen = 0
        self._timer = parent.timer.call_repeatedly(_LOOK_SECONDS, self._look, (parent,))

    def stop(self, parent: Any) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look(self, consumer: Any) -> None:
        """Called within the consumer's loop. Raises ConnectionError, from which it connects anew and takes the messages
        that it held back again."""
        held = getattr(getattr(consumer.task_consumer, "channel", None), "qos", None)  # RabbitMQ keeps count by itself
        if held is None or state.reserved_requests or held.can_consume():
            self._seen = 0
            return
        self._seen += 1
        if self._seen >= _IN_A_ROW:
            log.warning("queue_connection_renewed")
            raise ConnectionError("Messages of the queue could not be acknowledged, and none is in hand.")

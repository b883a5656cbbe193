"""The queue of this process's tasks, taken from as a worker would."""

from __future__ import annotations

from dashboard.celery import app


def forget_sent(queue: str = "io") -> None:
    """What other tests have left there."""
    with app.connection_for_read() as connection, connection.SimpleQueue(queue) as waiting:
        waiting.clear()


def run_sent(queue: str = "io") -> None:
    """Runs what was sent to the queue, in this process."""
    app.loader.import_default_modules()
    with app.connection_for_read() as connection, connection.SimpleQueue(queue) as waiting:
        while True:
            try:
                message = waiting.get(block=False)
            except waiting.Empty:
                return
            message.ack()
            app.tasks[message.headers["task"]](*message.payload[0])

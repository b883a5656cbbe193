"""The Celery application. Tasks live in the apps' tasks.py."""

from __future__ import annotations

import os
import threading
import warnings
from typing import Any

from celery import Celery, bootsteps

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")

from celery.signals import worker_shutting_down
from django.conf import settings
from django.urls import get_resolver

from dashboard import embedded_queue, queue_reconnect

# One machine, one command, perhaps a container: whoever runs it as root means it.
warnings.filterwarnings("ignore", message="You're running the worker with superuser privileges")

embedded_queue.register()
app = Celery("packshot")
app.conf.update(settings.CELERY)
# The default of every thread, not only of the one that imports this: the web process publishes from many.
app.set_default()
app.autodiscover_tasks(["accounts", "processing", "integrations"])


class HousekeepingStep(bootsteps.StartStopStep):  # type: ignore[misc]
    """Starts and ends the housekeeping and the sending of webhooks together with the worker."""

    def start(self, parent: object) -> None:
        from accounts.actions.webhook_dispatcher import WebhookDispatcher
        from dashboard.api.job_answers import event_data  # noqa: F401  (loaded now, not inside the first job's end)
        from integrations.actions.keeper import Keeper
        from processing.actions.face_swap_runner import FaceSwapRunner
        from processing.actions.housekeeping import Housekeeping

        get_resolver().url_patterns  # noqa: B018  (addresses too)

        def take(draining: bool) -> None:
            """Photos go to other workers meanwhile, instead of to one that leaves them."""
            consumer: Any = getattr(parent, "consumer", None)
            if consumer is None:
                return
            for queue in {"cpu", "gpu"} & set(settings.WORKER_QUEUES):
                consumer.call_soon(consumer.cancel_task_queue if draining else consumer.add_task_queue, queue)

        self.housekeeping = Housekeeping(on_drain=take)
        self.housekeeping.start()
        # These speak to others: webhooks, shops, face swaps. A worker of the processors' queues has no part in them.
        self.outward: list[WebhookDispatcher | Keeper | FaceSwapRunner] = []
        if "io" in settings.WORKER_QUEUES:
            self.outward = [WebhookDispatcher(), Keeper(), FaceSwapRunner()]
        for each in self.outward:
            each.start()
        if settings.METRICS_PORT:
            from dashboard.metrics_port import serve_metrics

            serve_metrics(settings.METRICS_HOST, settings.METRICS_PORT)

    def stop(self, parent: object) -> None:
        # First what the photos hold: a worker that is slow to end is killed.
        self.housekeeping.stop()
        for each in self.outward:
            each.stop()

    # A cold shutdown calls this one.
    terminate = stop


app.steps["worker"].add(HousekeepingStep)
app.steps["consumer"].add(queue_reconnect.Reconnect)


@worker_shutting_down.connect  # type: ignore[untyped-decorator]
def finish_or_give_back(**_: object) -> None:
    """Told at once, before the pool waits for its threads: they get WORKER_DRAIN_SECONDS to finish what they hold, and
    the housekeeping puts the rest back into the queue."""
    from processing.actions import run_image

    run_image.drain()

    def end() -> None:
        run_image.drained(within=settings.WORKER_DRAIN_SECONDS)
        run_image.stop()

    threading.Thread(target=end, name="drain", daemon=True).start()

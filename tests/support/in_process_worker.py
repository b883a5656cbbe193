"""A worker inside of the test process: the real claims, pipeline and ends, without Celery around them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections


def run_all() -> int:
    """Works on queued photos until none is left; how many it took."""
    from processing.actions.run_image import run_next_image  # OpenCV and the engines: only where they are used

    taken = 0
    while run_next_image():
        taken += 1
    return taken


@contextmanager
def worker_thread(count: int = 1) -> Iterator[None]:
    """Workers that take photos as they come, until the block ends."""
    from processing.actions.run_image import run_next_image

    ended = threading.Event()

    def work() -> None:
        try:
            while not ended.is_set():
                if not run_next_image():
                    ended.wait(0.01)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, daemon=True) for _ in range(count)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        ended.set()
        for thread in threads:
            thread.join(timeout=30)

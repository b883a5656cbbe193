"""Many threads that start together, each with its own database connection."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import connections


def at_once(count: int, work: Callable[[int], object]) -> list[object]:
    """Runs `work(0 … count-1)` in threads that start together; the results, exceptions among them."""
    gate = threading.Barrier(count)

    def one(number: int) -> object:
        gate.wait(timeout=30)
        try:
            return work(number)
        except Exception as error:  # noqa: BLE001  (the caller looks at it)
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))

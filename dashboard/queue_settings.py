"""Celery's settings: a queue at an address, or in a folder of one machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dashboard import embedded_queue


def celery(broker_url: str, folder: Path, *, threads: int) -> dict[str, Any]:
    """`broker_url`: empty for the `folder`, which is made. `threads`: of a worker."""
    if not broker_url:
        folder.mkdir(parents=True, exist_ok=True)
    return {
        "broker_url": broker_url or embedded_queue.ADDRESS,
        "broker_transport_options": _transport_options(broker_url, folder),
        "broker_connection_retry_on_startup": True,
        "broker_connection_timeout": 3,
        "broker_connection_max_retries": None,
        # Threads, not forks: they share one loaded model, and the network releases the interpreter's lock.
        "worker_pool": "threads",
        "worker_concurrency": threads,
        "task_default_queue": "cpu",
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "task_ignore_result": True,
        "task_store_errors_even_if_ignored": False,
        "worker_prefetch_multiplier": 1,
        "worker_enable_remote_control": False,
        "worker_send_task_events": False,
        "worker_hijack_root_logger": False,
        "worker_redirect_stdouts": False,
        "timezone": "UTC",
    }


def _transport_options(broker_url: str, folder: Path) -> dict[str, Any]:
    if not broker_url:
        return {"data_folder_in": str(folder), "data_folder_out": str(folder), "polling_interval": 0.015}
    # A request that wakes the workers must not wait for a queue that is down: the sweeper makes up for it.
    options: dict[str, Any] = {"max_retries": 1, "interval_start": 0, "interval_step": 0.1}
    if broker_url.startswith(("redis", "rediss")):
        # The defaults bring a dead worker's messages back after 100 s, these after 16 s.
        options |= {"unacked_restore_interval": 2, "unacked_restore_throttle": 1, "visibility_timeout": 3600}
        options |= {"socket_connect_timeout": 3}
    return options

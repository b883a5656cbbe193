"""What is counted for the operator's monitoring. Every floor counts; the web process shows it (dashboard/metrics.py).

No label grows with the number of customers: no organization, person, key, address or file. With METRICS_TOKEN the
settings have named a folder in which the processes of this machine add up (prometheus_client's multiprocess mode)
before this is imported; without it each counts for itself and nobody looks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from prometheus_client import Counter, Histogram

_STEP_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.5, 3, 6, 12, 30)
_WAIT_SECONDS = (0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 120, 300, 900, 3600)

REQUESTS = Counter("packshot_http_requests", "Requests answered", ["method", "route", "status"])
REQUEST_SECONDS = Histogram(
    "packshot_http_request_seconds",
    "From the arrival of a request to its answer",
    ["kind"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60),
)
PHOTOS = Counter("packshot_photos", "Photos that have ended", ["operation", "outcome"])
PHOTO_ERRORS = Counter("packshot_photo_errors", "Photos that have failed, by cause", ["code"])
PHOTO_SECONDS = Histogram(
    "packshot_photo_seconds", "From a photo's place in the queue to its end", ["operation"], buckets=_WAIT_SECONDS
)
STEP_SECONDS = Histogram(
    "packshot_step_seconds",
    "A step of a photo that succeeded, by the network and what computes it at which precision",
    ["step", "engine", "runtime"],
    buckets=_STEP_SECONDS,
)
PHOTOS_LOST = Counter("packshot_photos_lost", "Photos taken back from a worker that was gone")
CREDITS = Counter("packshot_credits", "Credits reserved, charged and given back", ["kind"])
WEBHOOK_TRIES = Counter("packshot_webhook_tries", "Tries to deliver a webhook", ["outcome"])
PUBLICATIONS = Counter("packshot_publications", "Publications that have ended", ["marketplace", "outcome"])


def photo_ended(
    *,
    operation: str,
    outcome: str,
    code: str,
    seconds: float,
    steps: Sequence[Mapping[str, Any]],
    engine: str,
    runtime: str,
) -> None:
    """`steps`: [{"name": …, "ms": …}]. `code`: of the error, empty without one."""
    PHOTOS.labels(operation, outcome).inc()
    PHOTO_SECONDS.labels(operation).observe(max(seconds, 0))
    if code:
        PHOTO_ERRORS.labels(code).inc()
    for step in steps if outcome == "succeeded" else ():
        STEP_SECONDS.labels(step["name"], engine, runtime).observe(step["ms"] / 1000)

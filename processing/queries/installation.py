"""What the operator asks of the installation: workers, queue, storage, versions."""

from __future__ import annotations

import platform
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError, version

import django
from django.db import connection
from django.db.models import Count, Min, Q, Sum
from django.utils import timezone

from accounts.kit.queue_state import QueueState
from processing.models import FACE_SWAP, OPEN_STATUSES, Asset, Blob, Job, JobImage, Status

_EXACT_UP_TO = 100_000
_STUCK_AFTER = timedelta(minutes=10)
# Why a photo is set aside: it took its workers with it, or their memory, or never came to an end.
_SET_ASIDE = ("worker_lost", "out_of_memory", "took_too_long")
_SHOWN_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class StorageUse:
    """`about`: estimated from a sample, as exact figures of so many files take seconds."""

    files: int
    bytes: int
    about: bool = False


@dataclass(frozen=True, slots=True)
class StuckJob:
    """A job with photos that make no progress. `oldest`: since when."""

    job: Job
    photos: int
    losses: int
    oldest: datetime


def photo_queues() -> dict[str, QueueState]:
    """What waits for a worker (`photos`, `face_swaps`) and what is worked on (`running`, its age from the start)."""
    now = timezone.now()
    queued = JobImage.unscoped.filter(status=Status.QUEUED)
    waits = queued.aggregate(
        photos=Count("pk", filter=Q(parked=False)),
        since=Min("queued_at", filter=Q(parked=False)),
        swaps=Count("pk", filter=Q(parked=True, job__operation=FACE_SWAP)),
        swaps_since=Min("queued_at", filter=Q(parked=True, job__operation=FACE_SWAP)),
    )
    running = JobImage.unscoped.filter(status=Status.RUNNING).aggregate(count=Count("pk"), since=Min("started_at"))
    return {
        "photos": QueueState.of(waits["photos"], waits["since"], now),
        "face_swaps": QueueState.of(waits["swaps"], waits["swaps_since"], now),
        "running": QueueState.of(running["count"], running["since"], now),
    }


def stuck_photos(*, limit: int) -> list[uuid.UUID]:
    """Ids of photos that have waited, or been worked on, for more than ten minutes, or that lost a worker."""
    before = timezone.now() - _STUCK_AFTER
    waits = Q(status=Status.QUEUED, queued_at__lte=before, parked=False)
    works = Q(status=Status.RUNNING) & (Q(started_at__lte=before) | Q(lease_expires_at__lte=before))
    lost = Q(status__in=OPEN_STATUSES, losses__gt=0)
    return list(JobImage.unscoped.filter(waits | works | lost).values_list("pk", flat=True)[:limit])


def stuck_jobs(*, most: int = 20) -> list[StuckJob]:
    """Their jobs, the oldest first, with their organizations."""
    images = JobImage.unscoped.filter(pk__in=stuck_photos(limit=1000)).order_by()
    found = images.values("job_id").annotate(count=Count("pk"), losses=Sum("losses"), oldest=Min("queued_at"))
    rows = list(found.order_by("oldest")[:most])
    jobs = Job.unscoped.select_related("organization").in_bulk([row["job_id"] for row in rows])
    return [
        StuckJob(jobs[row["job_id"]], row["count"], row["losses"], row["oldest"])
        for row in rows
        if row["job_id"] in jobs
    ]


def photos_set_aside(*, most: int = 20) -> list[JobImage]:
    """Photos of the last seven days that were given up for the worker's sake, the latest first."""
    failed = JobImage.unscoped.filter(status=Status.FAILED, finished_at__gte=timezone.now() - _SHOWN_FOR)
    found = failed.filter(error__code__in=_SET_ASIDE).select_related("job", "organization", "source")
    return list(found.order_by("-finished_at")[:most])


def storage_use() -> StorageUse:
    """Over every organization."""
    few = Asset.unscoped.order_by()[: _EXACT_UP_TO + 1].count()
    if few <= _EXACT_UP_TO or connection.vendor != "postgresql":
        files = few if few <= _EXACT_UP_TO else Asset.unscoped.count()
        return StorageUse(files=files, bytes=Blob.unscoped.aggregate(sum=Sum("bytes"))["sum"] or 0)
    with connection.cursor() as cursor:
        # As the last (automatic) ANALYZE found them.
        cursor.execute(
            "SELECT relname, greatest(reltuples, 0)::bigint FROM pg_class WHERE relname = ANY(%s)",
            [[Asset._meta.db_table, Blob._meta.db_table]],
        )
        rows = dict(cursor.fetchall())
        cursor.execute("SELECT coalesce(avg(bytes), 0)::bigint FROM processing_blob TABLESAMPLE SYSTEM (0.5)")
        average = (cursor.fetchone() or (0,))[0]
    return StorageUse(files=rows[Asset._meta.db_table], bytes=rows[Blob._meta.db_table] * average, about=True)


def versions() -> dict[str, str]:
    """Of what the product stands on."""
    packages = (
        "celery",
        "pillow",
        "pillow-heif",
        "opencv-python-headless",
        "numpy",
        "onnxruntime",
        "openvino",
        "rembg",
    )
    return {"Packshot": "0.1.0", "Python": platform.python_version(), "Django": django.get_version()} | {
        name: found for name in packages if (found := _version(name))
    }


def _version(package: str) -> str | None:
    """None where it is not installed: there is no OpenVINO for some processors."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None

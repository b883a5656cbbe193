"""What the operator asks of the installation: workers, queue, storage, versions."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version

import django
from django.db.models import Min, Sum

from processing.models import Asset, Blob, JobImage, Status


@dataclass(frozen=True, slots=True)
class Queue:
    queued: int
    running: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class StorageUse:
    files: int
    bytes: int


def queue() -> Queue:
    """Photos of every organization that wait or are worked on."""
    waiting = JobImage.unscoped.filter(status=Status.QUEUED)
    return Queue(
        queued=waiting.count(),
        running=JobImage.unscoped.filter(status=Status.RUNNING).count(),
        oldest=waiting.aggregate(oldest=Min("queued_at"))["oldest"],
    )


def storage_use() -> StorageUse:
    return StorageUse(files=Asset.unscoped.count(), bytes=Blob.unscoped.aggregate(sum=Sum("bytes"))["sum"] or 0)


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

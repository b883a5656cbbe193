"""The masks of photos, kept so that a second operation on a photo asks no network: rows and files, for all workers.

A row is written before its file and deleted after it (mask_room.py), so that a crash leaves a row without a file, which
counts as a mask that is not there, and never a file that is not counted. Two workers may do the same thing at once
without harm, and a mask that vanishes between a look and a read is made anew.
"""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from django.conf import settings
from django.utils import timezone

from processing.actions import blobs
from processing.engines import places, records
from processing.engines.base import Engine
from processing.engines.registry import MODELS
from processing.imaging.arrays import RGB, Alpha, Mask
from processing.imaging.png import write_png
from processing.models import Blob, KeptMask

# Its use is written down no more often: what is used within ten minutes is not the oldest.
_USE_COUNTS_FOR = timedelta(minutes=10)


def kept(blob: Blob, engine: Engine) -> Alpha | None:
    """The mask that this engine made of the photo before: uint8 (h, w), 0..255."""
    if not settings.SEGMENTATION_CACHE_BYTES:
        return None
    row = KeptMask.unscoped.filter(blob=blob, name=name_of(engine)).only("used_at", "name").first()
    if row is None or (data := blobs.read_derived(blob, row.name)) is None:
        return None
    now = timezone.now()
    if row.used_at < now - _USE_COUNTS_FOR:
        KeptMask.unscoped.filter(pk=row.pk).update(used_at=now)
    mask = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE)
    return None if mask is None else np.asarray(mask, np.uint8)


def keep(blob: Blob, engine: Engine, mask: Alpha) -> None:
    """Keeps the mask, uint8 (h, w), until it is the one that nobody has used for longest and the room is needed."""
    if not settings.SEGMENTATION_CACHE_BYTES:
        return
    name, data = name_of(engine), write_png(mask)
    row = KeptMask(organization_id=blob.organization_id, blob=blob, name=name, bytes=len(data))
    KeptMask.unscoped.bulk_create(
        [row], update_conflicts=True, unique_fields=["blob", "name"], update_fields=["bytes", "used_at"]
    )
    blobs.keep_derived(blob, name, data)


def mask_of(blob: Blob, engine: Engine, rgb: RGB) -> Mask:
    """The engine's mask of the photo's pixels, float32 (h, w) in 0..1, of 8 bit precision: the kept one, else a new
    one that is kept. Raises what the engine raises."""
    mask = kept(blob, engine)
    if mask is None:
        mask = levels(engine.mask(rgb))
        keep(blob, engine, mask)
    return shares(mask)


def levels(mask: Mask) -> Alpha:
    """As it is kept: uint8, 0..255."""
    return np.asarray(np.rint(mask * 255.0), np.uint8)


def shares(mask: Alpha) -> Mask:
    """A kept one as engines answer: float32 in 0..1."""
    return mask.astype(np.float32) / np.float32(255)


def name_of(engine: Engine) -> str:
    """Another model, another way to compute it and another file of that model make another mask."""
    return f"{engine.name}.{engine.runtime}.{_file_of(engine.name, settings.MODELS_DIR)}.mask.png"


@cache
def _file_of(model: str, models_dir: Path) -> str:
    """Which file of the model it is; once a process, which has loaded it once too."""
    spec = MODELS.get(model)
    paths = places.installed(spec, models_dir) if spec and spec.files else None
    if not paths:
        return "built-in"
    size = paths[0].stat().st_size
    record = records.read(paths[0].parent).get(paths[0].name)
    return record.sha256[:12] if record and record.size == size else f"{size:x}"

"""The engines of this worker process, shared by its threads: the default one for good, and the last other one used.

A network takes a gigabyte; callers name models freely, so no more than these two stay loaded, and one that enlarges.
"""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

from django.conf import settings

from processing.engines import load
from processing.engines.base import Engine

if TYPE_CHECKING:
    from processing.imaging.upscaling.tiles import Upscaler

_lock = threading.Lock()
_default: Engine | None = None
_other: Engine | None = None
_upscaler: Upscaler | None = None


def engine(name: str | None = None) -> Engine:
    """The engine of that registry name, or the default one. Raises InvalidInput for a name that is not there."""
    global _default, _other
    with _lock:
        if _default is None and name in (None, "", settings.SEGMENTATION_MODEL):
            _default = load.default(
                settings.MODELS_DIR, settings.SEGMENTATION_MODEL, threads=threads(), runtime=settings.INFERENCE_RUNTIME
            )
        if _default is not None and name in (None, "", _default.name):
            return _default
        assert name
        if _other is None or _other.name != name:
            _other = None  # let go of the one before the next one is loaded
            _other = load.load(name, settings.MODELS_DIR, threads=threads(), runtime=settings.INFERENCE_RUNTIME)
        return _other


def upscaler(name: str) -> Upscaler:
    """The super-resolution network of that registry name. Raises InvalidInput for a name that is not there."""
    global _upscaler
    with _lock:
        if _upscaler is None or _upscaler.name != name:
            _upscaler = None
            _upscaler = load.load_upscaler(name, settings.MODELS_DIR, threads=threads())
        return _upscaler


def forget() -> None:
    """Lets go of all engines; the next call loads anew."""
    global _default, _other, _upscaler
    with _lock:
        _default = _other = _upscaler = None


def threads() -> int:
    return settings.INFERENCE_THREADS or os.cpu_count() or 1

"""rembg's sessions, for every model of rembg's family that is not run directly.

Importing rembg takes from one to thirty seconds and 220 MiB: this module is imported only where such a model is
asked for, never on the default path.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image
from rembg.sessions import sessions

from processing.engines import network
from processing.engines.errors import BrokenModel
from processing.engines.spec import ModelSpec
from processing.engines.tensor import resize
from processing.imaging.arrays import RGB, Mask
from processing.imaging.marks import Mark
from processing.imaging.regions import Region

_LONGEST_SIDE = 1024
_HALF = 127


class RembgEngine:
    """One loaded session of rembg's (processing.engines.base.Engine)."""

    runtime = "rembg"

    def __init__(self, spec: ModelSpec, paths: tuple[Path, ...], threads: int) -> None:
        self.name = spec.name
        self._size = spec.input_size
        self._session = _session(spec, paths, threads)
        self._turn = threading.Lock()

    def mask(self, rgb: RGB) -> Mask:
        """The session's mask: float32 (h, w) in 0..1; several masks (clothes) are joined."""
        # rembg resizes with Lanczos and answers at the photo's own size; a smaller photo saves both.
        small = resize(rgb, self._size) if self._size else _shrink(rgb)
        with self._turn:
            masks = self._session.predict(Image.fromarray(small))
        joined = np.maximum.reduce([np.asarray(mask.convert("L"), np.uint8) for mask in masks])
        return np.asarray(joined, np.float32) / np.float32(255)


class SamEngine(RembgEngine):
    """Segment Anything, which can be asked for the thing at a point (processing.engines.pointed.Pointable)."""

    def thing_at(self, rgb: RGB, clicks: Sequence[Mark]) -> Region:
        prompt = [{"type": "point", "label": int(click.keep), "data": list(click.points[0])} for click in clicks]
        with self._turn:
            masks = self._session.predict(Image.fromarray(rgb), sam_prompt=prompt)
        return np.asarray(np.asarray(masks[0].convert("L"), np.uint8) > _HALF, np.bool_)


def _session(spec: ModelSpec, paths: tuple[Path, ...], threads: int) -> Any:
    """rembg's session over the given files: it would look for them, and download them, elsewhere."""
    files = str(paths[0]) if len(paths) == 1 else tuple(str(path) for path in paths)
    base: Any = sessions[spec.name]

    class Found(base):  # type: ignore[misc]
        @classmethod
        def download_models(cls, *_: Any, **__: Any) -> str | tuple[str, ...]:
            return files

    try:
        return Found(spec.name, network.options(threads), model_path=files, providers=["CPUExecutionProvider"])
    except Exception as error:  # ONNX Runtime's errors share no base
        raise BrokenModel(f"The file {paths[0]} cannot be loaded as the model {spec.name}: {error}") from error


def _shrink(rgb: RGB) -> RGB:
    scale = _LONGEST_SIDE / max(rgb.shape[:2])
    if scale >= 1:
        return rgb
    size = (max(1, round(rgb.shape[1] * scale)), max(1, round(rgb.shape[0] * scale)))
    return np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8)

"""The last step of operations on whole pictures: the sandbox's mark, the file, the result."""

from __future__ import annotations

import numpy as np

from processing.imaging.arrays import RGB, Alpha
from processing.imaging.cutout import Cutout
from processing.imaging.digital_source import carried
from processing.imaging.encode import encode
from processing.imaging.over import over
from processing.imaging.watermark import watermark
from processing.operations.base import Context

_OPAQUE = 255


def mark(rgb: RGB, alpha: Alpha | None, context: Context) -> None:
    """A test key's image carries its watermark; in place."""
    if context.sandbox:
        watermark(rgb, alpha)


def written(rgb: RGB, alpha: Alpha | None, format: str | None, quality: int, *, source: bytes) -> tuple[bytes, str]:
    """The file and its format. `format` None: png where something is transparent, else jpg.

    `source`: the file it was made from; how that one came about is said in this one too.
    """
    if alpha is not None and int(alpha.min()) == _OPAQUE:
        alpha = None
    chosen = format or ("jpg" if alpha is None else "png")
    if chosen == "jpg" and alpha is not None:
        rgb, alpha = on_white(rgb, alpha), None
    return encode(rgb, alpha, format=chosen, quality=quality, digital_source_type=carried(source)), chosen


def on_white(rgb: RGB, alpha: Alpha) -> RGB:
    """What one sees of it on a white page: uint8 (H, W, 3)."""
    page = np.full_like(rgb, 255)
    over(Cutout(0, 0, rgb, alpha), page, None)
    return page

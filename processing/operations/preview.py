"""The same image, small: what the Studio shows while parameters are being chosen."""

from __future__ import annotations

from processing.imaging.placement import Size
from processing.operations.process import ProcessParameters

LONGEST_SIDE = 1024
_QUALITY = 90


def for_preview(parameters: ProcessParameters, source_size: Size) -> ProcessParameters:
    """Parameters of a preview whose longer side is at most 1024 pixels; placement, light and colours stay the same.

    `source_size`: width, height of the whole photo in pixels. The format is one that every browser shows and that
    is made quickly; the quality is kept where the format has one, so that its artefacts are seen.
    """
    width, height = parameters.canvas.size(source_size)
    ratio = min(1.0, LONGEST_SIDE / max(width, height))
    opaque = parameters.background != "transparent"
    return parameters.model_copy(
        update={
            "width": max(1, round(width * ratio)),
            "height": max(1, round(height * ratio)),
            "format": "jpg" if opaque else "webp",
            "jpeg_quality": _QUALITY if parameters.format == "png" else parameters.jpeg_quality,
            "same_scale": False,
            "output": "image",
        }
    )

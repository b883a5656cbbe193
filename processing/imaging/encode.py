"""From pixels to a file: tagged sRGB, the same bytes for the same input.

No other metadata, but for how a picture came about where that is told.
"""

from __future__ import annotations

import io
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from processing.imaging.arrays import RGB, Alpha
from processing.imaging.digital_source import xmp_packet
from processing.imaging.fill_in import spread
from processing.imaging.formats import CONTENT_TYPES, EXTENSIONS
from processing.imaging.png import write_png
from processing.imaging.profiles import srgb_profile

__all__ = ["CONTENT_TYPES", "EXTENSIONS", "encode"]

# From this quality on colour keeps its full resolution: red on white stays sharp.
_FULL_COLOR_FROM = 90
# Above these sizes, in pixels, a smaller file is not worth the wait: Huffman tables made to measure save a twentieth
# of a JPEG; libwebp's and libaom's slower searches a quarter and an eighth.
_OPTIMIZED_JPEG = 2_000_000
_WEBP_METHODS = ((1_200_000, 4), (5_000_000, 2))
_WEBP_FAST = 0
_CAREFUL_AVIF = 1_200_000
_AVIF_SPEED, _AVIF_FAST = 6, 9
# libaom writes other bytes with one thread than with several: not as many as the machine has.
_AVIF_THREADS = 4
_FILL_SCALE = 8


def encode(
    rgb: RGB, alpha: Alpha | None, *, format: str, quality: int, digital_source_type: str | None = None
) -> bytes:
    """`rgb` (H, W, 3), `alpha` (H, W) as a file. `format`: jpg, png, webp or avif. `quality`: 1..100, not for png.

    `digital_source_type`: a term of processing.imaging.digital_source, written as XMP; None writes no metadata.
    Raises ValueError for a jpg with alpha, an unknown format, and a quality that there is not.
    """
    if not 1 <= quality <= 100:
        raise ValueError(f"quality is 1 to 100, not {quality}")
    pixels = rgb.shape[0] * rgb.shape[1]
    sampling = 0 if quality >= _FULL_COLOR_FROM else 2
    packet = None if digital_source_type is None else xmp_packet(digital_source_type)
    told = {} if packet is None else {"xmp": packet}
    match format:
        case "jpg":
            if alpha is not None:
                raise ValueError("a jpg has no alpha")
            optimize = pixels <= _OPTIMIZED_JPEG
            return _saved(rgb, "JPEG", quality=quality, subsampling=sampling, optimize=optimize, **told)
        case "png":
            return write_png(rgb, alpha, xmp=packet)
        case "webp":
            # libwebp itself evens out what is transparent.
            method = next((method for most, method in _WEBP_METHODS if pixels <= most), _WEBP_FAST)
            picture = rgb if alpha is None else _with_alpha(rgb, alpha)
            return _saved(picture, "WEBP", quality=quality, method=method, alpha_quality=100, **told)
        case "avif":
            picture = rgb if alpha is None else _with_alpha(_smooth_where_unseen(rgb, alpha), alpha)
            speed = _AVIF_SPEED if pixels <= _CAREFUL_AVIF else _AVIF_FAST
            return _saved(
                picture,
                "AVIF",
                quality=quality,
                subsampling="4:4:4" if sampling == 0 else "4:2:0",
                speed=speed,
                max_threads=_AVIF_THREADS,
                **told,
            )
    raise ValueError(f"{format} is not an output format")


def _with_alpha(rgb: RGB, alpha: Alpha) -> NDArray[np.uint8]:
    pixels = np.empty((*alpha.shape, 4), np.uint8)
    cv2.mixChannels([rgb, alpha], [pixels], [0, 0, 1, 1, 2, 2, 3, 3])
    return pixels


def _smooth_where_unseen(rgb: RGB, alpha: Alpha) -> RGB:
    """The subject's colours flow on behind its edge, which then costs nothing and does not bleed when compressed."""
    height, width = alpha.shape
    _, seen = cv2.threshold(alpha, 0, 255, cv2.THRESH_BINARY)
    small = max(1, width // _FILL_SCALE), max(1, height // _FILL_SCALE)
    weight = np.asarray(cv2.resize(seen, small, interpolation=cv2.INTER_AREA) / np.float32(255), np.float32)
    if not weight.any():
        return np.full_like(rgb, 255)
    covered = cv2.bitwise_and(rgb, cv2.cvtColor(seen, cv2.COLOR_GRAY2RGB))
    sums = cv2.resize(covered, small, interpolation=cv2.INTER_AREA)
    colors = spread(np.asarray(sums / np.maximum(weight, 1e-3)[:, :, None], np.float32), weight)
    filled = cv2.resize(np.clip(colors, 0, 255).astype(np.uint8), (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.copyTo(rgb, seen, filled), np.uint8)


def _saved(pixels: NDArray[np.uint8], writer: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, writer, icc_profile=srgb_profile(), **options)
    return buffer.getvalue()

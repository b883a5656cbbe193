"""From one size to another: decode, resize, encode."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from processing.imaging import background, cutout
from processing.imaging.arrays import RGB, Alpha
from processing.imaging.colors import TRANSPARENT, Solid, parse_background
from processing.imaging.cutout import Cutout
from processing.imaging.decode import decode
from processing.imaging.fitting import Fitted
from processing.imaging.over import over
from processing.imaging.placement import Size
from processing.operations import warnings
from processing.operations.base import Context, Result, Warning
from processing.operations.resize import ResizeParameters
from processing.operations.work.picture import mark, written

_WHITE = Solid((255, 255, 255))


def run(source: bytes, parameters: ResizeParameters, context: Context, check: Callable[[Size], None]) -> Result:
    """`check` is asked with the photo's size before anything is made, and may raise."""
    with context.step("decode"):
        photo = decode(source, context.limits)
        check((photo.info.width, photo.info.height))
    fitted = parameters.fitted((photo.info.width, photo.info.height))
    with context.step("compose"):
        rgb, alpha = _resized(photo.rgb, photo.alpha, fitted)
        if parameters.fit == "pad":
            rgb, alpha = _padded(rgb, alpha, fitted, parameters.background)
        mark(rgb, alpha, context)
    with context.step("encode"):
        data, written_as = written(rgb, alpha, parameters.format, parameters.jpeg_quality, source=source)
    return Result(
        data=data,
        format=written_as,
        width=fitted.canvas[0],
        height=fitted.canvas[1],
        box=None,
        coverage=None,
        confidence=None,
        engine="resize",
        runtime="opencv",
        scale=fitted.scale,
        frame=_frame(fitted, (photo.info.width, photo.info.height)),
        warnings=_warnings(fitted),
    )


def _resized(rgb: RGB, alpha: Alpha | None, fitted: Fitted) -> tuple[RGB, Alpha | None]:
    x, y, width, height = fitted.crop
    part = slice(y, y + height), slice(x, x + width)
    rgb, alpha = rgb[part], None if alpha is None else np.ascontiguousarray(alpha[part])
    if (width, height) == fitted.picture:
        return np.ascontiguousarray(rgb), alpha
    if alpha is not None:
        return cutout.resize(np.ascontiguousarray(rgb), alpha, fitted.picture)
    smaller = fitted.picture[0] * fitted.picture[1] < width * height
    method = cv2.INTER_AREA if smaller else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(rgb, fitted.picture, interpolation=method), np.uint8), None


def _padded(rgb: RGB, alpha: Alpha | None, fitted: Fitted, wanted: str | None) -> tuple[RGB, Alpha | None]:
    spec = parse_background(wanted or ("#ffffff" if alpha is None else TRANSPARENT))
    width, height = fitted.canvas
    canvas = background.fill(width, height, spec or _WHITE)
    opacity = np.zeros((height, width), np.uint8) if spec is None else None
    solid = np.full(rgb.shape[:2], 255, np.uint8) if alpha is None else alpha
    x, y = _corner(fitted)
    over(Cutout(x, y, rgb, solid), canvas, opacity)
    return canvas, opacity


def _corner(fitted: Fitted) -> tuple[int, int]:
    return (fitted.canvas[0] - fitted.picture[0]) // 2, (fitted.canvas[1] - fitted.picture[1]) // 2


def _frame(fitted: Fitted, source: Size) -> tuple[float, float, float, float]:
    """Where the whole photo lies in output pixels."""
    across, down = fitted.picture[0] / fitted.crop[2], fitted.picture[1] / fitted.crop[3]
    x, y = _corner(fitted)
    return x - fitted.crop[0] * across, y - fitted.crop[1] * down, source[0] * across, source[1] * down


def _warnings(fitted: Fitted) -> list[Warning]:
    found = [warnings.not_enlarged(*fitted.picture)] if fitted.held_back else []
    if fitted.scale > 1:
        found.append(warnings.upscaled(fitted.scale))
    return found + ([warnings.enlarged(fitted.scale)] if fitted.scale > warnings.ENLARGED_FROM else [])

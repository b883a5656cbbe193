"""From a small file to a large one: decode, enlarge tile by tile, encode."""

from __future__ import annotations

from collections.abc import Callable

from processing.imaging.decode import decode
from processing.imaging.placement import Size
from processing.imaging.upscaling.to_size import our_own, upscale
from processing.operations import warnings
from processing.operations.base import Context, Result, Warning
from processing.operations.upscale import UpscaleParameters
from processing.operations.work.picture import mark, written

_SOFT_FROM = 4.0


def run(source: bytes, parameters: UpscaleParameters, context: Context, check: Callable[[Size], None]) -> Result:
    """`check` is asked with the photo's size before anything is enlarged, and may raise."""
    with context.step("decode"):
        photo = decode(source, context.limits)
        source_size = photo.info.width, photo.info.height
        check(source_size)
    width, height = size = parameters.size(source_size)
    scale = max(width / source_size[0], height / source_size[1])
    with context.step("compose"):
        network = context.upscaler(parameters.model) if parameters.model else None
        rgb, alpha = upscale(photo.rgb, photo.alpha, size, network)
        mark(rgb, alpha, context)
    del photo
    with context.step("encode"):
        data, chosen = written(rgb, alpha, parameters.format, parameters.jpeg_quality, source=source)
    engine = network or our_own(scale)
    return Result(
        data=data,
        format=chosen,
        width=width,
        height=height,
        box=None,
        coverage=None,
        confidence=None,
        engine=engine.name,
        runtime=engine.runtime,
        scale=scale,
        frame=(0, 0, width, height),
        warnings=_warnings(size != source_size, scale),
    )


def _warnings(larger: bool, scale: float) -> list[Warning]:
    found = [warnings.upscaled(scale)] if larger else []
    return found + ([warnings.enlarged(scale)] if scale > _SOFT_FROM else [])

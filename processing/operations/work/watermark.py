"""Decode, write the text, encode."""

from __future__ import annotations

from collections.abc import Callable

from processing.imaging.colors import parse_color
from processing.imaging.decode import decode
from processing.imaging.placement import Size
from processing.imaging.text_mark import Mark, draw
from processing.operations import warnings
from processing.operations.base import Context, Result
from processing.operations.watermark import WatermarkParameters
from processing.operations.work.picture import mark, written


def run(source: bytes, parameters: WatermarkParameters, context: Context, check: Callable[[Size], None]) -> Result:
    """`check` is asked with the photo's size before anything is drawn, and may raise."""
    with context.step("decode"):
        photo = decode(source, context.limits)
        check((photo.info.width, photo.info.height))
    shorter = min(photo.info.width, photo.info.height)
    with context.step("compose"):
        wanted = Mark(
            text=parameters.text,
            position=parameters.position,
            opacity=parameters.opacity,
            size=round(parameters.size * shorter),
            color=parse_color(parameters.color),
            margin=round(parameters.margin * shorter),
        )
        as_wanted = draw(photo.rgb, photo.alpha, wanted)
        mark(photo.rgb, photo.alpha, context)
    with context.step("encode"):
        data, written_as = written(photo.rgb, photo.alpha, parameters.format, parameters.jpeg_quality, source=source)
    return Result(
        data=data,
        format=written_as,
        width=photo.info.width,
        height=photo.info.height,
        box=None,
        coverage=None,
        confidence=None,
        engine="watermark",
        runtime="pillow",
        scale=1.0,
        frame=(0, 0, photo.info.width, photo.info.height),
        warnings=[] if as_wanted else [warnings.text_reduced()],
    )

"""Find the product, keep the part of the photo around it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from processing.imaging.cropping import RatioDoesNotFit, around, short_sides
from processing.imaging.decode import decode
from processing.imaging.placement import Size
from processing.imaging.subject import coverage
from processing.operations import warnings
from processing.operations.base import Context, Result
from processing.operations.crop_to_subject import CropParameters
from processing.operations.picture_fields import wrong
from processing.operations.work.picture import mark, written
from processing.operations.work.subject import cut_out


def run(source: bytes, parameters: CropParameters, context: Context, check: Callable[[Size], None]) -> Result:
    """Raises InvalidInput where the photo is too narrow for the ratio with the whole product in it."""
    subject = cut_out(source, context, model=parameters.model, edges="fast", check=check)
    with context.step("compose"):
        x, y, width, height = part = _part(subject.box, subject.source_size, parameters)
        photo = decode(source, context.limits)  # cut_out keeps the product's colours, not the background's
        kept = slice(y, y + height), slice(x, x + width)
        rgb = np.ascontiguousarray(photo.rgb[kept])
        alpha = None if photo.alpha is None else np.ascontiguousarray(photo.alpha[kept])
        del photo
        mark(rgb, alpha, context)
    with context.step("encode"):
        data, written_as = written(rgb, alpha, parameters.format, parameters.jpeg_quality, source=source)
    short = short_sides(part, subject.box, margin=parameters.margin, cut=subject.cut)
    found = [warnings.margin_reduced(short)] if short else []
    if subject.cut:
        found.append(warnings.subject_cut_off(subject.cut))
    return Result(
        data=data,
        format=written_as,
        width=width,
        height=height,
        box=(subject.box[0] - x, subject.box[1] - y, subject.box[2], subject.box[3]),
        coverage=coverage(subject.alpha[kept]),
        confidence=subject.confidence,
        engine=subject.engine,
        runtime=subject.runtime,
        scale=1.0,
        frame=(-x, -y, *subject.source_size),
        warnings=found + subject.warnings,
    )


def _part(box: tuple[int, int, int, int], source: Size, parameters: CropParameters) -> tuple[int, int, int, int]:
    try:
        return around(box, source, margin=parameters.margin, ratio=parameters.width_by_height)
    except RatioDoesNotFit:
        raise wrong(
            "ratio",
            f"The product is {box[2]} × {box[3]} pixels in a photo of {source[0]} × {source[1]}: no part of it is "
            f"{parameters.ratio} with the whole product inside. Crop without a ratio, then resize with fit pad.",
        ) from None

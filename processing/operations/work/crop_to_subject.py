"""Find the product, keep the part of the photo around it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from processing.imaging.arrays import Box
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
    subject = cut_out(source, context, model=parameters.model, edges="fast", check=check, shown=_outline)
    box = subject.box_in_photo
    with context.step("compose"):
        x, y, width, height = part = _part(box, subject.photo_size, parameters)
        photo = decode(source, context.limits)  # cut_out keeps the product's colours, not the background's
        kept = slice(y, y + height), slice(x, x + width)
        rgb = np.ascontiguousarray(photo.rgb[kept])
        alpha = None if photo.alpha is None else np.ascontiguousarray(photo.alpha[kept])
        del photo
        mark(rgb, alpha, context)
    with context.step("encode"):
        data, written_as = written(rgb, alpha, parameters.format, parameters.jpeg_quality, source=source)
    short = short_sides(part, box, margin=parameters.margin, cut=subject.cut)
    found = [warnings.margin_reduced(short)] if short else []
    if subject.cut:
        found.append(warnings.subject_cut_off(subject.cut))
    return Result(
        data=data,
        format=written_as,
        width=width,
        height=height,
        box=(box[0] - x, box[1] - y, box[2], box[3]),
        coverage=coverage(subject.alpha[_smaller(kept[0], subject.reduced), _smaller(kept[1], subject.reduced)]),
        confidence=subject.confidence,
        engine=subject.engine,
        runtime=subject.runtime,
        scale=1.0,
        frame=(-x, -y, *subject.photo_size),
        warnings=found + subject.warnings,
    )


def _outline(size: Size, box: Box, cut: frozenset[str]) -> float:
    """Nothing of the cut-out is shown: only where the product is counts."""
    return 0.0


def _smaller(pixels: slice, by: float) -> slice:
    first = int(pixels.start / by)
    return slice(first, max(first + 1, round(pixels.stop / by)))


def _part(box: tuple[int, int, int, int], source: Size, parameters: CropParameters) -> tuple[int, int, int, int]:
    try:
        return around(box, source, margin=parameters.margin, ratio=parameters.width_by_height)
    except RatioDoesNotFit:
        raise wrong(
            "ratio",
            f"The product is {box[2]} × {box[3]} pixels in a photo of {source[0]} × {source[1]}: no part of it is "
            f"{parameters.ratio} with the whole product inside. Crop without a ratio, then resize with fit pad.",
        ) from None

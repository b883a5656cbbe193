"""The way of a photo: decode, segment, refine, compose, encode."""

from __future__ import annotations

import numpy as np

from processing.imaging import background
from processing.imaging.arrays import RGB, Box
from processing.imaging.colors import Solid, parse_background
from processing.imaging.compose import Composed, compose, compose_mask
from processing.imaging.cutout import Cutout, premultiply, straighten
from processing.imaging.decode import decode
from processing.imaging.digital_source import carried
from processing.imaging.encode import encode
from processing.imaging.over import over
from processing.imaging.placement import Placement, Size, place
from processing.imaging.watermark import watermark
from processing.operations import warnings
from processing.operations.base import Context, Result, Warning
from processing.operations.process import Edges, ProcessParameters, check_output
from processing.operations.work.subject import Shown, Subject, cut_out

_WHITE = Solid((255, 255, 255))


def run(source: bytes, parameters: ProcessParameters, context: Context) -> Result:
    """The finished image of `source`. Raises subclasses of PackshotError."""

    def shown(size: Size, box: Box, cut: frozenset[str]) -> float:
        return place(size, box, cut, parameters.canvas).scale

    subject = _cut_out(source, parameters, context, parameters.edges, shown)
    return finished(subject, parameters, context, source=source)


def finished(subject: Subject, parameters: ProcessParameters, context: Context, *, source: bytes) -> Result:
    """The product on its canvas, encoded. `source`: the file it was cut out of."""
    with context.step("compose", brief=True):
        placement = subject.place(parameters.canvas, scale=context.group_scale())
        composed = _compose(subject, placement, parameters, context)
        if context.sandbox:
            watermark(composed.rgb, composed.alpha)
    with context.step("encode"):
        pixels, mask = composed.rgb, parameters.output == "mask"
        if mask and parameters.format == "png":
            pixels = pixels[:, :, 0]  # the other formats keep colour profiles, which grey has no use for
        data = encode(
            pixels,
            composed.alpha,
            format=parameters.format,
            quality=parameters.jpeg_quality,
            digital_source_type=None if mask else carried(source),
        )
    return Result(
        data=data,
        format=parameters.format,
        width=placement.canvas_width,
        height=placement.canvas_height,
        box=composed.box,
        coverage=composed.coverage,
        confidence=subject.confidence,
        engine=subject.engine,
        runtime=subject.runtime,
        scale=placement.scale / subject.reduced,
        frame=placement.frame(subject.source_size),
        warnings=_warnings(subject, placement, parameters),
    )


def measure(source: bytes, parameters: ProcessParameters, context: Context) -> float:
    """Output pixels per photo pixel at which this photo alone fits its canvas."""

    def shown(size: Size, box: Box, cut: frozenset[str]) -> float:
        return 0.0  # only its outline is looked at

    subject = _cut_out(source, parameters, context, "fast", shown)
    return subject.place(parameters.canvas).scale / subject.reduced


def _cut_out(source: bytes, parameters: ProcessParameters, context: Context, edges: Edges, shown: Shown) -> Subject:
    def check(size: Size) -> None:
        check_output(parameters, size, max_pixels=context.limits.max_pixels)

    return cut_out(source, context, model=parameters.model, edges=edges, check=check, shown=shown)


def _compose(subject: Subject, placement: Placement, parameters: ProcessParameters, context: Context) -> Composed:
    if parameters.output == "mask":
        mask, coverage = compose_mask(subject.foreground, subject.alpha, placement)
        return Composed(np.repeat(mask[:, :, None], 3, axis=2), None, placement.subject_box, coverage)
    behind = backdrop(parameters, context, placement.canvas_width, placement.canvas_height)
    shadow = "none" if "bottom" in subject.cut else parameters.shadow
    return compose(subject.foreground, subject.alpha, placement, behind, shadow)


def backdrop(parameters: ProcessParameters, context: Context, width: int, height: int) -> RGB | None:
    """(height, width, 3); None is transparent. An image lies over the colour or gradient."""
    spec = parse_background(parameters.background, parameters.gradient_direction)
    file = context.file("background")
    if file is None:
        return None if spec is None else background.fill(width, height, spec)
    image = decode(file, context.limits)
    if image.alpha is None:
        return background.cover(image.rgb, width, height)
    under = background.fill(width, height, spec or _WHITE)
    alpha = background.cover(image.alpha, width, height)
    colors = straighten(background.cover(premultiply(image.rgb, image.alpha), width, height), alpha)
    over(Cutout(0, 0, colors, alpha), under, None)
    return under


def _warnings(subject: Subject, placement: Placement, parameters: ProcessParameters) -> list[Warning]:
    found: list[Warning] = []
    scale = placement.scale / subject.reduced
    if scale > warnings.ENLARGED_FROM:
        found.append(warnings.enlarged(scale))
    if subject.cut:
        found.append(warnings.subject_cut_off(subject.cut))
    if "bottom" in subject.cut and parameters.shadow != "none" and parameters.output == "image":
        found.append(warnings.no_ground())
    return found + subject.warnings

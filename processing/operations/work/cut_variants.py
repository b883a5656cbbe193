"""One cut, several images: decode, segment and refine once, then compose and encode each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from processing.imaging import background
from processing.imaging.colors import parse_background
from processing.imaging.compose import compose
from processing.imaging.encode import encode
from processing.imaging.placement import Canvas, Size, place
from processing.imaging.watermark import watermark
from processing.operations.base import Context, Result
from processing.operations.cut_variants import CutVariantsParameters, Variant
from processing.operations.process import Edges
from processing.operations.work.subject import Subject, cut_out

_NO_MARGIN = (0.0, 0.0, 0.0, 0.0)


def run(source: bytes, parameters: CutVariantsParameters, context: Context, check: Callable[[Size], None]) -> Result:
    """The first variant's image, the others in `further`. Raises subclasses of PackshotError."""
    cuts: dict[Edges, Subject] = {}
    for variant in parameters.variants:
        # Another care for the edges refines anew; the mask is the one that the first cut has kept.
        if variant.edges not in cuts:
            cuts[variant.edges] = cut_out(source, context, model=None, edges=variant.edges, check=check)
    first, *further = [_made(cuts[variant.edges], variant, context) for variant in parameters.variants]
    return replace(first, further=tuple(further))


def _made(subject: Subject, variant: Variant, context: Context) -> Result:
    with context.step("compose"):
        width, height = variant.size(subject.box[2:] if variant.autocrop else subject.source_size)
        canvas = Canvas(width, height, _NO_MARGIN if variant.autocrop else None)
        placement = place(subject.source_size, subject.box, subject.cut, canvas)
        spec = parse_background(variant.background)
        behind = None if spec is None else background.fill(width, height, spec)
        composed = compose(subject.foreground, subject.alpha, placement, behind)
        if context.sandbox:
            watermark(composed.rgb, composed.alpha)
    with context.step("encode"):
        data = encode(composed.rgb, composed.alpha, format=variant.format, quality=variant.quality)
    return Result(
        data=data,
        format=variant.format,
        width=width,
        height=height,
        box=composed.box,
        coverage=composed.coverage,
        confidence=subject.confidence,
        engine=subject.engine,
        runtime=subject.runtime,
        scale=placement.scale,
        frame=placement.frame(subject.source_size),
        warnings=subject.warnings,
    )

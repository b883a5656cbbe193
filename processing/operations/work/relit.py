"""The way of a photo that is relit: decode, segment, refine, compose in a light, encode."""

from __future__ import annotations

from processing.imaging.digital_source import carried
from processing.imaging.encode import encode
from processing.imaging.light.relight import Look
from processing.imaging.light.scene import lit_scene
from processing.imaging.placement import Size, place
from processing.imaging.watermark import watermark
from processing.operations import warnings
from processing.operations.base import Context, Result, Warning
from processing.operations.process import check_output
from processing.operations.relight_shadow import RelightShadowParameters
from processing.operations.work import pipeline
from processing.operations.work.subject import Subject, cut_out


def run(source: bytes, parameters: RelightShadowParameters, context: Context) -> Result:
    """The finished image of `source`. Raises subclasses of PackshotError."""
    if parameters.output == "mask":
        return pipeline.run(source, parameters.as_process, context)  # a mask has no light

    def check(size: Size) -> None:
        check_output(parameters, size, max_pixels=context.limits.max_pixels)

    subject = cut_out(source, context, model=parameters.model, edges=parameters.edges, check=check)
    with context.step("compose"):
        placement = place(subject.source_size, subject.box, subject.cut, parameters.canvas, scale=context.group_scale())
        behind = pipeline.backdrop(parameters, context, placement.canvas_width, placement.canvas_height)
        kind = "none" if "bottom" in subject.cut else parameters.shadow
        look = Look(parameters.exposure, parameters.warmth, parameters.lighting)
        scene = lit_scene(subject.foreground, subject.alpha, placement, behind, kind, parameters.light, look)
        if context.sandbox:
            watermark(scene.rgb, scene.alpha)
    with context.step("encode"):
        data = encode(
            scene.rgb,
            scene.alpha,
            format=parameters.format,
            quality=parameters.jpeg_quality,
            digital_source_type=carried(source),
        )
    return Result(
        data=data,
        format=parameters.format,
        width=placement.canvas_width,
        height=placement.canvas_height,
        box=scene.box,
        coverage=scene.coverage,
        confidence=subject.confidence,
        engine=subject.engine,
        runtime=subject.runtime,
        scale=placement.scale,
        frame=placement.frame(subject.source_size),
        warnings=_warnings(subject, placement.scale, parameters),
    )


def _warnings(subject: Subject, scale: float, parameters: RelightShadowParameters) -> list[Warning]:
    found: list[Warning] = []
    if scale > warnings.ENLARGED_FROM:
        found.append(warnings.enlarged(scale))
    if subject.cut:
        found.append(warnings.subject_cut_off(subject.cut))
    if "bottom" in subject.cut and parameters.shadow != "none":
        found.append(warnings.no_ground())
    return found + subject.warnings

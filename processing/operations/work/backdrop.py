"""The backdrop of a request, and the product on it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from accounts.kit.errors import InvalidImage, InvalidInput
from processing.engines.errors import ImageEngineFailed
from processing.engines.text_to_image import TextToImage
from processing.imaging import digital_source
from processing.imaging.arrays import RGB
from processing.imaging.backdrops.own_image import blurred, fitted
from processing.imaging.backdrops.paint import paint
from processing.imaging.backdrops.prompt import match
from processing.imaging.backdrops.standing import stand
from processing.imaging.backdrops.styles import STYLES, Style
from processing.imaging.background import cover
from processing.imaging.cutout import Cutout
from processing.imaging.decode import decode
from processing.imaging.digital_source import carried
from processing.imaging.encode import encode
from processing.imaging.over import over
from processing.imaging.placement import Size
from processing.imaging.watermark import watermark
from processing.operations import warnings
from processing.operations.base import Context, ReachesTextToImage, Result, Warning
from processing.operations.generate_background import OPERATION, GenerateBackgroundParameters
from processing.operations.work.standing_product import Ground, put
from processing.operations.work.subject import Subject, cut_out

_HORIZON = 0.6  # of a picture of which nobody says where its floor begins


@dataclass(frozen=True, slots=True)
class Backdrop:
    """`source`, `source_with_product`: its digital source type by itself and under a product; None where nobody knows.

    `engine`, `runtime`: what made it.
    """

    rgb: RGB
    ground: Ground
    engine: str
    runtime: str
    source: str | None
    source_with_product: str | None
    warnings: tuple[Warning, ...] = ()


def run(source: bytes, parameters: GenerateBackgroundParameters, context: Context) -> Result:
    """The finished image; `source` is b"" where there is no photo. Raises subclasses of PackshotError."""
    if not source:
        return _alone(parameters, context)

    def check(size: Size) -> None:
        OPERATION.check(parameters, size, max_pixels=context.limits.max_pixels)

    subject = cut_out(source, context, model=parameters.model, edges=parameters.edges, check=check)
    size = parameters.size(subject.source_size)
    with context.step("compose"):
        backdrop = _backdrop(parameters, context, size)
        placement = stand(
            subject.source_size,
            subject.box,
            subject.cut,
            size,
            horizon=backdrop.ground.horizon,
            margin=parameters.margin,
            across=parameters.align,
        )
        coverage = put(subject, placement, backdrop.rgb, backdrop.ground, shadow=parameters.shadow)
    return Result(
        data=_encoded(backdrop.rgb, parameters, context, carried(source, backdrop.source_with_product)),
        format=parameters.format,
        width=size[0],
        height=size[1],
        box=placement.subject_box,
        coverage=coverage,
        confidence=subject.confidence,
        engine=subject.engine,
        runtime=subject.runtime,
        scale=placement.scale,
        frame=placement.frame(subject.source_size),
        warnings=[*backdrop.warnings, *_warnings(subject, placement.scale, parameters)],
    )


def _alone(parameters: GenerateBackgroundParameters, context: Context) -> Result:
    size = parameters.size((0, 0))
    OPERATION.check(parameters, (0, 0), max_pixels=context.limits.max_pixels)
    with context.step("compose"):
        backdrop = _backdrop(parameters, context, size)
    return Result(
        data=_encoded(backdrop.rgb, parameters, context, backdrop.source),
        format=parameters.format,
        width=size[0],
        height=size[1],
        box=None,
        coverage=None,
        confidence=None,
        engine=backdrop.engine,
        runtime=backdrop.runtime,
        scale=1.0,
        warnings=list(backdrop.warnings),
    )


def _encoded(rgb: RGB, parameters: GenerateBackgroundParameters, context: Context, source: str | None) -> bytes:
    with context.step("encode"):
        if context.sandbox:
            watermark(rgb, None)
        quality = parameters.jpeg_quality
        return encode(rgb, None, format=parameters.format, quality=quality, digital_source_type=source)


def _backdrop(parameters: GenerateBackgroundParameters, context: Context, size: Size) -> Backdrop:
    own = context.file("background")
    if own is not None:
        return _own(own, parameters, context, size)
    engine = context.text_to_image() if isinstance(context, ReachesTextToImage) else None
    if parameters.prompt and engine is not None:
        return _of_words(engine, parameters.prompt, parameters, context, size)
    if parameters.prompt:
        found = match(parameters.prompt, parameters.style)
        told = (warnings.prompt_matched_style(found.style.name, found.words),)
        return _built_in(found.style, paint(found.style.name, *size, parameters.seed, found.color), told)
    if parameters.style:
        return _built_in(STYLES[parameters.style], paint(parameters.style, *size, parameters.seed))
    raise InvalidInput("Say what is wanted: a style, a prompt, or a background image.", field="style")


def _built_in(style: Style, rgb: RGB, told: tuple[Warning, ...] = ()) -> Backdrop:
    return Backdrop(
        rgb,
        Ground.of(style),
        engine=f"backdrop-{style.name}",
        runtime="numpy",
        source=digital_source.ALGORITHMIC,
        source_with_product=digital_source.COMPOSITE,
        warnings=told,
    )


def _of_words(
    engine: TextToImage, prompt: str, parameters: GenerateBackgroundParameters, context: Context, size: Size
) -> Backdrop:
    style = STYLES.get(parameters.style or "")
    wanted = (
        f"Empty backdrop for a product photograph: {prompt}. {style.description if style else ''} Eye level, a level "
        "surface in the lower third, soft light from the upper left, nothing standing on the surface, no text."
    )
    data = engine.picture(wanted, width=size[0], height=size[1], seed=parameters.seed)
    try:
        picture = decode(data, context.limits).rgb
    except InvalidImage:
        raise ImageEngineFailed("The text-to-image engine answered with an image that cannot be read.") from None
    told = () if engine.takes_seed or not parameters.seed else (warnings.seed_without_effect(),)
    return Backdrop(
        np.ascontiguousarray(cover(picture, *size)),
        Ground(_HORIZON),
        engine=engine.name,
        runtime="remote",
        source=digital_source.TRAINED_ALGORITHMIC,
        source_with_product=digital_source.COMPOSITE_WITH_TRAINED_ALGORITHMIC,
        warnings=told,
    )


def _own(data: bytes, parameters: GenerateBackgroundParameters, context: Context, size: Size) -> Backdrop:
    photo = decode(data, context.limits)
    picture = photo.rgb
    if photo.alpha is not None:
        picture = np.full_like(photo.rgb, 255)
        over(Cutout(0, 0, photo.rgb, photo.alpha), picture, None)
    rgb = blurred(fitted(picture, *size, parameters.fit or "cover"), parameters.blur or 0.0)
    horizon = _HORIZON if parameters.horizon is None else parameters.horizon
    return Backdrop(
        rgb, Ground(horizon), engine="backdrop-image", runtime="numpy", source=None, source_with_product=None
    )


def _warnings(subject: Subject, scale: float, parameters: GenerateBackgroundParameters) -> list[Warning]:
    found: list[Warning] = []
    if scale > warnings.ENLARGED_FROM:
        found.append(warnings.enlarged(scale))
    if subject.cut:
        found.append(warnings.subject_cut_off(subject.cut))
    if "bottom" in subject.cut and parameters.shadow:
        found.append(warnings.no_ground())
    return found + subject.warnings

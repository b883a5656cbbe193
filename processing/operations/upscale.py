"""The same picture with more pixels: two, three or four times as many along each side, or to a size."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field, field_validator

from accounts.kit.errors import InvalidInput
from processing.engines.registry import find as find_model
from processing.imaging.placement import Canvas, Size
from processing.operations.base import Context, Result
from processing.operations.controls import Begins
from processing.operations.output_size import check_size
from processing.operations.picture_fields import (
    OutputFormat,
    PictureParameters,
    Quality,
    no_boolean,
    refuse_extras,
    wrong,
)
from processing.operations.process import Side
from processing.operations.validate import problem, validate

# By which a width and a height may be off the photo's ratio: somebody rounded them.
_DISTORTION = 0.01


class UpscaleParameters(PictureParameters):
    """How much larger, by what, and how it is written."""

    scale: Annotated[int, BeforeValidator(no_boolean), Field(ge=2, le=4), Begins(2)] | None = Field(
        None,
        title="Scale",
        description="How many times as wide and as high the image becomes: 2, 3 or 4. Send it, or a size.",
        examples=[2],
    )
    width: Side | None = Field(
        None,
        title="Width",
        description="Width of the image in pixels, not less than the photo's. The height follows from the photo's "
        "ratio; where both are sent, they must have that ratio.",
        examples=[2000],
    )
    height: Side | None = Field(
        None,
        title="Height",
        description="Height of the image in pixels, not less than the photo's. The width follows from the photo's "
        "ratio.",
        examples=[2000],
    )
    model: str | None = Field(
        None,
        title="Model",
        description="A super-resolution network of this installation. Without it: the built-in upscaler, which "
        "invents no details.",
        examples=["super-resolution-x4"],
    )
    format: OutputFormat = None
    jpeg_quality: Quality = 92

    @field_validator("model")
    @classmethod
    def _enlarges(cls, model: str | None) -> str | None:
        if model is not None:
            try:
                find_model(model, kind="super-resolution")
            except InvalidInput as error:
                raise problem(error.detail) from None
        return model

    def size(self, source: Size) -> Size:
        """Width and height in pixels for a picture of that size."""
        if self.scale:
            return source[0] * self.scale, source[1] * self.scale
        return Canvas(self.width, self.height).size(source)


class Upscale:
    """`POST /api/v1/upscale`."""

    name: ClassVar[str] = "upscale"
    title: ClassVar[str] = "Upscaled"
    verb: ClassVar[str] = "Upscale"
    path: ClassVar[str] = "/upscale"
    summary: ClassVar[str] = "Upscale a picture"
    description: ClassVar[str] = (
        "Makes a picture larger with sharp, smooth edges, 2, 3 or 4 times or to a size. Transparency is kept. "
        "The answer carries the warning `upscaled`, because some marketplaces do not accept scaled-up images."
    )
    examples: ClassVar[Mapping[str, Mapping[str, object]]] = {
        "Twice as large": {"scale": 2},
        "2000 pixels wide": {"width": 2000, "format": "webp"},
    }
    photo: ClassVar[Literal["required", "optional"]] = "required"
    takes_background: ClassVar[bool] = False
    takes_preset: ClassVar[bool] = False
    cost: ClassVar[int] = 2
    scope: ClassVar[str] = "images:write"
    Parameters = UpscaleParameters

    def merge(
        self,
        preset: Mapping[str, object],
        given: Mapping[str, object],
        *,
        background_image: bool = False,
        max_pixels: int | None = None,
    ) -> UpscaleParameters:
        refuse_extras(self.name, preset=bool(preset), background_image=background_image)
        parameters = validate(UpscaleParameters, given, max_pixels=max_pixels)
        sides = [name for name in ("width", "height") if getattr(parameters, name)]
        if parameters.scale and sides:
            raise wrong("scale", f"scale and {sides[0]} contradict each other. Send one of them.")
        if not parameters.scale and not sides:
            raise wrong("scale", "Say how large the image shall be: scale (2, 3 or 4), or width or height in pixels.")
        return parameters

    def size(self, parameters: UpscaleParameters, source_size: Size) -> Size:
        return parameters.size(source_size)

    def check(self, parameters: UpscaleParameters, source_size: Size, *, max_pixels: int) -> None:
        size = parameters.size(source_size)
        field = "scale" if parameters.scale else "width" if parameters.width else "height"
        for name, made, had in zip(("width", "height"), size, source_size, strict=True):
            if made < had:
                raise wrong(
                    name if getattr(parameters, name) else field,
                    f"The image would be {size[0]} × {size[1]} pixels, but the photo has {source_size[0]} × "
                    f"{source_size[1]} already. upscale never makes smaller; resize does.",
                )
        if _distorts(size, source_size):
            raise wrong(
                "height",
                f"width and height have another ratio than the photo of {source_size[0]} × {source_size[1]} pixels. "
                "Send one of them and the other follows; resize fits a picture into another ratio.",
            )
        check_size(size, format=parameters.format, sized=not parameters.scale, field=field, max_pixels=max_pixels)

    def run(self, source: bytes, parameters: UpscaleParameters, context: Context) -> Result:
        from processing.operations.work import upscale  # numpy and OpenCV: workers only

        def check(size: Size) -> None:
            self.check(parameters, size, max_pixels=context.limits.max_pixels)

        return upscale.run(source, parameters, context, check)

    def measure(self, source: bytes, parameters: UpscaleParameters, context: Context) -> float:
        return 1.0  # nothing is fitted, so there is no scale to share


def _distorts(size: Size, source: Size) -> bool:
    """More than rounding to whole pixels, or a hundredth, explains."""
    across, down = size[0] / source[0], size[1] / source[1]
    by_a_pixel = abs(size[1] - source[1] * across) <= 1 or abs(size[0] - source[0] * down) <= 1
    return not by_a_pixel and abs(across / down - 1) > _DISTORTION


OPERATION = Upscale()

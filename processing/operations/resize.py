"""The whole picture at another size: fitted into it, filling it, padded to it, or stretched."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field, field_validator

from processing.imaging.colors import TRANSPARENT, parse_background
from processing.imaging.fitting import Fit, Fitted, fit
from processing.imaging.placement import Size
from processing.operations.base import Context, Result
from processing.operations.controls import Fill
from processing.operations.output_size import check_size
from processing.operations.picture_fields import OutputFormat, PictureParameters, Quality, refuse_extras, wrong
from processing.operations.process import Side
from processing.operations.validate import problem, validate


class ResizeParameters(PictureParameters):
    """The size, how the picture is brought into it, and how it is written."""

    width: Side | None = Field(
        None,
        title="Width",
        description="Width in pixels. With fit contain, one side alone is enough: the other follows.",
        examples=[1200],
    )
    height: Side | None = Field(
        None,
        title="Height",
        description="Height in pixels. With fit contain, one side alone is enough: the other follows.",
        examples=[1200],
    )
    fit: Fit = Field(
        "contain",
        title="Fit",
        description="contain: the whole picture inside the size, its ratio kept; cover: the size filled, what is too "
        "much cut off evenly; pad: as contain, with background around it; stretch: exactly the size, distorted.",
        examples=["pad"],
    )
    background: Annotated[str, Fill()] | None = Field(
        None,
        title="Background",
        description="With fit pad: a colour (#ffffff), a gradient (#ffffff:#e5e5e5), or transparent (not with jpg), "
        "around the picture and behind what is transparent in it. Without it: transparent where the picture is, "
        "else white.",
        examples=["#ffffff"],
    )
    enlarge: bool = Field(
        False,
        title="Enlarge",
        description="Whether a picture smaller than the size is made larger. Without it, contain and pad leave it as "
        "large as it is; cover and stretch make an image of the ratio asked for, as large as the photo allows.",
        examples=[True],
    )
    format: OutputFormat = None
    jpeg_quality: Quality = 92

    @field_validator("background")
    @classmethod
    def _is_a_background(cls, background: str | None) -> str | None:
        if background is None:
            return None
        try:
            parse_background(background.lower())
        except ValueError:
            raise problem(
                "background must be a colour such as #ffffff, a gradient such as #ffffff:#e5e5e5, or transparent."
            ) from None
        return background.lower()

    def fitted(self, source: Size) -> Fitted:
        """For a picture of that size."""
        return fit(source, self.width, self.height, how=self.fit, enlarge=self.enlarge)


class Resize:
    """`POST /api/v1/resize`."""

    name: ClassVar[str] = "resize"
    title: ClassVar[str] = "Resized"
    verb: ClassVar[str] = "Resize"
    path: ClassVar[str] = "/resize"
    summary: ClassVar[str] = "Resize a picture"
    description: ClassVar[str] = (
        "Brings the whole picture to another size. It is never enlarged unless `enlarge` says so; `upscale` does that "
        "with more care. Transparency is kept."
    )
    examples: ClassVar[Mapping[str, Mapping[str, object]]] = {
        "At most 1200 pixels a side": {"width": 1200, "height": 1200},
        "A square with white around": {"width": 800, "height": 800, "fit": "pad", "background": "#ffffff"},
    }
    photo: ClassVar[Literal["required", "optional"]] = "required"
    takes_background: ClassVar[bool] = False
    takes_preset: ClassVar[bool] = False
    cost: ClassVar[int] = 1
    scope: ClassVar[str] = "images:write"
    Parameters = ResizeParameters

    def merge(
        self,
        preset: Mapping[str, object],
        given: Mapping[str, object],
        *,
        background_image: bool = False,
        max_pixels: int | None = None,
    ) -> ResizeParameters:
        refuse_extras(self.name, preset=bool(preset), background_image=background_image)
        parameters = validate(ResizeParameters, given, max_pixels=max_pixels)
        sides = {"width": parameters.width, "height": parameters.height}
        if not any(sides.values()):
            raise wrong("width", "Say how large the image shall be: width or height in pixels, or both.")
        missing = next((name for name, pixels in sides.items() if not pixels), None)
        if missing and parameters.fit != "contain":
            raise wrong(missing, f"{missing} is missing: fit {parameters.fit} needs width and height.")
        if parameters.background is not None and parameters.fit != "pad":
            raise wrong("background", f"background belongs to fit pad; fit {parameters.fit} leaves nothing to fill.")
        if parameters.background == TRANSPARENT and parameters.format == "jpg":
            raise wrong("background", "background cannot be transparent in a jpg. Choose png, webp or avif.")
        return parameters

    def size(self, parameters: ResizeParameters, source_size: Size) -> Size:
        return parameters.fitted(source_size).canvas

    def check(self, parameters: ResizeParameters, source_size: Size, *, max_pixels: int) -> None:
        size = parameters.fitted(source_size).canvas
        field = "width" if parameters.width else "height"
        check_size(size, format=parameters.format, sized=True, field=field, max_pixels=max_pixels)

    def run(self, source: bytes, parameters: ResizeParameters, context: Context) -> Result:
        from processing.operations.work import resize  # numpy and OpenCV: workers only

        def check(size: Size) -> None:
            self.check(parameters, size, max_pixels=context.limits.max_pixels)

        return resize.run(source, parameters, context, check)

    def measure(self, source: bytes, parameters: ResizeParameters, context: Context) -> float:
        return 1.0  # no product is fitted, so there is no scale to share


OPERATION = Resize()

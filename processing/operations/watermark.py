"""A line of text on the picture."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field, field_validator

from processing.imaging.colors import parse_color
from processing.imaging.nine_places import Position
from processing.imaging.placement import Size
from processing.operations.base import Context, Result
from processing.operations.controls import Colour, Share
from processing.operations.output_size import check_size
from processing.operations.picture_fields import OutputFormat, PictureParameters, Quality, no_boolean, refuse_extras
from processing.operations.process import Margin
from processing.operations.validate import problem, validate


class WatermarkParameters(PictureParameters):
    """What is written where, and how the image is written."""

    text: Annotated[str, Field(max_length=100)] = Field(
        title="Text",
        description="What is written on the picture, one line of at most 100 characters: letters from A to Z without "
        "accents, digits and the usual signs. A character that cannot be drawn is refused.",
        examples=["© Northwind Goods"],
    )
    position: Position = Field(
        "bottom-right",
        title="Position",
        description="Where the text stands; tile repeats it all over the picture.",
        examples=["center"],
    )
    opacity: Annotated[float, BeforeValidator(no_boolean), Field(ge=0.05, le=1, allow_inf_nan=False)] = Field(
        0.6,
        title="Opacity",
        description="From 0.05, hardly seen, to 1, which covers what is below.",
        examples=[0.3],
    )
    size: Annotated[float, BeforeValidator(no_boolean), Field(ge=0.01, le=0.5, allow_inf_nan=False), Share()] = Field(
        0.05,
        title="Size",
        description="Height of the letters as a share of the picture's shorter side. A text that would not fit is "
        "drawn smaller, and a warning says so.",
        examples=[0.08],
    )
    color: Annotated[str, Colour()] = Field(
        "#ffffff",
        title="Colour",
        description="Colour of the text. A faint rim, dark around light colours and light around dark ones, keeps it "
        "readable on any picture.",
        examples=["#ffffff"],
    )
    margin: Margin = Field(
        0.03,
        title="Margin",
        description="Free space to the edges of the picture as a share of its shorter side; with tile, between the "
        "repetitions.",
        examples=[0.05],
    )
    format: OutputFormat = None
    jpeg_quality: Quality = 92

    @field_validator("text")
    @classmethod
    def _can_be_drawn(cls, text: str) -> str:
        if not text:
            raise problem("text is empty: say what shall be written on the picture.")
        from processing.imaging.text_font import undrawable  # Pillow only where there is something to draw

        if missing := undrawable(text):
            shown = ", ".join(each if each.isprintable() else f"U+{ord(each):04X}" for each in missing)
            raise problem(
                f"text has characters that cannot be drawn: {shown}. Letters from A to Z without accents, digits "
                "and the usual signs can be."
            )
        return text

    @field_validator("color")
    @classmethod
    def _is_a_color(cls, color: str) -> str:
        try:
            parse_color(color)
        except ValueError:
            raise problem("color must be a colour such as #ffffff.") from None
        return color.lower()


class Watermark:
    """`POST /api/v1/watermark`."""

    name: ClassVar[str] = "watermark"
    title: ClassVar[str] = "Watermarked"
    verb: ClassVar[str] = "Watermark"
    path: ClassVar[str] = "/watermark"
    summary: ClassVar[str] = "Write on a picture"
    description: ClassVar[str] = "Writes a line of text on the picture, in one place or all over. Transparency is kept."
    examples: ClassVar[Mapping[str, Mapping[str, object]]] = {
        "In a corner": {"text": "© Northwind Goods", "position": "bottom-right"},
        "All over": {"text": "PREVIEW", "position": "tile", "opacity": 0.3, "margin": 0.1},
    }
    photo: ClassVar[Literal["required", "optional"]] = "required"
    takes_background: ClassVar[bool] = False
    takes_preset: ClassVar[bool] = False
    cost: ClassVar[int] = 1
    scope: ClassVar[str] = "images:write"
    Parameters = WatermarkParameters

    def merge(
        self,
        preset: Mapping[str, object],
        given: Mapping[str, object],
        *,
        background_image: bool = False,
        max_pixels: int | None = None,
    ) -> WatermarkParameters:
        refuse_extras(self.name, preset=bool(preset), background_image=background_image)
        return validate(WatermarkParameters, given, max_pixels=max_pixels)

    def size(self, parameters: WatermarkParameters, source_size: Size) -> Size:
        return source_size

    def check(self, parameters: WatermarkParameters, source_size: Size, *, max_pixels: int) -> None:
        check_size(source_size, format=parameters.format, sized=False, field="format", max_pixels=max_pixels)

    def preview(self, parameters: WatermarkParameters, source_size: Size) -> WatermarkParameters:
        return parameters.model_copy(update={"format": None})

    def run(self, source: bytes, parameters: WatermarkParameters, context: Context) -> Result:
        from processing.operations.work import watermark  # numpy and OpenCV: workers only

        def check(size: Size) -> None:
            self.check(parameters, size, max_pixels=context.limits.max_pixels)

        return watermark.run(source, parameters, context, check)

    def measure(self, source: bytes, parameters: WatermarkParameters, context: Context) -> float:
        return 1.0  # nothing is resized


OPERATION = Watermark()

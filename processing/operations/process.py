"""The main operation: cut the product out, place it on a canvas, light it, encode it.

Only the parameters live here, so that forms and the API can read them without loading numpy and OpenCV.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator
from pydantic.alias_generators import to_camel

from accounts.kit.errors import FieldError, InvalidInput
from processing.imaging.colors import TRANSPARENT, GradientDirection, parse_background
from processing.imaging.placement import Align, Canvas, Size
from processing.operations.base import Context, Result
from processing.operations.controls import Fill, OfBatch, Share
from processing.operations.output_size import MAX_SIDE, check_size, height_within_limit
from processing.operations.picture_fields import CuttingModel, Format, Quality, no_boolean
from processing.operations.preview import QUALITY, small
from processing.operations.validate import problem, validate

MAX_MARGIN = 0.49
SIDE_MARGINS = ("marginTop", "marginRight", "marginBottom", "marginLeft")

Shadow = Literal["none", "contact", "drop", "reflection"]
Output = Literal["image", "mask"]
Edges = Literal["fast", "fine"]


Side = Annotated[int, BeforeValidator(no_boolean), Field(ge=1, le=MAX_SIDE)]
Margin = Annotated[float, BeforeValidator(no_boolean), Field(ge=0, le=MAX_MARGIN, allow_inf_nan=False), Share()]


class ProcessParameters(BaseModel):
    """Everything that decides how one photo becomes one image. Unknown fields are refused."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        alias_generator=to_camel,
        populate_by_name=True,
        str_strip_whitespace=True,
    )

    width: Side | None = Field(
        None,
        title="Width",
        description="Width of the image in pixels. Without height, the height follows from the photo's "
        "ratio; without both, the image is as large as the photo. Together at most 50 megapixels.",
        examples=[2000],
    )
    height: Side | None = Field(
        None,
        title="Height",
        description="Height of the image in pixels. Without width, the width follows from the photo's ratio.",
        examples=[2000],
    )
    margin: Margin | None = Field(
        None,
        title="Margin",
        description="Free space around the product as a share of the image's shorter side. With a margin "
        "(0 included) the product is enlarged or reduced to fit inside it; without one it keeps its place in "
        "the frame. A side on which the photo cuts the product off stays on the image's edge.",
        examples=[0.05],
    )
    margin_top: Margin | None = Field(
        None,
        title="Top margin",
        description="Free space above the product; wins over margin on its side. Sides not named take margin, else 0.",
        examples=[0.1],
    )
    margin_right: Margin | None = Field(
        None,
        title="Right margin",
        description="Free space to the right of the product; wins over margin on its side.",
        examples=[0.1],
    )
    margin_bottom: Margin | None = Field(
        None,
        title="Bottom margin",
        description="Free space below the product; wins over margin on its side.",
        examples=[0.1],
    )
    margin_left: Margin | None = Field(
        None,
        title="Left margin",
        description="Free space to the left of the product; wins over margin on its side.",
        examples=[0.1],
    )
    align: Align = Field(
        "center",
        title="Align",
        description="Where the product stands in the space that the margins leave.",
        examples=["bottom"],
    )
    same_scale: Annotated[bool, OfBatch()] = Field(
        False,
        title="Same scale for the group",
        description="All photos of one batch share one scale, so that a product does not change its size "
        "between views. It has no effect on a single photo.",
        examples=[True],
    )
    format: Format = Field(
        "jpg",
        title="Format",
        description="File format of the image.",
        examples=["png"],
    )
    jpeg_quality: Quality = 92
    output: Output = Field(
        "image",
        title="Output",
        description="The finished image, or its mask: white where the product is, black elsewhere, in the same place.",
        examples=["mask"],
    )
    background: Annotated[str, Fill()] = Field(
        "#ffffff",
        title="Background",
        description="A colour (#ffffff), a gradient of two colours (#ffffff:#e5e5e5), or transparent "
        "(not with jpg). A background image, where one is sent, is laid over it.",
        examples=["#ffffff", "#ffffff:#e5e5e5", "transparent"],
    )
    gradient_direction: GradientDirection = Field(
        "vertical",
        title="Gradient direction",
        description="Where the gradient runs: top to bottom, left to right, or corner to corner.",
        examples=["diagonal-tl-br"],
    )
    shadow: Shadow = Field(
        "none",
        title="Shadow",
        description="contact: a soft dark line where the product stands; drop: light from the upper left "
        "casts its shadow on the ground; reflection: a glossy table mirrors its foot.",
        examples=["contact"],
    )
    model: CuttingModel = None
    edges: Edges = Field(
        "fine",
        title="Edges",
        description="How closely the outline is looked at. fast works on a smaller copy of the photo and saves time.",
        examples=["fast"],
    )

    _fits_the_limit = field_validator("height")(height_within_limit)

    @field_validator("background")
    @classmethod
    def _is_a_background(cls, background: str, info: ValidationInfo) -> str:
        background = background.lower()
        try:
            parse_background(background)
        except ValueError:
            raise problem(
                "background must be a colour such as #ffffff, a gradient such as #ffffff:#e5e5e5, or transparent."
            ) from None
        opaque = info.data.get("format") == "jpg" and info.data.get("output") == "image"
        if background == TRANSPARENT and opaque:
            raise problem(
                "background cannot be transparent in a jpg. Choose png, webp or avif as the format, or a colour."
            )
        return background

    @property
    def canvas(self) -> Canvas:
        return Canvas(self.width, self.height, self.margins, self.align)

    @property
    def margins(self) -> tuple[float, float, float, float] | None:
        """Top, right, bottom, left as shares of the shorter canvas side; None keeps the subject's place."""
        sides = (self.margin_top, self.margin_right, self.margin_bottom, self.margin_left)
        if self.margin is None and all(side is None for side in sides):
            return None
        rest = self.margin or 0.0
        top, right, bottom, left = (rest if side is None else side for side in sides)
        return top, right, bottom, left


def merge(
    preset: Mapping[str, object],
    given: Mapping[str, object],
    *,
    background_image: bool = False,
    max_pixels: int | None = None,
) -> ProcessParameters:
    """The preset's parameters with the request's own fields in their place.

    Each field of `given` replaces that field of `preset`; a given `margin` also replaces the preset's
    per-side margins. `background_image`: an image is sent with the request; it goes before the preset's
    background.
    Raises InvalidInput with one FieldError for each wrong field.
    """
    base, own = _by_alias(preset), _by_alias(given)
    if "margin" in own:
        base = {name: value for name, value in base.items() if name not in SIDE_MARGINS}
    if background_image:
        base.pop("background", None)
        if str(own.get("background", "")).strip().lower() == TRANSPARENT:
            sentence = "background cannot be transparent beside a background image. Send one of the two."
            raise InvalidInput(sentence, errors=(FieldError("background", sentence),))
    return validate(ProcessParameters, base | own, max_pixels=max_pixels)


def check_output(parameters: ProcessParameters, source_size: Size, *, max_pixels: int) -> None:
    """Raises OutputTooLarge where a photo of that size (width, height) would make too large an image."""
    check_size(
        parameters.canvas.size(source_size),
        format=parameters.format,
        sized=bool(parameters.width or parameters.height),
        field="width" if parameters.width else "height" if parameters.height else "format",
        max_pixels=max_pixels,
    )


P = TypeVar("P", bound=ProcessParameters)


def for_preview(parameters: P, source_size: Size) -> P:
    """Parameters of a preview whose longer side is at most 1024 pixels; placement, light and colours stay the same.

    `source_size`: width, height of the whole photo in pixels. The quality is kept where the format has one, so that
    its artefacts are seen.
    """
    width, height = small(parameters.canvas.size(source_size))
    opaque = parameters.background != TRANSPARENT
    return parameters.model_copy(
        update={
            "width": width,
            "height": height,
            "format": "jpg" if opaque else "webp",
            "jpeg_quality": QUALITY if parameters.format == "png" else parameters.jpeg_quality,
            "same_scale": False,
            "output": "image",
        }
    )


def _by_alias(values: Mapping[str, object]) -> dict[str, object]:
    aliases = {name: info.alias or name for name, info in ProcessParameters.model_fields.items()}
    return {aliases.get(name, name): value for name, value in values.items()}


class Process:
    """`POST /api/v1/process`."""

    name: ClassVar[str] = "process"
    title: ClassVar[str] = "Product image"
    verb: ClassVar[str] = "Place and light"
    path: ClassVar[str] = "/process"
    summary: ClassVar[str] = "Make a product image"
    description: ClassVar[str] = "Cuts the product out of the photo, places it on a canvas, lights it and encodes it."
    examples: ClassVar[Mapping[str, Mapping[str, object]]] = {
        "For a marketplace": {"preset": "amazon-main"},
        "A transparent cut-out": {"format": "png", "background": "transparent", "margin": 0.05},
    }
    photo: ClassVar[Literal["required", "optional"]] = "required"
    takes_background: ClassVar[bool] = True
    takes_preset: ClassVar[bool] = True
    cost: ClassVar[int] = 1
    scope: ClassVar[str] = "images:write"
    Parameters = ProcessParameters

    def merge(
        self,
        preset: Mapping[str, object],
        given: Mapping[str, object],
        *,
        background_image: bool = False,
        max_pixels: int | None = None,
    ) -> ProcessParameters:
        return merge(preset, given, background_image=background_image, max_pixels=max_pixels)

    def size(self, parameters: ProcessParameters, source_size: Size) -> Size:
        return parameters.canvas.size(source_size)

    def check(self, parameters: ProcessParameters, source_size: Size, *, max_pixels: int) -> None:
        check_output(parameters, source_size, max_pixels=max_pixels)

    def preview(self, parameters: ProcessParameters, source_size: Size) -> ProcessParameters:
        return for_preview(parameters, source_size)

    def run(self, source: bytes, parameters: ProcessParameters, context: Context) -> Result:
        from processing.operations.work import pipeline  # numpy and OpenCV: workers only

        return pipeline.run(source, parameters, context)

    def measure(self, source: bytes, parameters: ProcessParameters, context: Context) -> float:
        from processing.operations.work import pipeline

        return pipeline.measure(source, parameters, context)


OPERATION = Process()

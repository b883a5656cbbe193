"""A backdrop made for a product, or by itself: a built-in style, a prompt, or a picture of one's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator
from pydantic.alias_generators import to_camel

from accounts.kit.errors import FieldError, InvalidInput
from processing.imaging.backdrops.styles import STYLES
from processing.imaging.placement import Canvas, Size
from processing.operations.base import Context, Result
from processing.operations.controls import Begins, InsteadOfImage, Pictured, Seed, Sentence, Share, WithImage
from processing.operations.output_size import check_size, height_within_limit
from processing.operations.picture_fields import CuttingModel, Format, Quality, no_boolean
from processing.operations.preview import small
from processing.operations.process import Edges, Margin, Side
from processing.operations.validate import validate

DEFAULT_SIDE = 2000
StyleName = Literal["sweep", "gradient", "window", "marble", "oak", "linen", "concrete", "gloss", "plaster"]

_OF_AN_IMAGE = ("fit", "blur", "horizon")
_TITLES = {style.name: style.title for style in STYLES.values()}
_LISTED = "; ".join(f"{style.name}: {style.description}" for style in STYLES.values())


class GenerateBackgroundParameters(BaseModel):
    """What is made behind the product, and how it stands there. Unknown fields are refused."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, alias_generator=to_camel, populate_by_name=True, str_strip_whitespace=True
    )

    prompt: Annotated[str, Field(max_length=1000), Sentence(), InsteadOfImage()] | None = Field(
        None,
        title="Prompt",
        description="The backdrop in words. An installation with a text-to-image engine makes it of them; without one "
        "the words choose among the built-in styles and colours, and the answer says which (prompt_matched_style).",
        examples=["sunny window", "dark marble", "pastel pink"],
    )
    style: Annotated[StyleName, Pictured("backdrops", _TITLES), Begins("sweep"), InsteadOfImage()] | None = Field(
        None,
        title="Style",
        description=f"A built-in backdrop. {_LISTED} With a prompt, its colours.",
        examples=["marble"],
    )
    seed: Annotated[int, BeforeValidator(no_boolean), Field(ge=0, le=2**32 - 1), Seed()] = Field(
        0,
        title="Seed",
        description="Another number is another backdrop of the same kind; the same number is exactly the same one. "
        "Without it: 0.",
        examples=[7],
    )
    width: Side | None = Field(
        None,
        title="Width",
        description="Width of the image in pixels. Without height, the height follows from the photo's ratio; without "
        f"both, the image is as large as the photo. Without a photo: {DEFAULT_SIDE} by {DEFAULT_SIDE}, or a square.",
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
        description="Free space around the product as a share of the image's shorter side. The product never stands "
        "further back than the surface reaches. Without it, the product takes about 60 % of the height.",
        examples=[0.12],
    )
    align: Literal["left", "center", "right"] = Field(
        "center",
        title="Align",
        description="Where on the surface the product stands.",
        examples=["left"],
    )
    shadow: bool = Field(
        True,
        title="Shadow",
        description="The product's shadow in the backdrop's own light, and its reflection where the surface is glossy.",
        examples=[False],
    )
    fit: Annotated[Literal["cover", "contain"], WithImage()] | None = Field(
        None,
        title="Fit of the background image",
        description="With backgroundImage. cover (the usual) fills the image and crops; contain shows all of it "
        "and lets it run on beyond its edges, blurred.",
        examples=["contain"],
    )
    blur: (
        Annotated[float, BeforeValidator(no_boolean), Field(ge=0, le=0.1, allow_inf_nan=False), Share(), WithImage()]
        | None
    ) = Field(
        None,
        title="Blur of the background image",
        description="With backgroundImage: how far out of focus it lies, as a share of the image's shorter side.",
        examples=[0.01],
    )
    horizon: (
        Annotated[float, BeforeValidator(no_boolean), Field(ge=0, le=0.95, allow_inf_nan=False), Share(), WithImage()]
        | None
    ) = Field(
        None,
        title="Horizon of the background image",
        description="With backgroundImage: where its floor begins, as a share of the height from the top. The product "
        "stands below it. Without it: 0.6.",
        examples=[0.6],
    )
    format: Format = Field("jpg", title="Format", description="File format of the image.", examples=["png"])
    jpeg_quality: Quality = 92
    model: CuttingModel = None
    edges: Edges = Field(
        "fine",
        title="Edges",
        description="How closely the outline is looked at. fast works on a smaller copy of the photo and saves time.",
        examples=["fast"],
    )

    @field_validator("prompt")
    @classmethod
    def _says_something(cls, prompt: str | None) -> str | None:
        return prompt or None

    _fits_the_limit = field_validator("height")(height_within_limit)

    def size(self, source_size: Size) -> Size:
        """Width and height of the image; (0, 0) is no photo."""
        if 0 not in source_size:
            return Canvas(self.width, self.height).size(source_size)
        width, height = self.width or self.height, self.height or self.width
        return width or DEFAULT_SIDE, height or DEFAULT_SIDE


class GenerateBackground:
    """`POST /api/v1/backgrounds/generate`."""

    name: ClassVar[str] = "generate_background"
    title: ClassVar[str] = "Background"
    verb: ClassVar[str] = "Background"
    path: ClassVar[str] = "/backgrounds/generate"
    summary: ClassVar[str] = "Make a background"
    description: ClassVar[str] = (
        "Makes a studio backdrop of a style, a prompt or a picture of your own. With a photo the product stands on it, "
        "with its shadow; without one the answer is the backdrop by itself. The same request gives the same image."
    )
    examples: ClassVar[Mapping[str, Mapping[str, object]]] = {
        "On marble": {"style": "marble", "width": 1600, "height": 1600},
        "In words": {"prompt": "sunny window", "seed": 7},
    }
    photo: ClassVar[Literal["required", "optional"]] = "optional"
    takes_background: ClassVar[bool] = True
    takes_preset: ClassVar[bool] = False
    cost: ClassVar[int] = 2
    scope: ClassVar[str] = "images:write"
    Parameters = GenerateBackgroundParameters

    def merge(
        self,
        preset: Mapping[str, object],
        given: Mapping[str, object],
        *,
        background_image: bool = False,
        max_pixels: int | None = None,
    ) -> GenerateBackgroundParameters:
        if preset:
            raise InvalidInput("generate_background has no presets.", field="preset")
        parameters = validate(GenerateBackgroundParameters, given, max_pixels=max_pixels)
        wrong = _contradictions(parameters) if background_image else _missing(parameters)
        if wrong:
            raise InvalidInput(" ".join(dict.fromkeys(error.detail for error in wrong)), errors=wrong)
        return parameters

    def size(self, parameters: GenerateBackgroundParameters, source_size: Size) -> Size:
        return parameters.size(source_size)

    def check(self, parameters: GenerateBackgroundParameters, source_size: Size, *, max_pixels: int) -> None:
        check_size(
            parameters.size(source_size),
            format=parameters.format,
            sized=False,
            field="width" if parameters.width else "height" if parameters.height else "format",
            max_pixels=max_pixels,
        )

    def preview(self, parameters: GenerateBackgroundParameters, source_size: Size) -> GenerateBackgroundParameters:
        width, height = small(parameters.size(source_size))
        return parameters.model_copy(update={"width": width, "height": height, "format": "jpg"})

    def run(self, source: bytes, parameters: GenerateBackgroundParameters, context: Context) -> Result:
        from processing.operations.work import backdrop  # numpy and OpenCV: workers only

        return backdrop.run(source, parameters, context)

    def measure(self, source: bytes, parameters: GenerateBackgroundParameters, context: Context) -> float:
        return 1.0  # the product stands by itself on its own backdrop; there is no scale to share


def _missing(parameters: GenerateBackgroundParameters) -> tuple[FieldError, ...]:
    if not parameters.prompt and not parameters.style:
        sentence = (
            f"Say what is wanted: a style ({', '.join(STYLES)}), a prompt such as sunny window, or a picture of your "
            "own as backgroundImage."
        )
        return (FieldError("style", sentence),)
    return tuple(
        FieldError(name, f"{name} belongs to a background image, and none is sent.")
        for name in _OF_AN_IMAGE
        if getattr(parameters, name) is not None
    )


def _contradictions(parameters: GenerateBackgroundParameters) -> tuple[FieldError, ...]:
    sent = [name for name in ("prompt", "style") if getattr(parameters, name)]
    sentence = f"Send one backdrop: a background image or {' and '.join(sent)}, not both."
    return tuple(FieldError(name, sentence) for name in sent)


OPERATION = GenerateBackground()

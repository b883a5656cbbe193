"""Several images of one cut: the product is cut out once and written in as many ways as are asked for."""

from __future__ import annotations

from collections.abc import Mapping
from math import floor, sqrt
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator
from pydantic.alias_generators import to_camel

from processing.imaging.colors import TRANSPARENT, parse_color
from processing.imaging.placement import Size
from processing.operations.base import Context, Result
from processing.operations.output_size import MAX_PIXELS, check_size
from processing.operations.picture_fields import refuse_extras
from processing.operations.process import Edges
from processing.operations.validate import problem, validate

MAX_VARIANTS = 20


class Variant(BaseModel):
    """One of the images. `max_pixels`: it is made smaller in its own ratio until it has no more."""

    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=to_camel, populate_by_name=True)

    format: Literal["jpg", "png", "webp"] = "png"
    max_pixels: int = Field(12_000_000, ge=1, le=MAX_PIXELS)
    edges: Edges = "fine"
    background: str = Field("", validate_default=True)
    quality: int = Field(85, ge=1, le=100)
    autocrop: bool = False

    @field_validator("background")
    @classmethod
    def _is_a_background(cls, background: str, info: ValidationInfo) -> str:
        opaque = info.data.get("format") == "jpg"
        if not background:
            return "#ffffff" if opaque else TRANSPARENT
        if background != TRANSPARENT:
            parse_color(background)
        elif opaque:
            raise problem("a jpg cannot be transparent")
        return background

    def size(self, whole: Size) -> Size:
        """Of what is that large in the photo."""
        ratio = min(1.0, sqrt(self.max_pixels / (whole[0] * whole[1])))
        return max(1, floor(whole[0] * ratio)), max(1, floor(whole[1] * ratio))


class CutVariantsParameters(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    variants: tuple[Variant, ...] = Field(min_length=1, max_length=MAX_VARIANTS)


class CutVariants:
    """What the BackgroundCut family's call asks for. Its images go into the file space, so no other call offers it."""

    name: ClassVar[str] = "cut_variants"
    title: ClassVar[str] = "Background removed"
    path: ClassVar[str] = ""
    summary: ClassVar[str] = "Remove the background, several images at once"
    description: ClassVar[str] = "Cuts the product out once and writes it in several formats, sizes and backgrounds."
    examples: ClassVar[Mapping[str, Mapping[str, object]]] = {"One": {"variants": [{"format": "png"}]}}
    photo: ClassVar[Literal["required", "optional"]] = "required"
    takes_background: ClassVar[bool] = False
    takes_preset: ClassVar[bool] = False
    cost: ClassVar[int] = 1
    scope: ClassVar[str] = "images:write"
    Parameters = CutVariantsParameters

    def merge(
        self,
        preset: Mapping[str, object],
        given: Mapping[str, object],
        *,
        background_image: bool = False,
        max_pixels: int | None = None,
    ) -> CutVariantsParameters:
        refuse_extras(self.name, preset=bool(preset), background_image=background_image)
        return validate(CutVariantsParameters, given, max_pixels=max_pixels)

    def size(self, parameters: CutVariantsParameters, source_size: Size) -> Size:
        return parameters.variants[0].size(source_size)

    def check(self, parameters: CutVariantsParameters, source_size: Size, *, max_pixels: int) -> None:
        for variant in parameters.variants:
            size = variant.size(source_size)
            check_size(size, format=variant.format, sized=False, field="max_resolution", max_pixels=max_pixels)

    def run(self, source: bytes, parameters: CutVariantsParameters, context: Context) -> Result:
        from processing.operations.work import cut_variants  # numpy and OpenCV: workers only

        def check(size: Size) -> None:
            self.check(parameters, size, max_pixels=context.limits.max_pixels)

        return cut_variants.run(source, parameters, context, check)

    def measure(self, source: bytes, parameters: CutVariantsParameters, context: Context) -> float:
        return 1.0  # each keeps its own ratio


FAMILY_OPERATION = CutVariants()

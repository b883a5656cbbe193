"""Only the part of the photo with the product in it, as it was photographed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field, field_validator

from processing.imaging.placement import Size
from processing.operations.base import Context, Result
from processing.operations.output_size import check_size
from processing.operations.picture_fields import CuttingModel, OutputFormat, PictureParameters, Quality, refuse_extras
from processing.operations.process import Margin
from processing.operations.validate import problem, validate

_RATIO = re.compile(r"([1-9][0-9]{0,3}) ?: ?([1-9][0-9]{0,3})")
_WIDEST = 10


class CropParameters(PictureParameters):
    """How much around the product stays, and how it is written."""

    margin: Margin = Field(
        0.05,
        title="Margin",
        description="Free space around the product as a share of the image's shorter side, as far as the photo "
        "reaches: nothing is added to it.",
        examples=[0.1],
    )
    ratio: str | None = Field(
        None,
        title="Ratio",
        description="Width to height, such as 1:1 or 4:5. Without it, the image is as wide and high as the product "
        "and its margin.",
        examples=["1:1", "4:5"],
    )
    model: CuttingModel = None
    format: OutputFormat = None
    jpeg_quality: Quality = 92

    @field_validator("ratio")
    @classmethod
    def _is_a_ratio(cls, ratio: str | None) -> str | None:
        if ratio is None:
            return None
        found = _RATIO.fullmatch(ratio)
        if found is None or not 1 / _WIDEST <= int(found[1]) / int(found[2]) <= _WIDEST:
            raise problem("ratio must be width:height in whole numbers, such as 1:1 or 4:5, from 1:10 to 10:1.")
        return f"{found[1]}:{found[2]}"

    @property
    def width_by_height(self) -> float | None:
        if self.ratio is None:
            return None
        width, height = self.ratio.split(":")
        return int(width) / int(height)


class CropToSubject:
    """`POST /api/v1/crop`."""

    name: ClassVar[str] = "crop_to_subject"
    title: ClassVar[str] = "Cropped to the product"
    verb: ClassVar[str] = "Crop"
    path: ClassVar[str] = "/crop"
    summary: ClassVar[str] = "Crop to the product"
    description: ClassVar[str] = (
        "Finds the product and keeps the part of the photo around it, background and all. No pixel is changed."
    )
    examples: ClassVar[Mapping[str, Mapping[str, object]]] = {
        "A square around the product": {"ratio": "1:1", "margin": 0.1},
        "As close as it goes": {"margin": 0},
    }
    photo: ClassVar[Literal["required", "optional"]] = "required"
    takes_background: ClassVar[bool] = False
    takes_preset: ClassVar[bool] = False
    cost: ClassVar[int] = 1
    scope: ClassVar[str] = "images:write"
    Parameters = CropParameters

    def merge(
        self,
        preset: Mapping[str, object],
        given: Mapping[str, object],
        *,
        background_image: bool = False,
        max_pixels: int | None = None,
    ) -> CropParameters:
        refuse_extras(self.name, preset=bool(preset), background_image=background_image)
        return validate(CropParameters, given, max_pixels=max_pixels)

    def size(self, parameters: CropParameters, source_size: Size) -> None:
        return None  # where the product is, only a look at the pixels says

    def check(self, parameters: CropParameters, source_size: Size, *, max_pixels: int) -> None:
        check_size(source_size, format=parameters.format, sized=False, field="format", max_pixels=max_pixels)

    def preview(self, parameters: CropParameters, source_size: Size) -> CropParameters:
        return parameters.model_copy(update={"format": None})

    def run(self, source: bytes, parameters: CropParameters, context: Context) -> Result:
        from processing.operations.work import crop_to_subject  # numpy and OpenCV: workers only

        def check(size: Size) -> None:
            self.check(parameters, size, max_pixels=context.limits.max_pixels)

        return crop_to_subject.run(source, parameters, context, check)

    def measure(self, source: bytes, parameters: CropParameters, context: Context) -> float:
        return 1.0  # nothing is resized


OPERATION = CropToSubject()

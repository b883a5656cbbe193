"""Only the background goes: the product stays where it is, in a picture as large as the photo."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator
from pydantic.alias_generators import to_camel

from accounts.kit.errors import InvalidInput
from processing.imaging.colors import TRANSPARENT, GradientDirection
from processing.imaging.placement import Size
from processing.operations.base import Context, Result
from processing.operations.controls import Fill
from processing.operations.picture_fields import CuttingModel, Format, Quality
from processing.operations.process import Edges, ProcessParameters, check_output
from processing.operations.validate import validate


class RemoveBackgroundParameters(BaseModel):
    """What decides how the cut-out is written. Unknown fields are refused."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, alias_generator=to_camel, populate_by_name=True, str_strip_whitespace=True
    )

    format: Format = Field("png", title="Format", description="File format of the image.", examples=["png"])
    jpeg_quality: Quality = 92
    background: Annotated[str, Fill()] | None = Field(
        None,
        validate_default=True,
        title="Background",
        description="A colour (#ffffff), a gradient of two colours (#a855f7:#ec4899), or transparent (not with jpg). "
        "Without it: white in a jpg, else transparent.",
        examples=["#ffffff"],
    )
    gradient_direction: GradientDirection = Field(
        "vertical",
        title="Gradient direction",
        description="Where the gradient runs: top to bottom, left to right, or corner to corner.",
        examples=["diagonal-tl-br"],
    )
    model: CuttingModel = None
    edges: Edges = Field(
        "fine",
        title="Edges",
        description="fine estimates the product's own colour along its outline; fast skips what costs time.",
        examples=["fast"],
    )

    @field_validator("background")
    @classmethod
    def _has_a_background(cls, background: str | None, info: ValidationInfo) -> str:
        if not background:
            return "#ffffff" if info.data.get("format") == "jpg" else TRANSPARENT
        return background.lower()

    @property
    def as_process(self) -> ProcessParameters:
        """The same, as the pipeline knows it."""
        return validate(ProcessParameters, self.model_dump(by_alias=True, exclude_none=True))


class RemoveBackground:
    """`POST /api/v1/image/remove-background`, and `operation=remove_background` of `POST /api/v1/jobs`."""

    name: ClassVar[str] = "remove_background"
    title: ClassVar[str] = "Background removed"
    verb: ClassVar[str] = "Remove the background"
    path: ClassVar[str] = ""  # family 2's call, in that family's shape
    summary: ClassVar[str] = "Remove the background"
    description: ClassVar[str] = "Only the background goes: the product stays where it is."
    examples: ClassVar[Mapping[str, Mapping[str, object]]] = {"A transparent cut-out": {"format": "png"}}
    photo: ClassVar[Literal["required", "optional"]] = "required"
    takes_background: ClassVar[bool] = False
    takes_preset: ClassVar[bool] = False
    cost: ClassVar[int] = 1
    scope: ClassVar[str] = "images:write"
    Parameters = RemoveBackgroundParameters

    def merge(
        self,
        preset: Mapping[str, object],
        given: Mapping[str, object],
        *,
        background_image: bool = False,
        max_pixels: int | None = None,
    ) -> RemoveBackgroundParameters:
        if preset:
            raise InvalidInput("Presets belong to the operation process.", field="preset")
        if background_image:
            raise InvalidInput("remove_background takes no background image; process does.", field="backgroundImage")
        parameters = validate(RemoveBackgroundParameters, given, max_pixels=max_pixels)
        parameters.as_process  # noqa: B018  (the rules of colours and models are those of process)
        return parameters

    def size(self, parameters: RemoveBackgroundParameters, source_size: Size) -> Size:
        return source_size

    def check(self, parameters: RemoveBackgroundParameters, source_size: Size, *, max_pixels: int) -> None:
        check_output(parameters.as_process, source_size, max_pixels=max_pixels)

    def preview(self, parameters: RemoveBackgroundParameters, source_size: Size) -> RemoveBackgroundParameters:
        quick = "webp" if parameters.background == TRANSPARENT else "jpg"
        return parameters.model_copy(update={"format": quick})

    def run(self, source: bytes, parameters: RemoveBackgroundParameters, context: Context) -> Result:
        from processing.operations.work import pipeline  # numpy and OpenCV: workers only

        return pipeline.run(source, parameters.as_process, context)

    def measure(self, source: bytes, parameters: RemoveBackgroundParameters, context: Context) -> float:
        return 1.0  # nothing is fitted, so there is no scale to share


OPERATION = RemoveBackground()

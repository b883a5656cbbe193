"""A product in another light: its exposure and warmth, a light from one side, and the shadow that goes with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field

from accounts.kit.errors import InvalidInput
from processing.imaging.light.light import Light
from processing.imaging.placement import Size
from processing.operations.base import Context, Result
from processing.operations.controls import Angle
from processing.operations.picture_fields import no_boolean
from processing.operations.process import ProcessParameters, check_output, for_preview
from processing.operations.process import merge as merge_process
from processing.operations.validate import validate

LightShadow = Literal["none", "contact", "drop", "cast", "reflection"]

_OWN = ("shadow", "direction", "elevation", "softness", "opacity", "lighting", "warmth", "exposure")
_Share = Annotated[float, BeforeValidator(no_boolean), Field(ge=0, le=1, allow_inf_nan=False)]


class RelightShadowParameters(ProcessParameters):
    """The light, and what process has for placement and output. Unknown fields are refused."""

    shadow: LightShadow = Field(  # type: ignore[assignment]  # process has no light to cast with
        "cast",
        title="Shadow",
        description="cast: the product's shadow on the ground, on the far side of the light; drop: a short soft one; "
        "contact: a dark line where the product stands; reflection: a glossy table mirrors its foot.",
        examples=["cast"],
    )
    direction: Annotated[float, BeforeValidator(no_boolean), Field(ge=0, le=360, allow_inf_nan=False), Angle()] = Field(
        315.0,
        title="Direction",
        description="Where the light comes from, in degrees clockwise as seen from above: 0 from behind the product, "
        "90 from the right, 180 from the camera, 270 from the left. The shadow falls to the other side.",
        examples=[315],
    )
    elevation: Annotated[float, BeforeValidator(no_boolean), Field(ge=15, le=90, allow_inf_nan=False)] = Field(
        50.0,
        title="Elevation",
        description="How high the light stands, in degrees: 15 makes long shadows, at 45 they are as long as the "
        "product is tall, at 90 it hangs straight above.",
        examples=[50],
    )
    softness: _Share = Field(
        0.5,
        title="Softness",
        description="Size of the light: 0 a bare bulb with a crisp shadow, 1 a very large softbox. Any shadow is "
        "sharper where the product stands and softer further away.",
        examples=[0.5],
    )
    opacity: _Share = Field(
        0.6,
        title="Opacity",
        description="How dark the shadow or the reflection is; 0 is none.",
        examples=[0.6],
    )
    lighting: _Share = Field(
        0.0,
        title="Lighting",
        description="How strongly the light shades the product itself from its side: 0 not at all, 1 clearly.",
        examples=[0.4],
    )
    warmth: Annotated[float, BeforeValidator(no_boolean), Field(ge=-1, le=1, allow_inf_nan=False)] = Field(
        0.0,
        title="Warmth",
        description="White balance of the product along daylight: -1 bluer, 0 as it is, 1 warmer.",
        examples=[0.2],
    )
    exposure: Annotated[float, BeforeValidator(no_boolean), Field(ge=-2, le=2, allow_inf_nan=False)] = Field(
        0.0,
        title="Exposure",
        description="Brightness of the product in stops, 1 is twice the light. Whites keep their form.",
        examples=[0.3],
    )

    @property
    def light(self) -> Light:
        return Light(self.direction, self.elevation, self.softness, self.opacity)

    @property
    def as_process(self) -> ProcessParameters:
        """Placement and output, as the pipeline knows them."""
        given = self.model_dump(by_alias=True, exclude=set(_OWN), exclude_none=True)
        return validate(ProcessParameters, given)


class RelightShadow:
    """`POST /api/v1/relight/shadow`."""

    name: ClassVar[str] = "relight_shadow"
    title: ClassVar[str] = "Relight and shadow"
    verb: ClassVar[str] = "Relight"
    path: ClassVar[str] = "/relight/shadow"
    summary: ClassVar[str] = "Relight a product and give it a shadow"
    description: ClassVar[str] = (
        "Cuts the product out, changes its exposure, its warmth and the side it is lit from, and lays the shadow of "
        "that light beneath it. The product's outline stays what it is, and without a margin its place too."
    )
    examples: ClassVar[Mapping[str, Mapping[str, object]]] = {
        "A studio shadow to the right": {"shadow": "cast", "direction": 300, "elevation": 45},
        "Warm light on a transparent ground": {
            "shadow": "contact",
            "warmth": 0.3,
            "lighting": 0.4,
            "format": "png",
            "background": "transparent",
        },
    }
    photo: ClassVar[Literal["required", "optional"]] = "required"
    takes_background: ClassVar[bool] = True
    takes_preset: ClassVar[bool] = False
    cost: ClassVar[int] = 1
    scope: ClassVar[str] = "images:write"
    Parameters = RelightShadowParameters

    def merge(
        self,
        preset: Mapping[str, object],
        given: Mapping[str, object],
        *,
        background_image: bool = False,
        max_pixels: int | None = None,
    ) -> RelightShadowParameters:
        if preset:
            raise InvalidInput("relight_shadow has no presets.", field="preset")
        parameters = validate(RelightShadowParameters, given, max_pixels=max_pixels)
        if background_image:
            sent = {"background": given["background"], "format": parameters.format} if "background" in given else {}
            merge_process({}, sent, background_image=True)  # its rule: transparent contradicts an image
        return parameters

    def size(self, parameters: RelightShadowParameters, source_size: Size) -> Size:
        return parameters.canvas.size(source_size)

    def check(self, parameters: RelightShadowParameters, source_size: Size, *, max_pixels: int) -> None:
        check_output(parameters, source_size, max_pixels=max_pixels)

    def preview(self, parameters: RelightShadowParameters, source_size: Size) -> RelightShadowParameters:
        return for_preview(parameters, source_size)

    def run(self, source: bytes, parameters: RelightShadowParameters, context: Context) -> Result:
        from processing.operations.work import relit  # numpy and OpenCV: workers only

        return relit.run(source, parameters, context)

    def measure(self, source: bytes, parameters: RelightShadowParameters, context: Context) -> float:
        from processing.operations.work import pipeline

        return pipeline.measure(source, parameters.as_process, context)


OPERATION = RelightShadow()

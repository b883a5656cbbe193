"""Fields and rules that the operations on whole pictures share: how the file is written, and how large it may be."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from accounts.kit.errors import FieldError, InvalidInput
from processing.engines.registry import find as find_model
from processing.imaging.placement import Size
from processing.operations.process import MAX_SIDE, Format, OutputTooLarge, no_boolean

# What the formats hold; without one it is jpg or png.
_LONGEST = {"jpg": 65_535, "png": 65_535, "webp": 16_383, "avif": 65_535, None: 65_535}

OutputFormat = Annotated[
    Format | None,
    Field(
        title="Format",
        description="File format of the image. Without it: png where the picture is transparent somewhere, else jpg. "
        "In a jpg, what is transparent becomes white.",
        examples=["png"],
    ),
]
Quality = Annotated[
    int,
    BeforeValidator(no_boolean),
    Field(
        ge=1,
        le=100,
        title="Quality",
        description="Quality of JPEG, WebP and AVIF, from 1 to 100. It has no effect on PNG.",
        examples=[92],
    ),
]


def _cuts_out(model: str | None) -> str | None:
    if model is not None:
        try:
            find_model(model, kind="segmentation")
        except InvalidInput as error:
            raise PydanticCustomError("packshot", "{sentence}", {"sentence": error.detail}) from None
    return model


CuttingModel = Annotated[
    str | None,
    AfterValidator(_cuts_out),
    Field(
        title="Model",
        description="Segmentation model that cuts the product out. Without it, the installation's default.",
        examples=["isnet-general-use"],
    ),
]


class PictureParameters(BaseModel):
    """Unknown fields are refused."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, alias_generator=to_camel, populate_by_name=True, str_strip_whitespace=True
    )


def refuse_extras(name: str, *, preset: bool, background_image: bool) -> None:
    """Raises InvalidInput for what comes with a request and only other operations take."""
    if preset:
        raise InvalidInput(f"{name} takes no preset; presets belong to process and recipe.", field="preset")
    if background_image:
        raise InvalidInput(f"{name} takes no background image; process does.", field="backgroundImage")


def wrong(field: str, sentence: str) -> InvalidInput:
    """One sentence about one field."""
    return InvalidInput(sentence, errors=(FieldError(field, sentence),))


def check_size(size: Size, *, format: str | None, sized: bool, field: str, max_pixels: int) -> None:
    """Raises OutputTooLarge. `sized`: a side was named in the request, which goes up to 10,000 pixels."""
    width, height = size
    longest = min(MAX_SIDE, _LONGEST[format]) if sized else _LONGEST[format]
    if max(size) > longest or width * height > max_pixels:
        raise OutputTooLarge(
            f"The image would be {width} × {height} pixels. At most {longest} pixels a side and "
            f"{max_pixels / 1e6:g} megapixels are possible{f' as {format}' if format else ''}.",
            field=field,
        )

"""Fields and rules that the operations on whole pictures share: what the file is, and what cuts the product out."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from accounts.kit.errors import FieldError, InvalidInput
from processing.engines.registry import find as find_model
from processing.operations.validate import problem

Format = Literal["jpg", "png", "webp", "avif"]


def no_boolean(value: object) -> object:
    """For numbers that must be sent as numbers."""
    if isinstance(value, bool):  # pydantic would take true for 1
        raise PydanticCustomError("number_type", "not a number")
    return value


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
            raise problem(error.detail) from None
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

"""The fields of `POST /api/v1/image/remove-background`, and how they become a job."""

from __future__ import annotations

from typing import Any, Literal

from django.conf import settings
from django.http import HttpRequest
from pydantic import BaseModel, ConfigDict, Field, field_validator

from accounts.kit.errors import FieldError, InvalidInput
from dashboard.api.body import Body, read_body
from dashboard.api.fields import split
from dashboard.api.incoming import FilePhoto, RemotePhoto
from dashboard.api.problems import Problems
from processing.actions.new_photos import NewPhoto
from processing.actions.submit_photos import Photos
from processing.imaging.colors import GradientDirection, parse_color
from processing.operations.remove_background import RemoveBackground
from processing.operations.validate import problem

FILES = ("input_image", "image")
_SLACK = 1_000_000


def _color(text: str) -> str:
    """With or without its #, as people send it."""
    color = text if text.startswith("#") else f"#{text}"
    parse_color(color)
    return color.lower()


class RemoveBackgroundFields(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    input_image: str | None = Field(
        None,
        title="Image",
        description="Address of the photo: http or https on the public internet. Required unless a file is sent, under "
        "this name or as image.",
        examples=["https://example.com/photo.jpg"],
    )
    output_format: Literal["png", "jpg", "webp"] = Field(
        "png", title="Format", description="File format of the answer's image.", examples=["png"]
    )
    bg_color: str | None = Field(
        None,
        title="Background colour",
        description="Colour behind the product, in hex. It goes before bg_gradient. Without either, a jpg is white and "
        "png and webp are transparent.",
        examples=["#ffffff"],
    )
    bg_gradient: str | None = Field(
        None,
        title="Background gradient",
        description="Two colours in hex, divided by a colon.",
        examples=["#a855f7:#ec4899"],
    )
    gradient_direction: GradientDirection = Field(
        "vertical",
        title="Gradient direction",
        description="Where the gradient runs: top to bottom, left to right, or corner to corner.",
        examples=["diagonal-tl-br"],
    )

    @field_validator("bg_color")
    @classmethod
    def _is_a_color(cls, color: str | None) -> str | None:
        try:
            return _color(color) if color else None
        except ValueError:
            raise problem("bg_color must be a colour in hex, such as #ffffff.") from None

    @field_validator("bg_gradient")
    @classmethod
    def _is_a_gradient(cls, gradient: str | None) -> str | None:
        if not gradient:
            return None
        try:
            start, end = gradient.split(":")
            return f"{_color(start)}:{_color(end)}"
        except ValueError:
            raise problem("bg_gradient must be two colours in hex, such as #a855f7:#ec4899.") from None


def read_remove_background(request: HttpRequest) -> Photos:
    """The photo and how it is to be cut out. Raises InvalidInput that names every wrong field."""
    body = read_body(request, limit=settings.MAX_UPLOAD_BYTES + _SLACK)
    problems = Problems()
    fields = split(body, RemoveBackgroundFields, BaseModel, problems, files=FILES).call
    photo: list[NewPhoto] = []
    with problems.gather():
        photo.append(_photo(body, fields))
    problems.refuse()
    return Photos(sources=photo, operation=RemoveBackground.name, parameters=_parameters(fields))


def _photo(body: Body, fields: RemoveBackgroundFields) -> NewPhoto:
    files = [FilePhoto(file, name) for name in FILES for file in body.files.get(name, [])]
    sent = [*(file.field for file in files), *(["input_image"] if body.fields.get("input_image") else [])]
    if not sent:
        raise InvalidInput("input_image is missing: send the address of a photo, or a file.", field="input_image")
    if len(sent) > 1:
        sentence = "Send the photo once: as an address or as a file."
        raise InvalidInput(sentence, errors=tuple(FieldError(name, sentence) for name in dict.fromkeys(sent)))
    return files[0] if files else RemotePhoto(fields.input_image or "", "input_image")


def _parameters(fields: RemoveBackgroundFields) -> dict[str, Any]:
    background = fields.bg_color or fields.bg_gradient
    return {
        "format": fields.output_format,
        "gradientDirection": fields.gradient_direction,
        **({"background": background} if background else {}),
    }

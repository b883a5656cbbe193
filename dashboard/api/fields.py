"""The fields of image calls: those of the call itself are here, those of the operation in its own parameters."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic.alias_generators import to_camel

from accounts.kit.outbound import OutboundError, check_url
from dashboard.api.body import Body
from dashboard.api.problems import Problems
from processing.operations.registry import OPERATIONS
from processing.operations.validate import problem, validate

F = TypeVar("F", bound=BaseModel)

MAX_LABEL = 200


def is_file_id(value: object, field: str) -> str:
    """For validators: the id as text. Raises what pydantic reports as one sentence."""
    try:
        return str(uuid.UUID(value if isinstance(value, str) else ""))
    except ValueError:
        raise problem(f"{field} must be the fileId of an earlier upload or output.") from None


class UploadFields(BaseModel):
    """Those of `POST /api/v1/files`."""

    model_config = ConfigDict(extra="forbid", alias_generator=to_camel, str_strip_whitespace=True)

    image_url: str | None = Field(
        None,
        title="Image URL",
        description="Address of the photo, instead of a file. http or https on the public internet; at most five "
        "redirects, 20 seconds and 30 MB.",
        examples=["https://example.com/photo.jpg"],
    )


class ImageFields(UploadFields):
    """What every image call takes beside the parameters of its operation."""

    file_id: str | None = Field(
        None,
        title="File",
        description="The fileId of an earlier upload or output, instead of a file.",
        examples=["01985b6c-7a3e-7c1d-9b0a-2f6c1d4e5f60"],
    )
    background_image_url: str | None = Field(
        None,
        title="Background image URL",
        description="Address of a picture to lay behind the product; backgroundImage takes a file instead.",
        examples=["https://example.com/table.jpg"],
    )
    preset: str | None = Field(
        None,
        title="Preset",
        description="A built-in preset or one of your own, by its name. Fields of the call win over it.",
        examples=["amazon-main"],
    )
    preset_label: str | None = Field(
        None,
        max_length=MAX_LABEL,
        title="Label",
        description="Free text that is kept with the job and can be searched for.",
        examples=["spring-catalog"],
    )

    @field_validator("file_id", mode="before")
    @classmethod
    def _is_a_file_id(cls, value: object) -> str | None:
        return is_file_id(value, "fileId") if value not in (None, "") else None


class JobFields(ImageFields):
    """Those of `POST /api/v1/jobs`."""

    file_id: str | list[str] | None = Field(  # type: ignore[assignment]
        None,
        title="Files",
        description="The fileId of an earlier upload or output, or several of them (the field repeated in a form, "
        "a list in JSON): a batch in that order.",
        examples=[["01985b6c-7a3e-7c1d-9b0a-2f6c1d4e5f60"]],
    )
    operation: str = Field(
        "process", title="Operation", description="The operation to run over every image.", examples=["process"]
    )
    webhook_url: str | None = Field(
        None,
        max_length=2000,
        title="Webhook URL",
        description="An address that is called when the job has ended.",
        examples=["https://example.com/hooks/packshot"],
    )

    @field_validator("file_id", mode="before")
    @classmethod
    def _is_a_file_id(cls, value: object) -> Any:
        if isinstance(value, list):
            return [is_file_id(each, "fileId") for each in value]
        return is_file_id(value, "fileId") if value not in (None, "") else None

    @field_validator("operation")
    @classmethod
    def _is_an_operation(cls, name: str) -> str:
        if name not in OPERATIONS:
            raise problem(f"There is no operation {name[:80]}. There are: {', '.join(sorted(OPERATIONS))}.")
        return name

    @field_validator("webhook_url")
    @classmethod
    def _is_an_address(cls, url: str | None) -> str | None:
        if url:
            try:
                check_url(url)
            except OutboundError as error:
                raise problem(f"webhookUrl: {error.detail}") from None
        return url


@dataclass(frozen=True, slots=True)
class Split(Generic[F]):
    """`call`: the call's own fields, those that are wrong left out. `parameters`: for the operation, as they came."""

    call: F
    parameters: Mapping[str, Any]


def split(
    body: Body, model: type[F], parameters: type[BaseModel], problems: Problems, *, files: Iterable[str]
) -> Split[F]:
    """Tells the call's own fields from those of the operation. Notes every field that is unknown or wrong, or is a
    file where text belongs and the other way round."""
    own, theirs, parts = _names(model), _names(parameters), list(files)
    texts = [*own, *theirs]
    for name in body.fields:
        if name not in texts:
            problems.note(name, _not_text(name, parts, texts))
    for name in body.files:
        if name not in parts:
            problems.note(name, _not_a_file(name, parts, texts))
    given = {name: value for name, value in body.fields.items() if name in own}
    with problems.gather() as found:
        validate(model, given)
    wrong = {error.field for error in found}
    call = validate(model, {name: value for name, value in given.items() if name not in wrong})
    return Split(call, {name: value for name, value in body.fields.items() if name in theirs})


def _names(model: type[BaseModel]) -> list[str]:
    return [info.alias or name for name, info in model.model_fields.items()]


def _not_text(name: str, files: list[str], texts: list[str]) -> str:
    if name in files:
        return f"{name} must be a file part of a multipart body (with curl: -F {name}=@photo.jpg)."
    return _unknown(name, [*files, *texts])


def _not_a_file(name: str, files: list[str], texts: list[str]) -> str:
    if name in texts:
        return f"{name} must be text, not a file."
    return _unknown(name, [*files, *texts])


def _unknown(name: str, known: list[str]) -> str:
    close = get_close_matches(name, known, n=1)
    return f"There is no field {name[:80]}." + (f" Did you mean {close[0]}?" if close else "")

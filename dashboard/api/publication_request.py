"""The fields of `POST /api/v1/publications`, and the image that they name."""

from __future__ import annotations

import uuid
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic.alias_generators import to_camel

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import FieldError, InvalidInput, NotFound
from dashboard.api.fields import is_file_id
from integrations.actions.publish import Wanted
from integrations.publishing import MAIN
from processing.operations.validate import problem
from processing.queries.jobs import job as find_job


class PublicationFields(BaseModel):
    """Body of `POST /api/v1/publications`."""

    model_config = ConfigDict(extra="forbid", alias_generator=to_camel, str_strip_whitespace=True)

    file_id: str | None = Field(
        None,
        title="File",
        description="The fileId of an upload or an output: this, or jobId.",
        examples=["01985b6c-7a3e-7c1d-9b0a-2f6c1d4e5f60"],
    )
    job_id: str | None = Field(
        None,
        title="Job",
        description="A job that has made exactly one image, instead of fileId.",
        examples=["01985b6c-7a3e-7c1d-9b0a-2f6c1d4e5f60"],
    )
    connection_id: str = Field(
        title="Shop",
        description="The connectionId of a connected shop.",
        examples=["01985b6c-7a3e-7c1d-9b0a-2f6c1d4e5f60"],
    )
    product_id: str = Field(
        title="Product", max_length=100, description="The productId of the catalog.", examples=["98"]
    )
    variant_id: str | None = Field(
        None,
        title="Variant",
        max_length=100,
        description="The variantId of the catalog: the image becomes this variant's own.",
        examples=["512"],
    )
    slot: str = Field(
        MAIN,
        title="Slot",
        max_length=20,
        description="`main`, or a number from `2` on, counted from the main image; some marketplaces know more, such "
        "as `swatch`.",
        examples=["main"],
    )
    dry_run: bool = Field(
        False,
        title="Dry run",
        description="Only ask the marketplace whether it would take the image, where it can be asked.",
        examples=[False],
    )
    override_reason: str | None = Field(
        None,
        title="Override reason",
        max_length=500,
        description="Publish although the image fails the marketplace's rules. The reason is kept and audited.",
        examples=["The frame belongs to the product."],
    )

    @field_validator("file_id", mode="before")
    @classmethod
    def _is_a_file_id(cls, value: object) -> str | None:
        return is_file_id(value, "fileId") if value not in (None, "") else None

    @field_validator("job_id", "connection_id", mode="before")
    @classmethod
    def _is_an_id(cls, value: object, info: Any) -> str | None:
        if value in (None, "") and info.field_name == "job_id":
            return None
        try:
            return str(uuid.UUID(value if isinstance(value, str) else ""))
        except ValueError:
            name = to_camel(info.field_name)
            sentence = f"{name} must be the {name} of an earlier answer."
            raise problem(sentence) from None


def wanted(actor: Actor, fields: PublicationFields) -> Wanted:
    """Raises InvalidInput, NotFound."""
    return Wanted(
        image_id=_image(actor, fields),
        connection_id=uuid.UUID(fields.connection_id),
        product=fields.product_id,
        variant=fields.variant_id or "",
        slot=fields.slot,
        dry_run=fields.dry_run,
        override_reason=fields.override_reason or "",
        job_id=uuid.UUID(fields.job_id) if fields.job_id else None,
    )


def _image(actor: Actor, fields: PublicationFields) -> uuid.UUID:
    if fields.file_id and fields.job_id:
        sentence = "Send one image: fileId and jobId contradict each other."
        raise InvalidInput(sentence, errors=(FieldError("fileId", sentence), FieldError("jobId", sentence)))
    if fields.file_id:
        return uuid.UUID(fields.file_id)
    if not fields.job_id:
        raise InvalidInput("Name the image: its fileId, or the jobId that made it.", field="fileId")
    try:
        job = find_job(actor, uuid.UUID(fields.job_id), needs=Permission.PUBLISH_WRITE)
    except NotFound as error:
        raise NotFound(error.detail, field="jobId") from None
    outputs = [image.output_id for image in job.images.all() if image.output_id]
    if len(outputs) != 1:
        many = f"has made {len(outputs):,} images" if outputs else "has made no image"
        raise InvalidInput(f"jobId: this job {many}. Name one by its fileId.", field="jobId")
    return outputs[0]

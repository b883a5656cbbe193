"""The fields of `POST /api/v1/compliance`, and how they become a check."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from pydantic import BaseModel, Field, field_validator

from accounts.access.actor import Actor
from accounts.kit.errors import FieldError, InvalidInput, NotFound
from accounts.limits.idempotency import Claim
from dashboard.api.body import read_body
from dashboard.api.call import call_of
from dashboard.api.fields import UploadFields, is_file_id, split
from dashboard.api.incoming import FilePhoto, RemotePhoto
from dashboard.api.problems import Problems
from dashboard.api.query import refuse_query
from processing.actions.new_photos import NewPhoto
from processing.operations.validate import problem
from processing.queries.compliance import find_key

_SLACK = 1_000_000


class ComplianceFields(UploadFields):
    file_id: str | None = Field(
        None,
        title="File",
        description="The fileId of an earlier upload or output, instead of a file.",
        examples=["01985b6c-7a3e-7c1d-9b0a-2f6c1d4e5f60"],
    )
    marketplace: str = Field(
        "amazon",
        max_length=80,
        title="Marketplace",
        description="amazon, shopify, woocommerce, ebay, etsy, walmart, google, or the name of an own profile.",
        examples=["amazon"],
    )
    slot: str = Field(
        "main",
        max_length=20,
        title="Slot",
        description="main or additional: which of the listing's images it is to be. An own profile has a slot already.",
        examples=["main"],
    )
    as_of: str | None = Field(
        None,
        title="As of",
        description="The day to judge by, such as 2027-02-01: rules that begin later only warn. Today without it.",
        examples=["2027-02-01"],
    )
    product_type: str | None = Field(
        None,
        max_length=80,
        title="Product type",
        description="Some rules hold for some products only, such as apparel on Google; own profiles can add types.",
        examples=["apparel"],
    )

    @field_validator("file_id", mode="before")
    @classmethod
    def _is_a_file_id(cls, value: object) -> str | None:
        return is_file_id(value, "fileId") if value not in (None, "") else None

    @field_validator("as_of")
    @classmethod
    def _is_a_day(cls, value: str | None) -> str | None:
        if value:
            try:
                date.fromisoformat(value)
            except ValueError:
                raise problem("asOf must be a date such as 2027-02-01.") from None
        return value


@dataclass(frozen=True, slots=True)
class Asked:
    """`source`: a new photo or the id of a file. `filename`: where the image has one that a listing would show."""

    source: NewPhoto | uuid.UUID
    key: str
    as_of: date
    product_type: str
    filename: str
    claim: Claim | None


def read_compliance(request: HttpRequest, actor: Actor) -> Asked:
    """Raises InvalidInput that names every wrong field."""
    body = read_body(request, limit=settings.MAX_UPLOAD_BYTES + _SLACK)
    problems = Problems()
    with problems.gather():
        refuse_query(request)
    call = split(body, ComplianceFields, BaseModel, problems, files=("image",)).call
    key = ""
    with problems.gather():
        try:
            key = find_key(actor, call.marketplace, call.slot)
        except NotFound as error:
            field = error.field or "marketplace"
            raise InvalidInput(error.detail, errors=(FieldError(field, error.detail),)) from None
    source: NewPhoto | uuid.UUID | None = None
    with problems.gather():
        source = _source(body.files.get("image", []), body.fields, call)
    problems.refuse()
    assert source is not None
    return Asked(
        source=source,
        key=key,
        as_of=date.fromisoformat(call.as_of) if call.as_of else timezone.localdate(),
        product_type=call.product_type or "",
        filename=source.name if isinstance(source, FilePhoto) else "",
        claim=call_of(request).claim,
    )


def _source(files: list[Any], fields: dict[str, Any], call: ComplianceFields) -> NewPhoto | uuid.UUID | None:
    sent = [name for name in ("imageUrl", "fileId") if fields.get(name)] + ["image"] * len(files)
    if len(sent) != 1:
        sentence = (
            f"Send one image: {' and '.join(sent)} contradict each other."
            if sent
            else ("Send an image: a file as image, an imageUrl, or a fileId.")
        )
        named = dict.fromkeys(sent or ["image"])
        raise InvalidInput(sentence, errors=tuple(FieldError(name, sentence) for name in named))
    if call.image_url:
        return RemotePhoto(call.image_url, "imageUrl")
    if call.file_id:
        return uuid.UUID(call.file_id)
    return FilePhoto(files[0], "image") if files else None  # what was sent instead is wrong, and noted already

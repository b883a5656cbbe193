"""BackgroundCut family: an address of a file that works without a header."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import BaseModel, ConfigDict, Field

from accounts.access.permissions import Permission
from dashboard.addresses import image_url
from dashboard.api.auth import Requires, caller
from dashboard.api.backgroundcut_answers import failures
from dashboard.api.body import read_body
from dashboard.api.query import refuse_query
from dashboard.api.request_docs import json_docs
from processing.operations.validate import validate
from processing.queries import space
from processing.space_path import LONGEST, clean

router = Router(tags=["Files"])
_LIMIT = 100_000


class PublicUrlFields(BaseModel):
    model_config = ConfigDict(extra="forbid")

    key: str = Field(
        title="Key",
        description="The path of the file.",
        examples=["my-project/photo.jpg"],
        json_schema_extra={"maxLength": LONGEST},
    )


class PublicUrl(Schema):
    url: str = Field(
        description="Works without a header until the file ends; whoever has it can see the image.",
        examples=["https://images.example.com/i/3Zk…9fQ.png"],
    )


@router.post(
    "/file-ops/get-public-url/",
    auth=Requires(Permission.IMAGES_READ),
    operation_id="getPublicUrl",
    summary="Get a public address",
    description="An address of the file that works without a header and that nobody can guess. It ends with the file, "
    "and with the time that public addresses live.",
    response={200: PublicUrl, **failures(400, 401, 403, 404)},
    openapi_extra=json_docs(PublicUrlFields, {"A file": {"key": "my-project/photo.jpg"}}),
)
def public_url(request: HttpRequest) -> PublicUrl:
    body = read_body(request, limit=_LIMIT)
    refuse_query(request)
    path = clean(validate(PublicUrlFields, body.fields).key, "key")
    return PublicUrl(url=image_url(request, space.file_at(caller(request), path).asset))

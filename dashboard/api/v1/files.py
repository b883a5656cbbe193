from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Router, Status
from pydantic import BaseModel, ConfigDict, Field

from accounts.access.permissions import Permission
from accounts.kit.paging import page
from dashboard.addresses import base
from dashboard.api.answers import FileAnswer, FileList, problems
from dashboard.api.auth import Requires, caller
from dashboard.api.image_request import read_upload_call
from dashboard.api.job_answers import file_answer
from dashboard.api.prefer import prefers_image
from dashboard.api.query import read_query
from dashboard.api.request_docs import file_docs, query_docs, upload_docs
from dashboard.file_response import file_response
from processing.actions import blobs
from processing.actions.assets import delete_asset
from processing.actions.new_photos import keep
from processing.imaging.formats import CONTENT_TYPES
from processing.queries import assets as queries

router = Router(tags=["Files"], by_alias=True)


class FileQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    limit: int = Field(20, ge=1, le=100, description="Files in one answer.")
    cursor: str = Field("", description="nextCursor of the page before.")


@router.post(
    "/files",
    auth=Requires(Permission.IMAGES_WRITE),
    operation_id="uploadFile",
    summary="Upload a photo",
    description="Keeps a photo, so that further calls can name it by its fileId. Free. The same bytes under the same "
    "name are the same file.",
    response={201: FileAnswer, **problems(400, 401, 402, 403, 413, 415, 429)},
    openapi_extra=upload_docs(),
)
def upload(request: HttpRequest, response: HttpResponse) -> Status[FileAnswer]:
    asset = keep(caller(request), read_upload_call(request))
    response["Location"] = base(request) + reverse("api_v1:file", args=[asset.pk])
    return Status(201, file_answer(request, asset))


@router.get(
    "/files",
    auth=Requires(Permission.IMAGES_READ),
    operation_id="listFiles",
    summary="List files",
    description="The organization's uploads and outputs, newest first.",
    response={200: FileList, **problems(400, 401, 403, 429)},
    openapi_extra=query_docs(FileQuery),
)
def list_files(request: HttpRequest) -> FileList:
    query = read_query(request, FileQuery)
    rows = page(queries.files(caller(request)), size=query.limit, older_than=query.cursor)
    return FileList(files=[file_answer(request, asset) for asset in rows.rows], next_cursor=rows.older)


@router.api_operation(
    ["GET", "HEAD"],
    "/files/{uuid:file_id}",
    auth=Requires(Permission.IMAGES_READ),
    operation_id="readFile",
    summary="Read a file",
    description="The image itself, with ETag and ranges, for as long as the organization keeps it. With "
    "`Accept: application/json` its figures, as they are in the list.",
    response={200: FileAnswer, **problems(401, 403, 404, 429)},
    url_name="file",
    openapi_extra=file_docs(),
)
def read(request: HttpRequest, file_id: uuid.UUID) -> FileAnswer | HttpResponse:
    asset = queries.asset(caller(request), file_id)
    if not prefers_image(request, otherwise=True):
        return file_answer(request, asset)
    response = file_response(
        request, blobs.read(asset.blob), content_type=CONTENT_TYPES[asset.format], etag=asset.blob.sha256
    )
    response["Vary"] = "Accept"
    return response


@router.delete(
    "/files/{uuid:file_id}",
    auth=Requires(Permission.IMAGES_WRITE),
    operation_id="deleteFile",
    summary="Delete a file",
    description="Removes the image for good; its addresses stop working. A job that still needs it fails.",
    response={204: None, **problems(401, 403, 404, 429)},
)
def delete(request: HttpRequest, file_id: uuid.UUID) -> Status[None]:
    delete_asset(caller(request), asset_id=file_id)
    return Status(204, None)

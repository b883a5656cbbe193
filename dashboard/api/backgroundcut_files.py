"""BackgroundCut family: files of the space by their paths."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Path, Router

from accounts.access.permissions import Permission
from dashboard.api.auth import Requires, caller
from dashboard.api.backgroundcut_answers import Done, failures
from dashboard.api.query import refuse_query
from dashboard.api.request_docs import file_docs
from dashboard.file_response import file_response
from processing.actions import blobs
from processing.actions.space import remove
from processing.imaging.formats import CONTENT_TYPES
from processing.queries import space
from processing.space_path import clean

router = Router(tags=["Files"])
_PATH: Any = Path(  # type: ignore[type-arg]
    ..., description="The path of the file.", examples={"A file": {"value": "my-project/photo.jpg"}}
)


@router.api_operation(
    ["GET", "HEAD"],
    "/files/{path:path}",
    auth=Requires(Permission.IMAGES_READ),
    operation_id="readSpaceFile",
    summary="Read a file",
    description="The image itself, with ETag and ranges, until it ends: two hours (setting) after it came.",
    response={200: None, **failures(400, 401, 403, 404)},
    openapi_extra=file_docs(),
)
def read(request: HttpRequest, path: str = _PATH) -> HttpResponse:
    refuse_query(request)
    asset = space.file_at(caller(request), clean(path, "path")).asset
    return file_response(
        request, blobs.read(asset.blob), content_type=CONTENT_TYPES[asset.format], etag=asset.blob.sha256
    )


@router.delete(
    "/files/{path:path}",
    auth=Requires(Permission.IMAGES_WRITE),
    operation_id="deleteSpaceFile",
    summary="Delete a file",
    description="Removes the image for good; its public addresses stop working.",
    response={200: Done, **failures(400, 401, 403, 404)},
)
def delete(request: HttpRequest, path: str = _PATH) -> Done:
    refuse_query(request)
    remove(caller(request), path=clean(path, "path"))
    return Done()

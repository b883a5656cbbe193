"""From the body of an image call to the photos and parameters of a job."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from pydantic import BaseModel

from accounts.kit.errors import FieldError, InvalidInput
from dashboard.api.auth import caller
from dashboard.api.body import Body, read_body
from dashboard.api.call import call_of
from dashboard.api.fields import ImageFields, JobFields, UploadFields, split
from dashboard.api.incoming import FilePhoto, RemotePhoto
from dashboard.api.problems import Problems
from dashboard.api.query import refuse_query
from processing.actions.new_photos import NewPhoto
from processing.actions.submit import merged_parameters
from processing.actions.submit_photos import Photos
from processing.operations.base import Operation
from processing.operations.registry import OPERATIONS
from processing.operations.registry import find as find_operation

FILES = ("image", "backgroundImage")
_SLACK = 1_000_000


def read_image_call(request: HttpRequest, operation: str) -> Photos:
    """One photo for one operation. Raises InvalidInput that names every wrong field."""
    body = read_body(request, limit=2 * settings.MAX_UPLOAD_BYTES + _SLACK)
    problems = Problems()
    if len(body.files.get("image", ())) > 1:
        problems.note("image", "Send one image. POST /api/v1/jobs takes several as a batch.")
    return _photos(request, body, find_operation(operation), ImageFields, problems)


def read_job_call(request: HttpRequest) -> Photos:
    """One photo or a batch for the operation that the body names. Raises InvalidInput that names every wrong field."""
    body = read_body(request, limit=settings.MAX_REQUEST_BYTES, repeatable={"fileId"})
    wanted = body.fields.get("operation")
    # An unknown name is told by the field's own check, together with whatever else is wrong.
    operation = OPERATIONS.get(wanted if isinstance(wanted, str) else "", OPERATIONS["process"])
    return _photos(request, body, operation, JobFields, Problems())


def read_upload_call(request: HttpRequest) -> NewPhoto:
    """One photo to keep: as the file part `image` or `file`, or as imageUrl."""
    body = read_body(request, limit=settings.MAX_UPLOAD_BYTES + _SLACK)
    problems = Problems()
    with problems.gather():
        refuse_query(request)
    call = split(body, UploadFields, BaseModel, problems, files=("image", "file")).call
    problems.refuse()
    photos: list[NewPhoto] = [FilePhoto(file, name) for name in ("image", "file") for file in body.files.get(name, [])]
    if call.image_url:
        photos.append(RemotePhoto(call.image_url, "imageUrl"))
    if len(photos) != 1:
        raise InvalidInput("Send one photo: a file as image, or an imageUrl.", field="image")
    return photos[0]


def _photos(
    request: HttpRequest, body: Body, operation: Operation[Any], model: type[ImageFields], problems: Problems
) -> Photos:
    with problems.gather():
        refuse_query(request)
    fields = split(body, model, operation.Parameters, problems, files=FILES)
    call = fields.call
    sources: list[NewPhoto | uuid.UUID] = []
    background: NewPhoto | None = None
    with problems.gather():
        sources = _sources(body, call, operation)
    with problems.gather():
        background = _background(body, call)
    with problems.gather():
        merged_parameters(
            caller(request),
            operation,
            preset=call.preset or "",
            given=fields.parameters,
            background_image=background is not None,
        )
    problems.refuse()
    this = call_of(request)
    this.label = call.preset_label or ""
    return Photos(
        sources=sources,
        operation=operation.name,
        parameters=fields.parameters,
        preset=call.preset or "",
        preset_label=call.preset_label or "",
        background=background,
        webhook_url=(call.webhook_url or "") if isinstance(call, JobFields) else "",
        claim=this.claim,
    )


def _sources(body: Body, call: ImageFields, operation: Operation[Any]) -> list[NewPhoto | uuid.UUID]:
    files = body.files.get("image", [])
    ids: Any = call.file_id
    names = ("image", "imageUrl", "fileId")
    # By what was sent, not by what of it is good: a wrong fileId is no missing photo.
    sent = [name for name in names if body.files.get(name) or body.fields.get(name)]
    if len(sent) > 1:
        sentence = f"Send the photo once: {' and '.join(sent)} contradict each other."
        raise InvalidInput(sentence, errors=tuple(FieldError(name, sentence) for name in sent))
    if not sent and operation.photo == "optional":
        return []
    if not sent:
        raise InvalidInput("Send a photo: a file as image, an imageUrl, or a fileId.", field="image")
    if call.image_url:
        return [RemotePhoto(call.image_url, "imageUrl")]
    if ids:
        return [uuid.UUID(each) for each in (ids if isinstance(ids, list) else [ids])]
    return [FilePhoto(file, "image") for file in files]


def _background(body: Body, call: ImageFields) -> NewPhoto | None:
    files = body.files.get("backgroundImage", [])
    if len(files) > 1 or (files and call.background_image_url):
        raise InvalidInput(
            "Send one background: backgroundImage as a file, or backgroundImageUrl.", field="backgroundImage"
        )
    if files:
        return FilePhoto(files[0], "backgroundImage")
    if call.background_image_url:
        return RemotePhoto(call.background_image_url, "backgroundImageUrl")
    return None

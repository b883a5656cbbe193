"""BackgroundCut family: photos into the file space, in the two spellings that its clients have."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import BaseModel, ConfigDict, Field

from accounts.access.permissions import Permission
from accounts.kit.errors import InvalidInput
from dashboard.api.auth import Requires, caller
from dashboard.api.backgroundcut_answers import failures, shown
from dashboard.api.body import Body, read_body
from dashboard.api.fields import split
from dashboard.api.incoming import FilePhoto
from dashboard.api.problems import Problems
from dashboard.api.query import refuse_query
from processing.actions import space
from processing.actions.assets import clean_name
from processing.actions.new_photos import NewPhoto
from processing.space_path import clean

router = Router(tags=["Uploads"])
FILES = ("files", "file")


class UploadFields(BaseModel):
    model_config = ConfigDict(extra="forbid")

    upload_path: str | None = Field(
        None,
        title="Upload path",
        description="With files: the folder that they go into. Without it, the top of the file space.",
        examples=["my-project"],
    )
    key: str | None = Field(
        None,
        title="Key",
        description="With file: the whole path that it gets. A file that is there already gives way.",
        examples=["my-project/photo.jpg"],
    )


class Uploaded(Schema):
    file_paths: list[str] | None = Field(
        None, description="With files: the path of each, in their order.", examples=[["my-project/photo.jpg"]]
    )
    success: bool | None = Field(None, description="With file and key: true.", examples=[True])


def _docs() -> dict[str, Any]:
    files = {
        "files": {
            "type": "array",
            "items": {"type": "string", "format": "binary"},
            "description": "One photo or several. A name that is taken gets a suffix: photo_1.jpg.",
        },
        "file": {"type": "string", "format": "binary", "description": "One photo, for key. The newer spelling."},
    }
    text = {
        "upload_path": {"type": "string", "maxLength": 1024, "example": "my-project"},
        "key": {"type": "string", "maxLength": 1024, "example": "my-project/photo.jpg"},
    }
    for name, schema in text.items():
        schema["description"] = UploadFields.model_fields[name].description or ""
    schema = {"type": "object", "properties": files | text, "additionalProperties": False}
    media = {"schema": schema, "example": {"files": ["photo.jpg"], "upload_path": "my-project"}}
    return {"requestBody": {"required": True, "content": {"multipart/form-data": media}}}


@router.post(
    "/file-ops/upload/",
    auth=Requires(Permission.IMAGES_WRITE),
    operation_id="uploadToSpace",
    summary="Upload photos",
    description="Puts photos into the organization's file space, where they live for two hours (setting). Free. Send "
    "`files` with `upload_path`, or `file` with `key`. All of them are kept, or none.",
    response={200: Uploaded, **failures(400, 401, 402, 403, 413, 415, 429)},
    exclude_none=True,
    openapi_extra=_docs() | shown({"file_paths": ["my-project/photo.jpg"]}),
)
def upload(request: HttpRequest) -> Uploaded:
    body = read_body(request, limit=settings.MAX_REQUEST_BYTES)
    problems = Problems()
    with problems.gather():
        refuse_query(request)
    fields = split(body, UploadFields, BaseModel, problems, files=FILES).call
    photos: list[tuple[str, NewPhoto]] = []
    with problems.gather():
        photos = _photos(body, fields)
    problems.refuse()
    by_key = fields.key is not None
    paths = space.upload(caller(request), photos=photos, replace=by_key)
    return Uploaded(success=True if by_key else None, file_paths=None if by_key else paths)


def _photos(body: Body, fields: UploadFields) -> list[tuple[str, NewPhoto]]:
    several, one = body.files.get("files", []), body.files.get("file", [])
    if fields.key is not None or one:
        if several or fields.upload_path is not None:
            raise InvalidInput("Send files with upload_path, or file with key, not a mixture of both.", field="key")
        if fields.key is None:
            raise InvalidInput("key is missing: it is the path that the file gets.", field="key")
        if len(one) != 1:
            raise InvalidInput("Send one file part named file with key.", field="file")
        return [(clean(fields.key, "key"), FilePhoto(one[0], "file"))]
    if not several:
        raise InvalidInput("files is missing: send one or more file parts of that name.", field="files")
    if len(several) > settings.MAX_BATCH_IMAGES:
        raise InvalidInput(f"Send at most {settings.MAX_BATCH_IMAGES} files at once.", field="files")
    folder = (fields.upload_path or "").removesuffix("/")
    start = f"{clean(folder, 'upload_path')}/" if folder or fields.upload_path == "/" else ""
    return [
        (clean(f"{start}{clean_name(file.name or '')}", "upload_path"), FilePhoto(file, "files")) for file in several
    ]

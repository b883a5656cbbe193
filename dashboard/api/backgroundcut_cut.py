"""BackgroundCut family: AI cut, what is pointed at cut out."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from accounts.access.permissions import Permission
from accounts.kit.errors import InvalidInput
from accounts.queries.credits import balance
from dashboard.api import credits_headers
from dashboard.api.auth import Requires, caller
from dashboard.api.backgroundcut_answers import failures, shown
from dashboard.api.backgroundcut_fields import VariantFields, input_path
from dashboard.api.body import read_body
from dashboard.api.call import call_of
from dashboard.api.image_call import finished
from dashboard.api.problems import Problems
from dashboard.api.query import refuse_query
from dashboard.api.request_docs import json_docs
from processing.actions.submit_photos import Photos
from processing.models import Asset
from processing.operations.picture_fields import no_boolean
from processing.operations.segment import MAX_MARKS, Segment, clicks
from processing.operations.validate import validate
from processing.queries import space
from processing.space_path import LONGEST

router = Router(tags=["Images"])
_LIMIT = 1_000_000
_PATH: dict[str, Any] = {"maxLength": LONGEST}


_EXAMPLE = {
    "input_file_path": "my-project/photo.jpg",
    "output_file_path": "my-project/cut.png",
    "foreground_points": [{"x": 60, "y": 55}],
}


class Point(BaseModel):
    """In pixels of the upright image, from its upper left corner."""

    model_config = ConfigDict(extra="forbid")

    x: Annotated[float, BeforeValidator(no_boolean)] = Field(description="From the left edge.", examples=[60])
    y: Annotated[float, BeforeValidator(no_boolean)] = Field(description="From the top edge.", examples=[55])


_POINTS = WithJsonSchema({"type": "array", "items": Point.model_json_schema(), "maxItems": MAX_MARKS})


class CutFields(BaseModel):
    model_config = ConfigDict(extra="forbid")

    input_file_path: str | None = Field(
        None, description="The photo's path in the file space.", examples=["my-project/photo.jpg"],
        json_schema_extra=_PATH,
    )  # fmt: skip
    input_key: str | None = Field(
        None, description="The newer spelling of input_file_path; then output_key goes with it.",
        json_schema_extra=_PATH,
    )  # fmt: skip
    output_file_path: str | None = Field(
        None, description="Where the image goes; what it ends in is its format (png, jpg, webp), else png.",
        examples=["my-project/cut.png"], json_schema_extra=_PATH,
    )  # fmt: skip
    output_key: str | None = Field(None, description="The newer spelling of output_file_path.", json_schema_extra=_PATH)
    foreground_points: Annotated[list[Any], _POINTS] = Field(
        default_factory=list,
        description="Points on what is to be cut out, at least one. Every request carries all points.",
        examples=[[{"x": 60, "y": 55}]],
    )
    background_points: Annotated[list[Any], _POINTS] = Field(
        default_factory=list, description="Points on what does not belong to it."
    )


class CutOut(Schema):
    output_file_path: str | None = Field(None, description="Where the image is.", examples=["my-project/cut.png"])
    output_key: str | None = Field(None, description="The same, where the photo was named by input_key.")


@router.post(
    "/tools/ai/ai-cut/segment/",
    auth=Requires(Permission.IMAGES_WRITE, answers_credits=True),
    operation_id="segmentByPoints",
    summary="Cut out what is pointed at",
    description="Cuts out the part of the photo that the points lie on, on white in a jpg, else transparent. Free. "
    "Waits for it, up to 300 seconds; after that the work is canceled and the answer is 504.",
    response={200: CutOut, **failures(400, 401, 403, 404, 413, 415, 422, 429, 504)},
    exclude_none=True,
    openapi_extra=json_docs(CutFields, {"One point": _EXAMPLE}) | shown({"output_file_path": "my-project/cut.png"}),
)
def segment(request: HttpRequest, response: HttpResponse) -> CutOut:
    actor = caller(request)
    body = read_body(request, limit=_LIMIT)
    refuse_query(request)
    fields = validate(CutFields, body.fields)
    problems = Problems()
    source = path = chosen = ""
    with problems.gather():
        source = input_path(fields.input_file_path, fields.input_key)
    with problems.gather():
        output = VariantFields(output_file_path=fields.output_file_path, output_key=fields.output_key)
        path = output.path
        chosen = output.as_variant(path).format
        if (fields.output_key is None) != (fields.input_key is None):
            raise InvalidInput("output_file_path goes with input_file_path, and output_key with input_key.")
    points: dict[str, list[tuple[float, float]]] = {}
    for name in ("foreground_points", "background_points"):
        with problems.gather():
            points[name] = _points(name, getattr(fields, name))
    problems.refuse()
    if not points["foreground_points"]:
        raise InvalidInput("foreground_points must hold at least one point.", field="foreground_points")
    if sum(map(len, points.values())) > MAX_MARKS:
        raise InvalidInput(f"At most {MAX_MARKS} points are possible.", field="foreground_points")
    photo = space.file_at(actor, source, needs=Permission.IMAGES_WRITE).asset
    for name, found in points.items():
        _refuse_outside(name, found, photo)
    job = finished(
        actor,
        Photos(
            sources=[photo.pk],
            operation=Segment.name,
            parameters={"marks": clicks(*points.values()), "start": "marks", "format": chosen},
            output_paths=[path],
            claim=call_of(request).claim,
        ),
    )
    credits_headers.put(response, charged=job.credits_charged, remaining=balance(actor))
    by_key = fields.input_key is not None
    return CutOut(output_key=path if by_key else None, output_file_path=None if by_key else path)


def _points(name: str, given: list[Any]) -> list[tuple[float, float]]:
    found = []
    for number, each in enumerate(given, 1):
        try:
            point = validate(Point, each if isinstance(each, dict) else {})
        except InvalidInput:
            raise InvalidInput(f'{name}: point {number} must be {{"x": 12, "y": 34}}.', field=name) from None
        found.append((point.x, point.y))
    return found


def _refuse_outside(name: str, points: list[tuple[float, float]], photo: Asset) -> None:
    for number, (x, y) in enumerate(points, 1):
        if not (0 <= x < photo.width and 0 <= y < photo.height):
            raise InvalidInput(
                f"{name}: point {number} ({x:g}, {y:g}) lies outside of the photo, which has {photo.width} × "
                f"{photo.height} pixels.",
                field=name,
            )

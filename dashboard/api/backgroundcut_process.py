"""BackgroundCut family: the background removed, in several variants from one cut."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from accounts.access.permissions import Permission
from accounts.queries.credits import balance
from dashboard.api import credits_headers
from dashboard.api.auth import Requires, caller
from dashboard.api.backgroundcut_answers import failures, shown
from dashboard.api.backgroundcut_fields import ProcessFields, Wanted
from dashboard.api.body import read_body
from dashboard.api.call import call_of
from dashboard.api.image_call import finished
from dashboard.api.query import refuse_query
from dashboard.api.request_docs import json_docs
from processing.actions.submit_photos import Photos
from processing.operations.cut_variants import CutVariants
from processing.operations.validate import validate
from processing.queries import space

router = Router(tags=["Images"])
_LIMIT = 1_000_000
_EXAMPLES = {
    "A transparent cut-out": {
        "input_file_path": "my-project/photo.jpg",
        "output_variants": [{"output_file_path": "my-project/result.png"}],
    },
    "Three variants of one cut": {
        "input_file_path": "my-project/photo.jpg",
        "output_variants": [
            {"output_file_path": "my-project/full.png", "format": "png"},
            {"output_file_path": "my-project/thumb.webp", "max_resolution": 250000, "autocrop": True},
            {"output_file_path": "my-project/white.jpg", "background_color": "#ffffff", "output_compression": 85},
        ],
    },
    "The newer spelling": {
        "input_key": "my-project/photo.jpg",
        "output_variants": [{"output_key": "my-project/result.png"}],
    },
}


class Processed(Schema):
    output_file_paths: list[str] | None = Field(
        None, description="The path of each variant, in their order.", examples=[["my-project/result.png"]]
    )
    output_keys: list[str] | None = Field(
        None, description="The same, where the photo was named by input_key.", examples=[["my-project/result.png"]]
    )


@router.post(
    "/tools/ai/remove-bg/process/",
    auth=Requires(Permission.IMAGES_WRITE, answers_credits=True),
    operation_id="processVariants",
    summary="Remove the background",
    description="Cuts the product out once and writes as many variants of it as are asked for into the file space. "
    "Waits for them, up to 300 seconds; after that the work is canceled and the answer is 504. Costs 1 credit, however "
    "many variants; a call that fails is never charged.",
    response={200: Processed, **failures(400, 401, 402, 403, 404, 413, 415, 422, 429, 504)},
    exclude_none=True,
    openapi_extra=json_docs(ProcessFields, _EXAMPLES) | shown({"output_file_paths": ["my-project/result.png"]}),
)
def process(request: HttpRequest, response: HttpResponse) -> Processed:
    actor = caller(request)
    body = read_body(request, limit=_LIMIT)
    refuse_query(request)
    wanted = Wanted(validate(ProcessFields, body.fields))
    source = space.file_at(actor, wanted.source, needs=Permission.IMAGES_WRITE)
    photos = Photos(
        sources=[source.asset_id],
        operation=CutVariants.name,
        parameters={"variants": [each.model_dump(mode="json") for each in wanted.variants.values()]},
        output_paths=list(wanted.variants),
        claim=call_of(request).claim,
    )
    job = finished(actor, photos)
    credits_headers.put(response, charged=job.credits_charged, remaining=balance(actor))
    paths = list(wanted.variants)
    by_key = wanted.by_key
    return Processed(output_keys=paths if by_key else None, output_file_paths=None if by_key else paths)

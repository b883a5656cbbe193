from __future__ import annotations

from typing import Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from accounts.access.permissions import Permission
from accounts.queries.credits import balance
from dashboard.addresses import image_url
from dashboard.api import credits_headers
from dashboard.api.answers import HeySwapFailure
from dashboard.api.auth import Requires, caller
from dashboard.api.heyswap_fields import read_remove_background
from dashboard.api.image_call import finished
from dashboard.api.request_docs import remove_background_docs
from processing.models import Job
from processing.operations.remove_background import RemoveBackground

router = Router(tags=["Images"])


class RemovedImages(Schema):
    output_image: str = Field(
        description="The finished image. Works without a key for 24 hours (setting).",
        examples=["https://images.example.com/i/3Zk…9fQ.png"],
    )
    input_image: str = Field(
        description="The photo: the address that was sent, or one of the uploaded file.",
        examples=["https://example.com/photo.jpg"],
    )


class BackgroundRemoved(Schema):
    """The cut-out, in the HeySwap family's shape."""

    success: Literal[True] = Field(default=True, description="Always true.")
    message: str = Field(description="For people.", examples=["Background removed successfully"])
    data: RemovedImages = Field(description="The two pictures.")
    credits_remaining: int = Field(description="The balance after this call.", examples=[99])


@router.post(
    "/image/remove-background",
    auth=Requires(Permission(RemoveBackground.scope), answers_credits=True),
    operation_id="removeBackground",
    summary="Remove the background",
    description="Takes the background away and leaves the product where it is, in a picture as large as the photo. "
    "Waits for the image, up to 300 seconds; after that the work is canceled and the answer is 504. Costs 1 credit; a "
    "call that fails is never charged. Errors of this call have the shape `{success, message, errors?}`.",
    response={200: BackgroundRemoved, **dict.fromkeys((400, 401, 402, 403, 413, 415, 422, 429, 504), HeySwapFailure)},
    openapi_extra=remove_background_docs(),
)
def remove_background(request: HttpRequest, response: HttpResponse) -> BackgroundRemoved:
    actor = caller(request)
    photos = read_remove_background(request)
    job = finished(actor, photos)
    remaining = balance(actor)
    credits_headers.put(response, charged=job.credits_charged, remaining=remaining)
    return BackgroundRemoved(
        message="Background removed successfully",
        data=_pictures(request, job, getattr(photos.sources[0], "url", "")),
        credits_remaining=remaining,
    )


def _pictures(request: HttpRequest, job: Job, sent: str) -> RemovedImages:
    image = job.images.all()[0]
    assert image.output is not None
    source = sent or (image_url(request, image.source) if image.source else "")
    return RemovedImages(output_image=image_url(request, image.output), input_image=source)

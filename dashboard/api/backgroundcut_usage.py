"""BackgroundCut family: how full the file space is."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from accounts.access.permissions import Permission
from dashboard.api.auth import Requires, caller
from dashboard.api.backgroundcut_answers import failures
from dashboard.api.query import refuse_query
from processing.queries import space

router = Router(tags=["Files"])


class SpaceUsage(Schema):
    used_bytes: int = Field(description="The bytes of all files together.", examples=[2841992])
    quota_bytes: int = Field(description="What fits in.", examples=[10_000_000_000])
    file_count: int = Field(description="How many files there are.", examples=[3])


@router.get(
    "/file-ops/usage/",
    auth=Requires(Permission.IMAGES_READ),
    operation_id="readSpaceUsage",
    summary="Read the file space's usage",
    description="How much of the organization's file space is used.",
    response={200: SpaceUsage, **failures(400, 401, 403)},
)
def usage(request: HttpRequest) -> SpaceUsage:
    refuse_query(request)
    found = space.usage(caller(request))
    return SpaceUsage(used_bytes=found.bytes, quota_bytes=settings.SPACE_QUOTA_BYTES, file_count=found.files)

"""Face-swap family: jobs."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from ninja import Router
from pydantic import BaseModel, ConfigDict, Field

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import NotFound
from dashboard.api.auth import Requires, caller
from dashboard.api.faceswap_answers import FaceSwapJob, FaceSwapJobs, failures, job_answer
from dashboard.api.query import read_query
from dashboard.api.request_docs import query_docs
from processing.actions.cancel import cancel_job
from processing.models import FaceSwap
from processing.queries import face_swaps as queries

router = Router(tags=["Jobs"])
_MOST = 100


class JobQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    jobid: str = Field(description="The jobid of an earlier answer.", examples=["01985b6c-7a3e-7c1d-9b0a-2f6c1d4e5f60"])


class JobsQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    limit: int = Field(_MOST, ge=1, le=_MOST, description="Swaps in one answer.", examples=[20])
    cursor: str = Field("", description="nextCursor of the page before.")


@router.get(
    "/jobs",
    auth=Requires(Permission.IMAGES_WRITE),
    operation_id="listFaceSwaps",
    summary="List swaps",
    description=f"The organization's swaps, newest first, {_MOST} at a time. Send `nextCursor` as `cursor` for those "
    "before them. Swaps are kept for 31 days (setting).",
    response={200: FaceSwapJobs, **failures(400, 401, 403, 404, 429)},
    openapi_extra=query_docs(JobsQuery),
)
def list_jobs(request: HttpRequest) -> FaceSwapJobs:
    actor = caller(request)
    query = read_query(request, JobsQuery)
    found, older = queries.page_of_swaps(actor, limit=query.limit, cursor=query.cursor)
    return FaceSwapJobs(jobs=[job_answer(request, swap) for swap in found], nextCursor=older)


@router.get(
    "/jobs/",
    auth=Requires(Permission.IMAGES_WRITE),
    operation_id="readFaceSwap",
    summary="Read a swap",
    description="Where the swap stands. Ask again until its status is completed, failed or cancelled; then "
    "`attachments` or `error` is there.",
    response={200: FaceSwapJob, **failures(400, 401, 403, 404, 429)},
    openapi_extra=query_docs(JobQuery),
)
def read(request: HttpRequest) -> FaceSwapJob:
    return job_answer(request, _asked(request, caller(request)))


@router.get(
    "/jobs/cancel/",
    auth=Requires(Permission.IMAGES_WRITE),
    operation_id="cancelFaceSwap",
    summary="Cancel a swap",
    description="Ends the swap, also while it is made, and gives its credit back. 409 if it has ended already. The "
    "account takes a short rest, because the provider may still be at it.",
    response={200: FaceSwapJob, **failures(400, 401, 403, 404, 409, 429)},
    openapi_extra={**query_docs(JobQuery), "x-example": {"status": "cancelled", "attachments": []}},
)
def cancel(request: HttpRequest) -> FaceSwapJob | HttpResponse:
    # The contract cancels by GET; who only asks for the headers of that address means no harm.
    if request.META["REQUEST_METHOD"] != "GET":
        return HttpResponseNotAllowed(["GET"])
    actor = caller(request)
    swap = _asked(request, actor)
    cancel_job(actor, job_id=swap.job_id, needs=Permission.IMAGES_WRITE)
    return job_answer(request, queries.swap(actor, swap.job_id))


def _asked(request: HttpRequest, actor: Actor) -> FaceSwap:
    try:
        job_id = uuid.UUID(read_query(request, JobQuery).jobid)
    except ValueError:
        raise NotFound("There is no such job.") from None
    return queries.swap(actor, job_id)

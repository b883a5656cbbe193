from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from ninja import Router, Status
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from accounts.access.permissions import Permission
from accounts.kit.paging import page
from accounts.queries.credits import balance
from dashboard.addresses import ImageAddresses
from dashboard.api.answers import Accepted, JobAnswer, JobList, problems
from dashboard.api.auth import Requires, caller
from dashboard.api.image_request import read_job_call
from dashboard.api.job_answers import job_answer, status_url
from dashboard.api.job_samples import CANCELED
from dashboard.api.query import read_query
from dashboard.api.request_docs import job_call_docs, query_docs
from processing.actions.cancel import cancel_job
from processing.actions.submit_photos import submit_photos
from processing.queries import jobs as queries

router = Router(tags=["Jobs"], by_alias=True)


class JobQuery(BaseModel):
    model_config = ConfigDict(extra="forbid", alias_generator=to_camel)

    limit: int = Field(20, ge=1, le=100, description="Jobs in one answer.")
    cursor: str = Field("", description="nextCursor of the page before.")
    status: str = Field("", description="queued, running, succeeded, failed or canceled.", examples=["succeeded"])
    preset_label: str | None = Field(None, description="Jobs with exactly this label.", examples=["spring-catalog"])


@router.post(
    "/jobs",
    auth=Requires(Permission.JOBS_WRITE),
    operation_id="createJob",
    summary="Submit a job",
    description="As the image calls, without waiting. Several `image` parts are a batch: one job whose outputs come "
    "in the order of the parts. A batch succeeds if at least one of its images does, and only those are charged. "
    "The key needs the scope of the operation too (images:write).",
    response={202: Accepted, **problems(400, 401, 402, 403, 404, 413, 415, 429)},
    openapi_extra=job_call_docs(),
)
def submit(request: HttpRequest, response: HttpResponse) -> Status[Accepted]:
    actor = caller(request)
    photos = read_job_call(request)
    made = photos.claim.job_id if photos.claim else None
    # Made by an earlier call with this Idempotency-Key, which was interrupted before its answer.
    job = queries.own_job(actor, made) if made else submit_photos(actor, photos)
    address = status_url(request, job)
    response["Location"] = address
    return Status(202, Accepted(job_id=job.pk, status="queued", status_url=address))


@router.get(
    "/jobs",
    auth=Requires(Permission.JOBS_READ),
    operation_id="listJobs",
    summary="List jobs",
    description="The organization's jobs, newest first.",
    response={200: JobList, **problems(400, 401, 403, 429)},
    openapi_extra=query_docs(JobQuery),
)
def list_jobs(request: HttpRequest) -> JobList:
    actor = caller(request)
    query = read_query(request, JobQuery)
    found = queries.with_outcomes(queries.jobs(actor, status=query.status, preset_label=query.preset_label))
    rows = page(found, size=query.limit, older_than=query.cursor)
    remaining, addresses = balance(actor), ImageAddresses(request)
    return JobList(jobs=[job_answer(addresses, job, remaining=remaining) for job in rows.rows], next_cursor=rows.older)


@router.get(
    "/jobs/{uuid:job_id}",
    auth=Requires(Permission.JOBS_READ),
    operation_id="getJob",
    summary="Read a job",
    description="Its state, progress and outputs. Ask again until the status is succeeded, failed or canceled.",
    response={200: JobAnswer, **problems(401, 403, 404, 429)},
    url_name="job",
)
def read(request: HttpRequest, job_id: uuid.UUID) -> JobAnswer:
    actor = caller(request)
    return job_answer(
        ImageAddresses(request),
        queries.job_with_outcomes(actor, job_id, needs=Permission.JOBS_READ),
        remaining=balance(actor),
    )


@router.delete(
    "/jobs/{uuid:job_id}",
    auth=Requires(Permission.JOBS_WRITE),
    operation_id="cancelJob",
    summary="Cancel a job",
    description="Ends the job, also while it is running. Images that were finished stay and are charged; the rest of "
    "the reserved credits is given back. 409 if the job has ended already.",
    response={200: JobAnswer, **problems(401, 403, 404, 409, 429)},
    openapi_extra={"x-example": CANCELED},
)
def cancel(request: HttpRequest, job_id: uuid.UUID) -> JobAnswer:
    actor = caller(request)
    cancel_job(actor, job_id=job_id)
    return job_answer(
        ImageAddresses(request),
        queries.job_with_outcomes(actor, job_id, needs=Permission.JOBS_WRITE),
        remaining=balance(actor),
    )

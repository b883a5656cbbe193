"""An image call: submit the photo, wait for its job, answer with the image or with where to ask for it."""

from __future__ import annotations

import json
from dataclasses import replace
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Status

from accounts.access.actor import Actor
from accounts.kit.errors import PackshotError
from accounts.limits.idempotency import StillRunning
from accounts.queries.credits import balance
from dashboard.api import credits_headers
from dashboard.api.answers import Accepted, ImageAnswer
from dashboard.api.auth import caller
from dashboard.api.errors import JobCanceled, NotInTime
from dashboard.api.image_request import read_image_call
from dashboard.api.job_answers import accepted, image_answer
from dashboard.api.prefer import prefers_image, wait_of
from dashboard.error_list import every_error
from processing.actions import blobs
from processing.actions.give_up import give_up
from processing.actions.submit_photos import Photos, submit_photos
from processing.actions.wait import wait_for
from processing.imaging.formats import CONTENT_TYPES
from processing.models import Job
from processing.models import Status as JobStatus
from processing.queries.jobs import own_job


def image_call(
    request: HttpRequest, response: HttpResponse, operation: str
) -> HttpResponse | Status[ImageAnswer] | Status[Accepted]:
    """One image in, one image out. Raises whatever the photo or the call is refused for, and what the job failed of."""
    actor = caller(request)
    wait = wait_of(request)
    job = waited_for(actor, read_image_call(request, operation), seconds=wait.seconds)
    if wait.applied:
        response["Preference-Applied"] = wait.applied
    if not job.ended:
        body = accepted(request, job)
        response["Location"] = body.status_url
        credits_headers.put_uncharged(request, response)
        return Status(202, body)
    return answered(request, response, image_answer(request, job, remaining=balance(actor)), job, wait.applied)


def answered(
    request: HttpRequest, response: HttpResponse, answer: ImageAnswer, job: Job, applied: str = ""
) -> HttpResponse | Status[ImageAnswer]:
    """A finished image as the caller would rather have it: about it, or itself."""
    if prefers_image(request, otherwise=False):
        return _image(job, answer, applied)
    credits_headers.put(response, charged=answer.credits.charged, remaining=answer.credits.remaining)
    return Status(200, answer)


def waited_for(actor: Actor, photos: Photos, *, seconds: float) -> Job:
    """The job of these photos, with its finished image or still going on after `seconds`. Raises what it failed of."""
    if photos.claim and photos.claim.job_id:
        # An earlier call with this Idempotency-Key got as far as its job: that job answers this one too.
        job = own_job(actor, photos.claim.job_id)
        if not job.ended:
            raise StillRunning("The job of the first call with this Idempotency-Key is still running.")
    else:
        job = submit_photos(actor, photos)
        wait_for(job.pk, seconds=seconds)
        job = own_job(actor, job.pk)
    if photos.claim and job.ended and job.status != JobStatus.SUCCEEDED:
        photos.claim.failed = True
    return _good(job)


def finished(actor: Actor, photos: Photos) -> Job:
    """The job of these photos, succeeded: families without jobs wait long, and give up in the end.

    Raises what it failed of; TooBusy (429) at once where it could not be done in time; NotInTime (504) with its credits
    back."""
    seconds = settings.FAMILY_WAIT_SECONDS
    job = waited_for(actor, replace(photos, within=seconds), seconds=seconds)
    if job.ended:
        return job
    if give_up(actor, job_id=job.pk):
        if photos.claim:
            photos.claim.failed = True
        raise NotInTime("The image was not finished in time. Nothing was charged; send it again.")
    return waited_for_end(actor, job)


def waited_for_end(actor: Actor, job: Job) -> Job:
    """The job as it has ended in the meantime. Raises what it failed of."""
    return _good(own_job(actor, job.pk))


def _good(job: Job) -> Job:
    if job.status == JobStatus.CANCELED:
        raise JobCanceled("The job was canceled while this call waited for it.")
    if job.status == JobStatus.FAILED:
        raise failure(job.error)
    return job


def failure(error: dict[str, str] | None) -> PackshotError:
    """What the work failed of, with the status that this error has when it is found at once."""
    cause = error or {"code": "internal_error", "detail": "Something went wrong with this photo. Send it again."}
    found = PackshotError(cause["detail"])
    found.code = cause["code"]
    if known := next((entry for entry in every_error() if entry.code == found.code), None):
        found.status, found.title = known.status, known.title
    return found


def _image(job: Job, answer: ImageAnswer, applied: str) -> HttpResponse:
    """The image itself; what would stand in the JSON stands in headers. Text beyond ASCII is percent-encoded UTF-8."""
    output = job.images.all()[0].output
    assert output is not None
    response = HttpResponse(blobs.read(output.blob), content_type=CONTENT_TYPES[output.format])
    subject = answer.subject
    headers = {
        "X-Job-Id": str(answer.job_id),
        "X-Operation": answer.operation,
        "X-Preset-Label": quote(answer.preset_label or ""),
        "X-File-Id": str(answer.output.file_id),
        "X-Image-Url": answer.output.url,
        "X-Image-Width": str(answer.output.width),
        "X-Image-Height": str(answer.output.height),
        "X-Image-Format": answer.output.format,
        "X-Image-Sha256": answer.output.sha256,
        "X-Subject-Box": ",".join(str(value) for value in subject.box or ()),
        "X-Subject-Coverage": "" if subject.coverage is None else f"{subject.coverage:.4f}",
        "X-Subject-Confidence": "" if subject.confidence is None else f"{subject.confidence:.4f}",
        "X-Engine": answer.engine,
        "X-Warnings": json.dumps([warning.model_dump() for warning in answer.warnings]) if answer.warnings else "",
        "Server-Timing": ", ".join(f"{name};dur={ms:g}" for name, ms in answer.timings.items()),
        "Preference-Applied": applied,
    }
    for name, value in headers.items():
        if value:
            response[name] = value
    response["ETag"] = f'"{answer.output.sha256}"'
    response["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(output.name)}"
    credits_headers.put(response, charged=answer.credits.charged, remaining=answer.credits.remaining)
    return response

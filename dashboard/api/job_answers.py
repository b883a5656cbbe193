"""From rows to answers: jobs, their images, files."""

from __future__ import annotations

from typing import Any, Literal, cast

from django.http import HttpRequest
from django.urls import reverse

from accounts.queries.credits import balance_of
from dashboard.addresses import ImageAddresses, base
from dashboard.api.answers import (
    Accepted,
    Credits,
    Failure,
    FileAnswer,
    FileFormat,
    ImageAnswer,
    JobAnswer,
    JobFailure,
    JobOutput,
    JobStatus,
    Output,
    Step,
    Subject,
    WarningNote,
)
from processing.models import Asset, Job, JobImage, Status
from processing.queries.jobs import progress

_CANCELED = Failure(code="canceled", detail="The job was canceled before this image was made.")


def status_url(request: HttpRequest | None, job: Job) -> str:
    return base(request) + reverse("api_v1:job", args=[job.pk])


def accepted(request: HttpRequest, job: Job) -> Accepted:
    """A job that has not ended."""
    status = cast('Literal["queued", "running"]', str(job.status))
    return Accepted(job_id=job.pk, status=status, status_url=status_url(request, job))


def image_answer(request: HttpRequest, job: Job, *, remaining: int) -> ImageAnswer:
    """A job of one image that has succeeded. `remaining`: the organization's balance."""
    image = job.images.all()[0]
    assert image.output is not None
    return ImageAnswer(
        job_id=job.pk,
        operation=job.operation,
        preset_label=job.preset_label or None,
        output=Output(**_file(ImageAddresses(request), image.output)),
        subject=_subject(image),
        engine=image.engine,
        credits=Credits(charged=job.credits_charged, remaining=remaining),
        warnings=_warnings(image),
        timings={step.name: step.ms for step in _steps([image])},
    )


def job_answer(addresses: ImageAddresses, job: Job, *, remaining: int) -> JobAnswer:
    """Any job, its photos loaded. `remaining`: the organization's balance."""
    images = list(job.images.all())
    return JobAnswer(
        job_id=job.pk,
        operation=job.operation,
        status=cast("JobStatus", str(job.status)),
        progress=progress(job),
        preset_label=job.preset_label or None,
        steps=_steps(images),
        outputs=[_outcome(addresses, image) for image in images if image.ended],
        error=Failure(**job.error) if job.error else None,
        warnings=[warning for image in images for warning in _warnings(image)],
        credits=Credits(charged=job.credits_charged, remaining=remaining),
        created_at=job.created_at,
        started_at=job.started_at,
        finished_at=job.finished_at,
    )


def event_data(job: Job) -> dict[str, Any]:
    """The data of a job's event: what GET answers at this moment. Its photos and organization are loaded."""
    return job_answer(ImageAddresses(None), job, remaining=balance_of(job.organization)).model_dump(by_alias=True)


def file_answer(request: HttpRequest, asset: Asset) -> FileAnswer:
    kind = cast('Literal["upload", "output"]', str(asset.kind))
    return FileAnswer(**_file(ImageAddresses(request), asset), name=asset.name, kind=kind, created_at=asset.created_at)


def _file(addresses: ImageAddresses, asset: Asset) -> dict[str, Any]:
    return {
        "url": addresses.of(asset),
        "file_id": asset.pk,
        "width": asset.width,
        "height": asset.height,
        "format": public_format(asset),
        "bytes": asset.blob.bytes,
        "sha256": asset.blob.sha256,
    }


def public_format(asset: Asset) -> FileFormat:
    """As fields of the API name it: an uploaded JPEG is a jpg like every other."""
    return "jpg" if asset.format == "jpeg" else cast("FileFormat", asset.format)


def _outcome(addresses: ImageAddresses, image: JobImage) -> JobOutput | JobFailure:
    if image.status == Status.SUCCEEDED and image.output:
        return JobOutput(
            **_file(addresses, image.output),
            index=image.index,
            name=image.name,
            subject=_subject(image),
            engine=image.engine,
            warnings=_warnings(image),
        )
    if image.status == Status.SUCCEEDED:
        error = Failure(code="deleted", detail=_gone(image.deleted_after))
    else:
        error = Failure(**image.error) if image.error else _CANCELED
    return JobFailure(index=image.index, name=image.name, error=error)


def _gone(days: int | None) -> str:
    if not days:
        return "The image was made and has been deleted since."
    return f"The image was made, and deleted after {days} day{'s' if days > 1 else ''}, as its organization wants it."


def _subject(image: JobImage) -> Subject:
    return Subject(
        box=image.subject_box,
        coverage=None if image.coverage is None else round(image.coverage, 4),
        confidence=None if image.confidence is None else round(image.confidence, 4),
    )


def _warnings(image: JobImage) -> list[WarningNote]:
    return [WarningNote(**warning) for warning in image.warnings]


def _steps(images: list[JobImage]) -> list[Step]:
    total: dict[str, float] = {}
    for image in images:
        for step in image.steps:
            total[step["name"]] = total.get(step["name"], 0.0) + step["ms"]
    return [Step(name=name, ms=round(ms, 1)) for name, ms in total.items()]

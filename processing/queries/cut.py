"""Whether and how an image was cut out of its photo."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accounts.access.actor import Actor
from processing.models import Job, JobImage, Status

_CUTTING = {"process", "remove_background", "relight_shadow", "generate_background", "segment"}


def cuts(job: Job) -> bool:
    """The job has cut a product out of its photo: the cut can be corrected."""
    return first_step(job)[0] in _CUTTING


def new_version(actor: Actor, job: Job) -> JobImage | None:
    """What a correction has made; None while it is being made, and when that failed."""
    return JobImage.objects.of(actor).filter(job=job, status=Status.SUCCEEDED).first()


def first_step(job: Job) -> tuple[str, Mapping[str, Any]]:
    """The operation, with its parameters, that worked on the photo itself."""
    if job.operation == "recipe":
        step = job.parameters["steps"][0]
        return step["operation"], step["parameters"]
    return job.operation, job.parameters

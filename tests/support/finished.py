"""Jobs that have ended, made through the real ends of a photo but without the work in between."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from accounts.access.actor import Actor, member_actor
from accounts.access.permissions import Role
from accounts.models import Membership
from processing.actions.assets import save_upload
from processing.actions.claim import Claim
from processing.actions.finish import fail, succeed
from processing.actions.submit import Request, submit
from processing.imaging.confidence import Confidence
from processing.models import Job, JobImage, Status
from processing.operations.base import Result, Warning
from tests.support.photos import product_photo
from tests.support.server import Server

STEPS = [
    {"name": "decode", "ms": 40.0},
    {"name": "segment", "ms": 1200.0},
    {"name": "refine", "ms": 200.0},
    {"name": "compose", "ms": 60.0},
    {"name": "encode", "ms": 100.0},
]


@dataclass(frozen=True)
class Photo:
    """`ended`: succeeded, failed, running or queued. `seed`: the same seed is the same photo."""

    name: str = "cup.jpg"
    seed: int = 0
    confidence: float | None = 0.95
    reasons: tuple[str, ...] = ()
    warnings: tuple[tuple[str, str], ...] = ()
    ended: str = "succeeded"
    size: tuple[int, int] = (60, 60)


@transaction.atomic
def job_of(
    actor: Actor,
    *photos: Photo,
    preset: str = "",
    label: str = "",
    parameters: Mapping[str, object] | None = None,
) -> Job:
    """In one transaction, so that no worker beside it takes the photos."""
    sources = [save_upload(actor, data=product_photo(photo.seed), name=photo.name) for photo in photos]
    request = Request(sources=sources, preset=preset, preset_label=label, parameters=parameters)
    job = submit(actor, request)
    for image, photo in zip(job.images.order_by("index"), photos, strict=True):
        if photo.ended != "queued":
            end(image, photo)
    job.refresh_from_db()
    return job


def end(image: JobImage, photo: Photo) -> None:
    """Claims the photo and ends it as it should."""
    step = "refine" if photo.ended == "running" else ""
    JobImage.unscoped.filter(pk=image.pk).update(status=Status.RUNNING, attempt=1, step=step, steps=STEPS[:2])
    Job.unscoped.filter(pk=image.job_id).update(status=Status.RUNNING)
    claim = Claim(image.pk, 1)
    if photo.ended == "failed":
        fail(claim, code="no_subject", detail="No product was found.")
    elif photo.ended == "succeeded":
        succeed(claim, result(photo), steps=STEPS)


def result(photo: Photo) -> Result:
    width, height = photo.size
    return Result(
        data=product_photo(photo.seed + 1000, size=photo.size),
        format="jpg",
        width=width,
        height=height,
        box=(1, 1, width - 2, height - 2),
        coverage=0.5,
        confidence=None if photo.confidence is None else Confidence(photo.confidence, list(photo.reasons)),
        engine="isnet-general-use",
        runtime="onnxruntime-cpu",
        scale=1.0,
        warnings=[Warning(code, detail) for code, detail in photo.warnings],
    )


def owner(email: str) -> Actor:
    """The person with that address in the organization that they own."""
    membership = Membership.unscoped.select_related("user", "organization").get(user__email=email)
    return member_actor(membership.user, membership.organization, Role(membership.role))


def in_server(server: Server, code: str) -> str:
    """Runs `code` beside the running server, with everything of this module at hand; what it printed."""
    return server.beside(f"from tests.support.finished import *\n{code}")

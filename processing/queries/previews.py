"""Previews that were made before."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet
from django.utils.translation import gettext
from pydantic import BaseModel

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import NotFound
from processing.models import OPEN_STATUSES, Asset, Job, JobImage, Status

PROXY_SIDE = 1280
_LOOKED_AT = 40


def proxy_name(asset: Asset) -> str:
    """What the proxy of a photo is called: the same bytes under another name have a proxy of their own."""
    return f"proxy-{asset.pk}.webp"


def find_preview(
    actor: Actor,
    asset: Asset,
    operation: str,
    parameters: BaseModel,
    background: uuid.UUID | None,
    *,
    matte: int | None = None,
) -> Job | None:
    """The newest preview of a photo by exactly this operation that is made or in the making.

    `matte`: the blob of the corrected cut that it is made with.
    """
    wanted = parameters.model_dump(mode="json", by_alias=True, exclude_none=True)
    made = (
        Job.objects.of(actor)
        .filter(
            purpose=Job.Purpose.PREVIEW,
            operation=operation,
            images__source__name=proxy_name(asset),
            images__matte=matte,
            background=background,
        )
        .exclude(status__in=(Status.FAILED, Status.CANCELED))
        .order_by("-pk")[:_LOOKED_AT]
    )
    return next((job for job in made if job.parameters == wanted), None)


def preview_is_open(actor: Actor, job_id: uuid.UUID) -> bool:
    """Whether the preview of this person still waits or is being made. Raises NotFound."""
    status = _own(actor, job_id).values_list("status", flat=True).first()
    if status is None:
        raise NotFound(gettext("This preview is gone. Change a parameter to make a new one."))
    return status in OPEN_STATUSES


def preview_image(actor: Actor, job_id: uuid.UUID) -> JobImage:
    """The photo of a preview of this person. Raises NotFound."""
    found = _own(actor, job_id).select_related("job", "output__blob").first()
    if found is None:
        raise NotFound(gettext("This preview is gone. Change a parameter to make a new one."))
    return found


def _own(actor: Actor, job_id: uuid.UUID) -> QuerySet[JobImage]:
    actor.require(Permission.IMAGES_READ)
    return JobImage.objects.of(actor).filter(
        job_id=job_id, job__purpose=Job.Purpose.PREVIEW, job__created_by=actor.user
    )

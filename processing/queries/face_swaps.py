"""Face swaps with their jobs and pictures."""

from __future__ import annotations

import uuid

from django.db.models import Prefetch, QuerySet

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import NotFound
from processing.models import FaceSwap, FaceSwapPolicy, JobImage


def swaps(actor: Actor) -> QuerySet[FaceSwap]:
    """The organization's swaps, newest first."""
    actor.require(Permission.IMAGES_WRITE)
    return whole(FaceSwap.objects.of(actor)).order_by("-job_id")


def swap(actor: Actor, job_id: uuid.UUID) -> FaceSwap:
    """Raises NotFound."""
    found = swaps(actor).filter(job=job_id).first()
    if found is None:
        raise NotFound("There is no such job.")
    return found


def whole(found: QuerySet[FaceSwap]) -> QuerySet[FaceSwap]:
    images = JobImage.unscoped.select_related("output__blob")
    return found.select_related("job").prefetch_related(Prefetch("job__images", queryset=images))


def consent_required(actor: Actor) -> bool:
    return FaceSwapPolicy.objects.of(actor).filter(consent_required=True).exists()

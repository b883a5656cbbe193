"""Face swaps with their jobs and pictures."""

from __future__ import annotations

import uuid

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import InvalidInput, NotFound
from processing.models import FaceSwap, FaceSwapPolicy, JobImage


def swaps(actor: Actor) -> QuerySet[FaceSwap]:
    """The organization's swaps, newest first."""
    actor.require(Permission.IMAGES_WRITE)
    return whole(FaceSwap.objects.of(actor)).order_by("-job_id")


def page_of_swaps(actor: Actor, *, limit: int, cursor: str = "") -> tuple[list[FaceSwap], str | None]:
    """At most `limit` swaps before `cursor`, the newest first, and the cursor of those before them.

    The cursor is the jobid of the last one shown. Raises InvalidInput for one that is none.
    """
    rows = swaps(actor)
    if cursor:
        try:
            rows = rows.filter(job_id__lt=uuid.UUID(cursor))
        except ValueError:
            raise InvalidInput(gettext("Take the cursor from the page before, unchanged."), field="cursor") from None
    found = list(rows[: limit + 1])
    shown = found[:limit]
    return shown, str(shown[-1].job_id) if len(found) > limit else None


def swap(actor: Actor, job_id: uuid.UUID) -> FaceSwap:
    """Raises NotFound."""
    found = swaps(actor).filter(job=job_id).first()
    if found is None:
        raise NotFound(gettext("There is no such job."))
    return found


def whole(found: QuerySet[FaceSwap]) -> QuerySet[FaceSwap]:
    images = JobImage.unscoped.select_related("output__blob")
    return found.select_related("job").prefetch_related(Prefetch("job__images", queryset=images))


def consent_required(actor: Actor) -> bool:
    return FaceSwapPolicy.objects.of(actor).filter(consent_required=True).exists()

"""Which images of an organization are older than its rule allows, and which of those something still needs."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.ids import first_id_at
from processing.models import Asset, Blob, ClientReviewImage, FaceSwap, ImageRetention, Job, JobImage
from processing.queries.review import doubtful

COUNTED_UP_TO = 10_000
_KINDS = (Asset.Kind.UPLOAD, Asset.Kind.OUTPUT)


@dataclass(frozen=True, slots=True)
class Due:
    """Photos and images that a rule deletes now. `bytes`: of their contents, each counted once. `more`: there are more
    than COUNTED_UP_TO, and these are the figures of so many."""

    images: int
    bytes: int
    more: bool


def days_kept(actor: Actor) -> int | None:
    """After how many days the organization's images are deleted; None: they stay."""
    actor.require(Permission.IMAGES_READ)
    return ImageRetention.objects.of(actor).values_list("days", flat=True).first()


def count_due(organization_id: uuid.UUID, *, days: int, now: datetime, needed: Exists) -> Due:
    """`needed`: as in `due`."""
    found = due(organization_id, days=days, now=now, needed=needed).order_by("pk")
    images = found.values("pk")[: COUNTED_UP_TO + 1].count()
    contents = Blob.unscoped.filter(pk__in=found.values("blob_id")[:COUNTED_UP_TO])
    size = contents.aggregate(sum=Sum("bytes"))["sum"] or 0
    return Due(min(images, COUNTED_UP_TO), size, more=images > COUNTED_UP_TO)


def due(organization_id: uuid.UUID, *, days: int, now: datetime, needed: Exists) -> QuerySet[Asset]:
    """Uploads and outputs that came more than `days` ago, are of no job that has ended since or goes on, and that
    nothing waits for. `needed`: what else needs an image, of a higher floor; its OuterRef is the asset's.

    What publications keep, the logo and previews are not among them: each has an end of its own.
    """
    until = now - timedelta(days=days)
    young = Q(job__finished_at__gt=until) | Q(job__finished_at=None)
    unsure = doubtful() & Q(in_library=True, review=JobImage.Review.PENDING, output__isnull=False)
    images = JobImage.unscoped.filter(young | unsure)
    backgrounds = Job.unscoped.filter(Q(finished_at__gt=until) | Q(finished_at=None))
    shown = ClientReviewImage.unscoped.filter(review__revoked_at=None, review__expires_at__gt=now)
    this = OuterRef("pk")
    old = Asset.unscoped.filter(
        organization_id=organization_id,
        kind__in=_KINDS,
        pk__lt=first_id_at(until),
    ).exclude(renewed_at__gt=until)
    return old.filter(
        ~Exists(images.filter(output=this)),
        ~Exists(images.filter(source=this)),
        ~Exists(backgrounds.filter(background=this)),
        ~Exists(FaceSwap.unscoped.filter(young, target=this)),
        ~Exists(shown.filter(asset=this)),
        ~needed,
    )


def oldest(found: QuerySet[Asset], most: int) -> list[uuid.UUID]:
    """So many of what is `due`. Each kind is asked for by itself: for both, PostgreSQL walks through the old images of
    every organization on its way to those of this one."""
    each = (found.filter(kind=kind).order_by("pk").values_list("pk", flat=True)[:most] for kind in _KINDS)
    return sorted(chain.from_iterable(each))[:most]

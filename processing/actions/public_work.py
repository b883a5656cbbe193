"""Work for callers without a key: small images, and nothing that outlives the hour."""

from __future__ import annotations

import math
import uuid
from dataclasses import dataclass, replace
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.kit.errors import InvalidInput, PackshotError
from accounts.kit.public_organization import PUBLIC_ORGANIZATION_ID
from accounts.limits import idempotency
from accounts.models import AuditEntry
from processing.actions.assets import discard
from processing.actions.new_photos import size_of
from processing.actions.submit import merged_parameters
from processing.actions.submit_photos import Photos
from processing.models import Asset, Job
from processing.operations.registry import find as find_operation

MAX_PIXELS = 250_000
# Sooner than promised, so that the promise holds when a round of the sweeper is late.
LIVES = timedelta(minutes=55)
_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Reduced:
    """The image was asked for larger than it is made without a key. Sizes: width, height in pixels."""

    wanted: tuple[int, int]
    made: tuple[int, int]


def for_public(actor: Actor, photos: Photos) -> tuple[Photos, Reduced | None]:
    """The same request, kept for an hour, and smaller in its own ratio where its image would be above MAX_PIXELS."""
    photo = photos.sources[0] if photos.sources else None
    if isinstance(photo, uuid.UUID):
        raise InvalidInput(gettext("Without a key there are no files. Send the photo itself."), field="fileId")
    photos = replace(photos, keep_until=timezone.now() + LIVES)
    size = size_of(photo) if photo else (0, 0)
    wanted = _image_size(actor, photos, size)
    made = _small(wanted)
    if made == wanted:
        return photos, None
    # A factor, as upscaling has, gives way to the size.
    given = {name: value for name, value in photos.parameters.items() if name != "scale"}
    small = replace(photos, parameters={**given, "width": made[0], "height": made[1]})
    try:
        if _image_size(actor, small, size) == made:
            return small, Reduced(wanted, made)
    except PackshotError:
        pass  # such as enlarging to less than there is
    raise InvalidInput(
        gettext(
            "Without a key an image has 0.25 megapixel at most, and this one would have {width} × {height} pixels. "
            "Send a smaller photo, or a key."
        ).format(width=wanted[0], height=wanted[1]),
        field="image",
    )


def _image_size(actor: Actor, photos: Photos, source_size: tuple[int, int]) -> tuple[int, int]:
    operation = find_operation(photos.operation)
    parameters = merged_parameters(
        actor,
        operation,
        preset=photos.preset,
        given=photos.parameters,
        background_image=photos.background is not None,
    )
    operation.check(parameters, source_size, max_pixels=settings.MAX_IMAGE_PIXELS)
    return operation.size(parameters, source_size) or source_size


def remove_public_work() -> None:
    """For the sweeper: jobs of callers without a key with all that belongs to them. Their photos and images carry an
    end of their own."""
    old = timezone.now() - LIVES
    jobs = Job.unscoped.filter(organization=PUBLIC_ORGANIZATION_ID, created_at__lte=old)
    for job_id in list(jobs.values_list("pk", flat=True)[:_AT_ONCE]):
        with transaction.atomic():
            # The job's lock first, as everywhere: a worker may be ending its photo.
            Job.unscoped.select_for_update().filter(pk=job_id).first()
            idempotency.forget_jobs([job_id])
            Job.unscoped.filter(pk=job_id).delete()
    for asset in Asset.unscoped.filter(organization=PUBLIC_ORGANIZATION_ID, created_at__lte=old)[:_AT_ONCE]:
        discard(asset)
    AuditEntry.unscoped.filter(organization=PUBLIC_ORGANIZATION_ID, created_at__lte=old).delete()


def _small(wanted: tuple[int, int]) -> tuple[int, int]:
    width, height = wanted
    if width * height <= MAX_PIXELS:
        return wanted
    ratio = math.sqrt(MAX_PIXELS / (width * height))
    small = max(1, math.floor(width * ratio)), max(1, math.floor(height * ratio))
    # A very long strip cannot keep its ratio: one side would be less than a pixel.
    return min(small[0], MAX_PIXELS // small[1]), min(small[1], MAX_PIXELS // small[0])

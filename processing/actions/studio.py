"""The film strip: put photos on it, take them off, have them processed, stop that."""

from __future__ import annotations

import time
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext, ngettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import Conflict, NotPermitted
from accounts.kit.ids import uuid7
from processing.actions.assets import save_upload
from processing.actions.cancel import cancel_job
from processing.actions.submit import Request, submit
from processing.models import Asset, Job, JobImage, StudioPhoto
from processing.queries.studio import corrected, strip, to_process

_LONGEST_WAIT = 7 * 24 * 3600  # seconds that a file may wait in a browser


@dataclass(frozen=True, slots=True)
class Recipe:
    """What is to be made: a preset, what differs from it, and both merged and validated (`parameters`)."""

    parameters: Mapping[str, Any]
    preset: str = ""
    explicit: Mapping[str, Any] | None = None
    background: Asset | None = None
    label: str = ""

    @property
    def background_id(self) -> uuid.UUID | None:
        return self.background.pk if self.background else None


def add_photo(actor: Actor, *, data: bytes, name: str, chosen_at: float | None = None) -> StudioPhoto:
    """Keeps an upload and puts it on the strip; a photo that lies there already stays the one it is.

    `chosen_at`: when the person chose the file, in seconds since 1970. Files arrive in another order than that in
    which they were chosen; on the strip they lie as they were chosen.
    Raises InvalidImage, and keeps nothing, for what cannot be worked on.
    """
    user = actor.user
    if user is None:
        raise NotPermitted(
            gettext("A film strip belongs to a person. Programs send their photos to POST /api/v1/files.")
        )
    asset = save_upload(actor, data=data, name=name)
    with transaction.atomic():
        known = StudioPhoto.objects.of(actor).filter(user=user, asset=asset).select_related("latest__job").first()
        return known or StudioPhoto.unscoped.create(
            id=_id(chosen_at), organization=actor.organization, user=user, asset=asset
        )


def remove_photos(actor: Actor, *, photo_ids: Collection[uuid.UUID]) -> int:
    """Takes photos off the strip; how many there were. Their images and jobs stay where they are."""
    actor.require(Permission.IMAGES_WRITE)
    return StudioPhoto.objects.of(actor).filter(user=actor.user, pk__in=photo_ids).delete()[0]


def clear_strip(actor: Actor) -> int:
    """Takes every photo off the strip; how many there were."""
    actor.require(Permission.IMAGES_WRITE)
    return StudioPhoto.objects.of(actor).filter(user=actor.user).delete()[0]


@transaction.atomic
def process_strip(
    actor: Actor, recipe: Recipe, *, chosen: Collection[uuid.UUID] = (), expected: int | None = None
) -> Job:
    """One job over the chosen photos, or over those that have no image of this recipe yet.

    `expected`: how many the person was told it would be. Raises Conflict, and charges nothing, when it is another
    number by now or none at all.
    """
    actor.require(Permission.IMAGES_WRITE)
    own = StudioPhoto.objects.of(actor).filter(user=actor.user)
    # Two clicks are two requests: the second waits here and then finds the photos being processed.
    list(own.select_for_update(of=("self",)).order_by("pk").values_list("pk"))
    photos = to_process(strip(actor), chosen=chosen, parameters=recipe.parameters, background=recipe.background_id)
    if not photos:
        raise Conflict(gettext("There is nothing to process: these photos are done or being processed already."))
    if expected is not None and expected != len(photos):
        raise Conflict(
            ngettext(
                "Something has changed in the meantime: it would be {photos} photo now, not {expected}. "
                "Press the button again if that is right.",
                "Something has changed in the meantime: it would be {photos} photos now, not {expected}. "
                "Press the button again if that is right.",
                len(photos),
            ).format(photos=len(photos), expected=expected)
        )
    job = submit(
        actor,
        Request(
            sources=[photo.asset for photo in photos],
            mattes=[corrected(photo) for photo in photos],
            preset=recipe.preset,
            parameters=recipe.explicit,
            preset_label=recipe.label,
            background=recipe.background,
        ),
    )
    images = JobImage.objects.of(actor).filter(job=job).order_by("index")
    for photo, image in zip(photos, images, strict=True):
        photo.latest = image
    StudioPhoto.unscoped.bulk_update(photos, ["latest"])
    return job


def cancel_strip(actor: Actor) -> int:
    """Cancels every open job of the strip; how many there were. What is finished stays."""
    actor.require(Permission.JOBS_WRITE)
    open_jobs = {photo.latest.job_id for photo in strip(actor) if photo.latest and not photo.latest.job.ended}
    canceled = 0
    for job_id in sorted(open_jobs):
        try:
            cancel_job(actor, job_id=job_id)
        except Conflict:  # it has ended in the meantime, which is what was wanted
            continue
        canceled += 1
    return canceled


def _id(chosen_at: float | None) -> uuid.UUID:
    """An id whose time is that moment, as the strip is in the order of its ids; a wrong clock is not followed."""
    fresh = uuid7()
    if chosen_at is None or not time.time() - _LONGEST_WAIT < chosen_at <= time.time():
        return fresh
    return uuid.UUID(int=(int(chosen_at * 1000) << 80) | (fresh.int & ((1 << 80) - 1)))

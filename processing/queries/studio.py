"""The film strip: what lies on it, in which state, and what is still to be done."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import NotFound
from processing.models import Job, JobImage, Status, StudioPhoto

_AT_A_GLANCE = (
    "status", "parked", "step", "confidence", "in_library", "review", "queued_at", "started_at", "finished_at",
    "output", "deleted_after", "job__status",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Progress:
    """The photos of the strip whose jobs are open: how many there are and how many of them have ended."""

    total: int
    ended: int


def strip(actor: Actor) -> list[StudioPhoto]:
    """The person's photos in the order in which they came, with what was last made of each."""
    actor.require(Permission.IMAGES_READ)
    return list(
        StudioPhoto.objects.of(actor)
        .filter(user=actor.user)
        .select_related("asset", "latest__job", "latest__output__blob")
        .defer("latest__report")
        .order_by("pk")
    )


def strip_at_a_glance(actor: Actor) -> list[StudioPhoto]:
    """The same photos with nothing but what tells whether they look different than a moment ago."""
    actor.require(Permission.IMAGES_READ)
    return list(
        StudioPhoto.objects.of(actor)
        .filter(user=actor.user)
        .select_related("latest__job")
        .only(*(f"latest__{name}" for name in _AT_A_GLANCE))
        .order_by("pk")
    )


def strip_photo(actor: Actor, photo_id: uuid.UUID) -> StudioPhoto:
    """One of them. Raises NotFound, also for a colleague's."""
    actor.require(Permission.IMAGES_READ)
    found = (
        StudioPhoto.objects.of(actor)
        .filter(user=actor.user, pk=photo_id)
        .select_related("asset__blob", "latest__job", "latest__output__blob")
        .first()
    )
    if found is None:
        raise NotFound(gettext("This photo is not on your strip any more."))
    return found


def is_open(photo: StudioPhoto) -> bool:
    """It waits for a worker or is being worked on."""
    return photo.latest is not None and not photo.latest.ended


def result(photo: StudioPhoto) -> JobImage | None:
    """What was last made of it, if that succeeded and was not deleted since."""
    latest = photo.latest
    return latest if latest and latest.status == Status.SUCCEEDED and latest.output_id else None


def corrected(photo: StudioPhoto) -> int | None:
    """The blob of the cut that was corrected by hand, where the image that was last made of it has one."""
    return photo.latest.matte_id if photo.latest else None


def is_done_with(photo: StudioPhoto, parameters: Mapping[str, Any], background: uuid.UUID | None) -> bool:
    """It has an image that was made with exactly these parameters."""
    made = result(photo)
    return made is not None and _made_with(made.job, parameters, background)


def was_tried_with(photo: StudioPhoto, parameters: Mapping[str, Any], background: uuid.UUID | None) -> bool:
    """It is being worked on with exactly these parameters, or has failed with them: a preview would tell nothing."""
    latest = photo.latest
    if latest is None or latest.status in (Status.SUCCEEDED, Status.CANCELED):
        return False
    return _made_with(latest.job, parameters, background)


def _made_with(job: Job, parameters: Mapping[str, Any], background: uuid.UUID | None) -> bool:
    return job.parameters == parameters and job.background_id == background


def to_process(
    photos: Sequence[StudioPhoto],
    *,
    chosen: Collection[uuid.UUID],
    parameters: Mapping[str, Any],
    background: uuid.UUID | None,
) -> list[StudioPhoto]:
    """The chosen photos; where none is chosen, those without an image of these parameters. What is open stays out."""
    free = [photo for photo in photos if not is_open(photo)]
    if chosen:
        return [photo for photo in free if photo.pk in chosen]
    return [photo for photo in free if not is_done_with(photo, parameters, background)]


def progress(photos: Sequence[StudioPhoto]) -> Progress:
    running = [photo for photo in photos if photo.latest and not photo.latest.job.ended]
    return Progress(total=len(running), ended=sum(not is_open(photo) for photo in running))


def moved_at(photos: Sequence[StudioPhoto]) -> datetime | None:
    """When something last happened to the photos whose jobs are open: one was queued, begun or ended. None where no job
    is open."""
    latest = [photo.latest for photo in photos if photo.latest and not photo.latest.job.ended]
    times = [at for each in latest for at in (each.queued_at, each.started_at, each.finished_at) if at]
    return max(times, default=None)

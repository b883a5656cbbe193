"""Which version of a photo the library shows: one is made the current one, and that can be taken back."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.actions import audit
from accounts.kit.errors import Conflict, NotFound
from processing.models import JobImage, VersionChoice


@transaction.atomic
def make_current(actor: Actor, *, image_id: uuid.UUID) -> JobImage:
    """The library shows this version of the photo, and those made from now on; the others stay in its history.

    Nothing is written where that is so already. Raises NotFound for what is not in the library.
    """
    actor.require(Permission.IMAGES_WRITE)
    image, others = _locked(actor, image_id)
    if not image.superseded and all(other.superseded for other in others):
        return image
    _supersede([other for other in others if not other.superseded], superseded=True)
    if image.superseded:
        _supersede([image], superseded=False)
    _keep_choice(actor, image, every_version=False)
    return image


@transaction.atomic
def show_every_version(actor: Actor, *, image_id: uuid.UUID) -> JobImage:
    """Takes a choice back: the library shows all versions of this image's photo again. Raises NotFound, Conflict."""
    actor.require(Permission.IMAGES_WRITE)
    image, others = _locked(actor, image_id)
    hidden = [each for each in (image, *others) if each.superseded]
    if not hidden:
        raise Conflict(gettext("The library shows every version of this photo already."))
    _supersede(hidden, superseded=False)
    _keep_choice(actor, image, every_version=True)
    return image


def step_forward(organization_id: uuid.UUID, *, origin: str) -> None:
    """After a deletion: where only superseded versions are left, the newest one takes the deleted one's place."""
    left = JobImage.unscoped.filter(
        organization_id=organization_id, origin=origin, in_library=True, output__isnull=False
    )
    if not origin or left.filter(superseded=False).exists():
        return
    newest = left.order_by("-pk").first()
    if newest is not None:
        _supersede([newest], superseded=False)


def _locked(actor: Actor, image_id: uuid.UUID) -> tuple[JobImage, list[JobImage]]:
    """The image and the other versions that are in the library, locked in one order."""
    library = JobImage.objects.of(actor).filter(in_library=True, output__isnull=False)
    origin = library.filter(pk=image_id).values_list("origin", flat=True).first()
    if not origin:
        raise NotFound(gettext("There is no such image in the library."))
    rows = list(library.filter(origin=origin).order_by("pk").select_for_update().only("name", "origin", "superseded"))
    image = next((row for row in rows if row.pk == image_id), None)
    if image is None:
        raise NotFound(gettext("There is no such image in the library."))
    return image, [row for row in rows if row is not image]


def _supersede(images: list[JobImage], *, superseded: bool) -> None:
    JobImage.unscoped.filter(pk__in=[image.pk for image in images]).update(superseded=superseded)


def _keep_choice(actor: Actor, image: JobImage, *, every_version: bool) -> None:
    VersionChoice.unscoped.create(
        organization=actor.organization,
        origin=image.origin,
        every_version=every_version,
        image=None if every_version else image,
        created_by=actor.user,
    )
    audit.record(
        actor,
        "image.versions_shown" if every_version else "image.made_current",
        target_kind="image",
        target_id=image.pk,
        details={"name": image.name},
    )

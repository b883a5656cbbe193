"""Changing the library: labels, and what is deleted from it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.actions import audit
from accounts.kit.errors import InvalidInput, NotFound
from processing.actions.assets import discard
from processing.actions.submit import clean_label
from processing.actions.versions import step_forward
from processing.models import JobImage

MOST_AT_ONCE = 500


@transaction.atomic
def label_images(actor: Actor, *, image_ids: Sequence[uuid.UUID], label: str) -> int:
    """Gives the images one label, or takes it away with an empty one; how many there were."""
    actor.require(Permission.IMAGES_WRITE)
    label = clean_label(label)
    images = _locked(actor, image_ids)
    for image in images:
        if image.label == label:
            continue
        image.label = label
        image.save(update_fields=["label"])
        audit.record(
            actor,
            "image.labeled",
            target_kind="image",
            target_id=image.pk,
            details={"name": image.name, "label": label},
        )
    return len(images)


@transaction.atomic
def delete_images(actor: Actor, *, image_ids: Sequence[uuid.UUID]) -> int:
    """Takes finished images out of the library and deletes their files; how many there were.

    The photos they were made of and the jobs that made them stay.
    """
    actor.require(Permission.IMAGES_WRITE)
    images = _locked(actor, image_ids)
    for image in images:
        output = image.output
        image.in_library, image.deleted_after = False, None  # its photo may have gone by the organization's rule
        image.save(update_fields=["in_library", "deleted_after"])
        audit.record(actor, "image.deleted", target_kind="image", target_id=image.pk, details={"name": image.name})
        if output is not None:
            discard(output)
    for origin in sorted({image.origin for image in images if not image.superseded}):
        step_forward(actor.organization.pk, origin=origin)
    return len(images)


def _locked(actor: Actor, image_ids: Sequence[uuid.UUID]) -> list[JobImage]:
    if not image_ids:
        raise InvalidInput(gettext("Choose at least one image."), field="image")
    if len(image_ids) > MOST_AT_ONCE:
        raise InvalidInput(
            gettext("Choose at most {most_at_once} images at once.").format(most_at_once=MOST_AT_ONCE), field="image"
        )
    found = JobImage.objects.of(actor).filter(pk__in=image_ids, in_library=True).order_by("pk")
    images = list(found.select_for_update(of=("self",)).select_related("output"))
    if not images:
        raise NotFound(gettext("These images are not in the library any more."))
    return images

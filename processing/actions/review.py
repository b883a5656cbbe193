"""Decisions on finished images: accepted, rejected, or taken back."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.actions import audit
from accounts.kit.errors import InvalidInput, NotFound
from processing.models import JobImage

_AUDIT = {
    JobImage.Review.ACCEPTED: "image.accepted",
    JobImage.Review.REJECTED: "image.rejected",
    JobImage.Review.PENDING: "image.review_undone",
}


@transaction.atomic
def decide(actor: Actor, *, image_id: uuid.UUID, decision: str) -> str:
    """Writes the decision and answers with the one before it. Raises NotFound, InvalidInput.

    The same decision twice (two people, a double click) is one.
    """
    actor.require(Permission.IMAGES_WRITE)
    if decision not in JobImage.Review.values:
        raise InvalidInput(
            gettext("The decision is one of {values}.").format(values=", ".join(JobImage.Review.values)),
            field="decision",
        )
    image = JobImage.objects.of(actor).select_for_update().filter(pk=image_id, in_library=True).first()
    if image is None:
        raise NotFound(gettext("There is no such image. It may have been deleted."))
    before = image.review
    if before == decision:
        return before
    image.review = decision
    image.save(update_fields=["review"])
    audit.record(
        actor, _AUDIT[JobImage.Review(decision)], target_kind="image", target_id=image.pk, details={"name": image.name}
    )
    return before

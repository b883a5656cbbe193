"""The images that an approval is about."""

from __future__ import annotations

import uuid

from django.db.models import Q

from accounts.access.actor import Actor
from accounts.models import Approval
from integrations.models import Publication


def approval_images(actor: Actor, approval: Approval) -> list[uuid.UUID]:
    """What its publications show, once each and in their order; the library's own image where it is still there.

    Empty for a job, which has made nothing yet."""
    if approval.kind == Approval.Kind.JOB:
        return []
    of = Q(pk=approval.target_id) if approval.kind == Approval.Kind.PUBLICATION else Q(run=approval.target_id)
    # Whoever may see the approval may see its images, also where the shop is another member's own.
    rows = Publication.objects.of(actor).filter(of).order_by("pk").values_list("image_id", "sent_image_id")
    return list(dict.fromkeys(image or sent for image, sent in rows if image or sent))

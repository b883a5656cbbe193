"""What was made of an image of the library on its edit page."""

from __future__ import annotations

import uuid

from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import NotFound
from processing.models import Job, JobImage


def edit_of(actor: Actor, job_id: uuid.UUID) -> JobImage:
    """The one photo of that job, with its output. Raises NotFound."""
    actor.require(Permission.IMAGES_READ)
    found = (
        JobImage.objects.of(actor)
        .filter(job_id=job_id, job__purpose=Job.Purpose.WORK, job__image_count=1)
        .select_related("job__background__blob", "source__blob", "output__blob")
        .first()
    )
    if found is None:
        raise NotFound(gettext("This edit is gone. Open the image and edit it again."))
    return found

"""Taking a photo back to the Studio, to make its image anew."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.actions import audit
from accounts.kit.errors import Conflict, NotFound, NotPermitted
from processing.models import JobImage, StudioPhoto


@transaction.atomic
def open_in_studio(actor: Actor, *, image_id: uuid.UUID) -> StudioPhoto:
    """Puts the photo of an image on the person's strip, this image as its latest; a photo in the works stays so.

    Raises NotFound, and Conflict when the photo was deleted.
    """
    actor.require(Permission.IMAGES_WRITE)
    image = JobImage.objects.of(actor).select_related("source").filter(pk=image_id).first()
    if image is None:
        raise NotFound(gettext("There is no such image. It may have been deleted."))
    if image.source is None:
        raise Conflict(
            gettext("The original photo was deleted, so there is nothing to mend. Upload it again in the Studio.")
        )
    if actor.user is None:
        raise NotPermitted(gettext("The Studio is for people. Sign in to open it."))
    own = StudioPhoto.objects.of(actor).filter(user=actor.user, asset=image.source)
    photo = own.select_for_update(of=("self",)).select_related("latest").first()
    if photo is None:
        photo = StudioPhoto.unscoped.create(
            organization=actor.organization, user=actor.user, asset=image.source, latest=image
        )
    elif photo.latest is None or photo.latest.ended:
        photo.latest = image
        photo.save(update_fields=["latest"])
    audit.record(actor, "image.opened_in_studio", target_kind="image", target_id=image.pk, details={"name": image.name})
    return photo

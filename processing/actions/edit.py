"""One operation over one image of the library: what it makes is a new version, and the image stays as it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import Conflict
from processing.actions.submit import Request, submit
from processing.models import Asset, Job, JobImage


@dataclass(frozen=True, slots=True)
class Edit:
    """`parameters`: the explicit fields as they were given. `of_photo`: the original photo is worked on instead."""

    operation: str
    parameters: Mapping[str, Any]
    background: Asset | None = None
    of_photo: bool = False


def submit_edit(actor: Actor, image: JobImage, edit: Edit) -> Job:
    """Submits it. Raises InvalidInput, InsufficientCredits, and Conflict where the photo was deleted."""
    actor.require(Permission.IMAGES_WRITE)
    asset = edited(image, of_photo=edit.of_photo)
    return submit(
        actor,
        Request(
            sources=[asset],
            names=[image.name],
            operation=edit.operation,
            parameters=edit.parameters,
            background=edit.background,
            preset_label=image.label,
            mattes=[corrected(image, of_photo=edit.of_photo)],
        ),
    )


def corrected(image: JobImage, *, of_photo: bool) -> int | None:
    """The blob of the cut that was corrected by hand: it lies over the photo, so it says nothing of the image."""
    return image.matte_id if of_photo else None


def edited(image: JobImage, *, of_photo: bool) -> Asset:
    """What is worked on: the image itself, or the photo that it was made of. Raises Conflict where it was deleted."""
    asset = image.source if of_photo else image.output
    if asset is None:
        raise Conflict(gettext("The original photo was deleted. Edit the image itself."))
    return asset

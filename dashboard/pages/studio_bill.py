"""What pressing "Process" would do and cost, or why it cannot be pressed."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.price_words import too_dear
from accounts.queries.credits import balance
from dashboard.pages.studio_choices import Choices
from processing.models import StudioPhoto
from processing.operations.registry import find as find_operation
from processing.queries.studio import is_open, to_process


@dataclass(frozen=True, slots=True)
class Bill:
    """`reason` is empty when it can be done; `metered` is off where credits are not counted."""

    count: int
    cost: int
    left: int
    metered: bool
    reason: str


def bill(actor: Actor, choices: Choices, photos: Sequence[StudioPhoto], chosen: Collection[uuid.UUID]) -> Bill:
    todo = (
        to_process(
            photos,
            chosen=chosen,
            parameters=choices.recipe.parameters,
            background=choices.recipe.background_id,
        )
        if choices.recipe
        else []
    )
    count, left = len(todo), balance(actor)
    cost = 0 if settings.CREDITS_UNLIMITED else count * find_operation("process").cost
    reason = _reason(actor, choices, photos, chosen, count=count, cost=cost, left=left)
    return Bill(count, cost, left, not settings.CREDITS_UNLIMITED, reason)


def _reason(
    actor: Actor,
    choices: Choices,
    photos: Sequence[StudioPhoto],
    chosen: Collection[uuid.UUID],
    *,
    count: int,
    cost: int,
    left: int,
) -> str:
    if not actor.may(Permission.IMAGES_WRITE):
        return gettext("Your role, {role}, may look but not process. Ask an admin of {name}.").format(
            role=actor.role.label.lower(), name=actor.organization.name
        )
    if not photos:
        return gettext("Add photos first.")
    if choices.recipe is None:
        return gettext("Mend what is marked in red first.")
    if count > settings.MAX_BATCH_IMAGES:
        return gettext("One job takes at most {max_batch_images} photos. Select some of them.").format(
            max_batch_images=settings.MAX_BATCH_IMAGES
        )
    if cost > left:
        return too_dear(cost, left)
    if count:
        return ""
    if chosen:
        return gettext("The selected photos are being processed.")
    if any(is_open(photo) for photo in photos):
        return gettext("Every photo is done or being processed.")
    return gettext("Every photo has an image with these settings. Change one, or select photos to process them again.")

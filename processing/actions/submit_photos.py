"""From photos that are not stored yet to a job: everything is checked before anything is kept."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.actions import credits
from accounts.kit.errors import InvalidImage
from accounts.limits.idempotency import Claim
from processing.actions.busy import refuse_if_too_long
from processing.actions.new_photos import NewPhoto, keep, size_of
from processing.actions.submit import NoPhoto, Refused, Request, check_count, clean_label, merged_parameters, submit
from processing.models import Asset, Job
from processing.operations.registry import find as find_operation
from processing.operations.registry import price
from processing.queries.assets import source as find_source


@dataclass(frozen=True, slots=True)
class Photos:
    """What is asked for. A source is a new photo or the id of a file that the organization has; operations that can do
    without one take an empty list. `keep_until`: when new
    photos, and what is made of them, are removed. `output_paths`: where in the file space the images go. `within`:
    seconds after which the caller goes away and the work is given up; None where it goes on."""

    sources: Sequence[NewPhoto | uuid.UUID]
    operation: str
    parameters: Mapping[str, Any]
    preset: str = ""
    preset_label: str = ""
    background: NewPhoto | None = None
    webhook_url: str = ""
    claim: Claim | None = None
    keep_until: datetime | None = None
    output_paths: Sequence[str] = ()
    within: float | None = None


def submit_photos(actor: Actor, photos: Photos) -> Job:
    """Keeps the new photos and submits them. Raises TooBusy (429) where `within` cannot be kept.

    A single photo that cannot be worked on is an error, and nothing is kept. In a batch it ends as failed in its
    place, as long as there is one that can be worked on.
    """
    operation = find_operation(photos.operation)
    actor.require(Permission(operation.scope))
    if photos.sources or operation.photo == "required":
        check_count(len(photos.sources))
    clean_label(photos.preset_label)
    parameters = merged_parameters(
        actor,
        operation,
        preset=photos.preset,
        given=photos.parameters,
        background_image=photos.background is not None,
    )
    found = [_looked_at(actor, each, alone=len(photos.sources) == 1) for each in photos.sources]
    if found and all(isinstance(each, Refused) for each in found):
        raise next(each.error for each in found if isinstance(each, Refused))
    if photos.background:
        size_of(photos.background)
    for each in found:
        if not isinstance(each, Refused):
            operation.check(parameters, each.size, max_pixels=settings.MAX_IMAGE_PIXELS)
    if not found:
        operation.check(parameters, (0, 0), max_pixels=settings.MAX_IMAGE_PIXELS)
    kept = parameters.model_dump(mode="json", by_alias=True, exclude_none=True)
    accepted = sum(not isinstance(each, Refused) for each in found) if found else 1
    credits.refuse_if_short(actor, amount=price(operation.name, kept) * accepted)
    if photos.within is not None:
        refuse_if_too_long(actor, within=photos.within)
    # One commit for a photo that somebody waits for; many would hold a transaction open while their bytes are stored.
    with transaction.atomic() if len(found) == 1 else nullcontext():
        return submit(
            actor,
            Request(
                sources=[each if isinstance(each, Refused) else _kept(actor, each.photo, photos) for each in found]
                or [NoPhoto()],
                operation=photos.operation,
                parameters=photos.parameters,
                preset=photos.preset,
                preset_label=photos.preset_label,
                background=keep(actor, photos.background, expires_at=photos.keep_until) if photos.background else None,
                webhook_url=photos.webhook_url,
                claim=photos.claim,
                output_paths=photos.output_paths,
            ),
        )


@dataclass(frozen=True, slots=True)
class _Usable:
    photo: NewPhoto | Asset
    size: tuple[int, int]


def _looked_at(actor: Actor, source: NewPhoto | uuid.UUID, *, alone: bool) -> _Usable | Refused:
    if isinstance(source, uuid.UUID):
        asset = find_source(actor, source)
        return _Usable(asset, (asset.width, asset.height))
    try:
        return _Usable(source, size_of(source))
    except InvalidImage as error:
        if alone:
            raise
        return Refused(source.name, error)


def _kept(actor: Actor, photo: NewPhoto | Asset, photos: Photos) -> Asset:
    return photo if isinstance(photo, Asset) else keep(actor, photo, expires_at=photos.keep_until)

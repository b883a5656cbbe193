"""Previews: small, free, and only the newest one is worked on.

A preview runs over a proxy of the photo of 1280 pixels, which the web process makes once. The worker keeps the mask
of that proxy, so that every preview after the first costs no network.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from pydantic import BaseModel

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import InvalidInput
from processing.actions import blobs
from processing.actions.assets import limits
from processing.actions.cancel import end_canceled
from processing.actions.submit import Request, submit
from processing.actions.thumbnails import small
from processing.imaging.inspect import inspect
from processing.models import OPEN_STATUSES, Asset, Job
from processing.operations.preview import Previewed
from processing.operations.registry import find as find_operation
from processing.queries.previews import PROXY_SIDE, find_preview, proxy_name

_PROXIES_LIVE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be seen small: an operation with its whole parameters. `background`: the image behind the product."""

    operation: str
    parameters: Mapping[str, Any]
    background: Asset | None = None


def request_preview(actor: Actor, wanted: Wanted, *, asset: Asset, matte: int | None = None) -> Job:
    """The preview of a photo (its blob loaded): one that was made before, else a new one.

    `matte`: the blob of its corrected cut. It takes the place of whatever preview this person was still waiting for.
    Raises InvalidInput where the photo would make too large an image, and where the operation has no preview.
    """
    operation = find_operation(wanted.operation)
    if not isinstance(operation, Previewed):
        raise InvalidInput(gettext("{title} has no preview.").format(title=operation.title), field="operation")
    size, most = (asset.width, asset.height), settings.MAX_IMAGE_PIXELS
    behind = wanted.background is not None
    full = operation.merge({}, wanted.parameters, background_image=behind, max_pixels=most)
    operation.check(full, size, max_pixels=most)
    parameters = operation.preview(full, size)
    return small_job(actor, operation.name, parameters, asset=asset, matte=matte, background=wanted.background)


def small_job(
    actor: Actor,
    operation: str,
    parameters: BaseModel,
    *,
    asset: Asset,
    matte: int | None,
    background: Asset | None = None,
) -> Job:
    """A preview over the proxy of a photo (its blob loaded), as `request_preview` makes them."""
    actor.require(Permission.IMAGES_WRITE)
    proxy = proxy_of(actor, asset)
    with transaction.atomic():
        known = find_preview(actor, asset, operation, parameters, background.pk if background else None, matte=matte)
        _cancel_others(actor, known)
        return known or submit(
            actor,
            Request(
                sources=[proxy],
                names=[asset.name],
                operation=operation,
                parameters=parameters.model_dump(mode="json", by_alias=True, exclude_none=True),
                background=background,
                purpose=Job.Purpose.PREVIEW,
                mattes=[matte],
            ),
        )


def _cancel_others(actor: Actor, known: Job | None) -> None:
    waiting = Job.objects.of(actor).filter(purpose=Job.Purpose.PREVIEW, created_by=actor.user, status__in=OPEN_STATUSES)
    for job in waiting.order_by("pk").select_for_update():
        if job != known:
            end_canceled(job)


def proxy_of(actor: Actor, asset: Asset) -> Asset:
    """The small copy of a photo that its previews are made of."""
    now = timezone.now()
    known = Asset.objects.of(actor).filter(kind=Asset.Kind.PREVIEW, name=proxy_name(asset), expires_at__gt=now).first()
    if known and known.expires_at and known.expires_at > now + timedelta(hours=1):
        return known
    data = small(asset, PROXY_SIDE)
    info = inspect(data, limits())
    with transaction.atomic():
        return Asset.unscoped.create(
            organization=actor.organization,
            blob=blobs.store(actor.organization.pk, data),
            kind=Asset.Kind.PREVIEW,
            name=proxy_name(asset),
            format=info.format,
            width=info.width,
            height=info.height,
            created_by=actor.user,
            expires_at=now + _PROXIES_LIVE,
        )

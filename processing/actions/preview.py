"""Previews: small, free, and only the newest one is worked on.

A preview runs over a proxy of the photo of 1280 pixels, which the web process makes once. The worker keeps the mask
of that proxy, so that every preview after the first costs no network.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from pydantic import BaseModel

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from processing.actions import blobs
from processing.actions.assets import limits
from processing.actions.cancel import end_canceled
from processing.actions.studio import Recipe
from processing.actions.submit import Request, submit
from processing.actions.thumbnails import small
from processing.imaging.inspect import inspect
from processing.models import OPEN_STATUSES, Asset, Job
from processing.operations.preview import for_preview
from processing.operations.process import check_output, merge
from processing.queries.previews import PROXY_SIDE, find_preview, proxy_name

_PROXIES_LIVE = timedelta(hours=24)


def request_preview(actor: Actor, recipe: Recipe, *, asset: Asset, matte: int | None = None) -> Job:
    """The preview of a photo (its blob loaded) with this recipe: one that was made before, else a new one.

    `matte`: the blob of its corrected cut. It takes the place of whatever preview this person was still waiting for.
    Raises InvalidInput where the photo would make too large an image.
    """
    full = merge(recipe.parameters, {}, max_pixels=settings.MAX_IMAGE_PIXELS)
    check_output(full, (asset.width, asset.height), max_pixels=settings.MAX_IMAGE_PIXELS)
    parameters = for_preview(full, (asset.width, asset.height))
    return small_job(actor, "process", parameters, asset=asset, matte=matte, background=recipe.background)


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
        known = find_preview(actor, asset, parameters, background.pk if background else None, matte=matte)
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

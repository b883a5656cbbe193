"""Assets: keep an upload, delete."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.actions import audit
from accounts.kit.errors import NotFound
from processing.actions import blobs
from processing.actions.storage_room import refuse_if_full
from processing.actions.versions import step_forward
from processing.imaging.inspect import ImageInfo, inspect
from processing.imaging.limits import Limits
from processing.models import Asset, JobImage

_NEVER_OLD = timedelta(hours=23)


def limits() -> Limits:
    return Limits(max_bytes=settings.MAX_UPLOAD_BYTES, max_pixels=settings.MAX_IMAGE_PIXELS)


def save_upload(
    actor: Actor,
    *,
    data: bytes,
    name: str,
    expires_at: datetime | None = None,
    needs: Permission = Permission.IMAGES_WRITE,
) -> Asset:
    """An uploaded photo as an asset. Raises InvalidImage, StorageFull before anything is stored.

    The same bytes under the same name are the same asset: a retried upload leaves no second one. `needs`: what the
    work that it is uploaded for asks for.
    """
    actor.require(needs)
    info = inspect(data, limits())
    refuse_if_full(actor, more=data)
    return _keep(actor, data, info, name=clean_name(name), expires_at=expires_at)


@transaction.atomic
def _keep(actor: Actor, data: bytes, info: ImageInfo, *, name: str, expires_at: datetime | None) -> Asset:
    blob = blobs.store(actor.organization.pk, data)
    known = (
        Asset.objects.of(actor)
        .filter(blob=blob, kind=Asset.Kind.UPLOAD, name=name, expires_at__isnull=expires_at is None)
        .first()
    )
    # One that is being deleted at this very moment, as old ones are, is made anew.
    if known and expires_at is None and Asset.unscoped.filter(pk=known.pk).update(renewed_at=timezone.now()):
        return known
    asset = Asset.unscoped.create(
        organization=actor.organization,
        blob=blob,
        kind=Asset.Kind.UPLOAD,
        name=name,
        format=info.format,
        width=info.width,
        height=info.height,
        created_by=actor.user,
        api_key=actor.api_key,
        expires_at=expires_at,
    )
    audit.record(actor, "file.uploaded", target_kind="file", target_id=asset.pk, details={"name": name})
    return asset


def hold(assets: Iterable[Asset]) -> None:
    """Keeps images from being deleted for their age until the caller's transaction, whose rows name them, is committed.
    No organization deletes within a day, so new ones cost no query. Raises NotFound where one is gone."""
    until = timezone.now() - _NEVER_OLD
    wanted = {asset.pk for asset in assets if asset.created_at < until}
    if not wanted:
        return
    locked = Asset.unscoped.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk")
    if set(locked.values_list("pk", flat=True)) != wanted:
        raise NotFound(gettext("There is no such file."), field="fileId")


@transaction.atomic
def delete_asset(actor: Actor, *, asset_id: uuid.UUID) -> None:
    """Deletes an image of the organization; its bytes go when nothing else uses them."""
    actor.require(Permission.IMAGES_WRITE)
    rows = Asset.objects.of(actor).exclude(kind=Asset.Kind.LOGO)
    asset = rows.select_for_update().filter(pk=asset_id).first()
    if asset is None:
        raise NotFound(gettext("There is no such file."))
    audit.record(actor, "file.deleted", target_kind="file", target_id=asset.pk, details={"name": asset.name})
    shown = JobImage.objects.of(actor).filter(output=asset, in_library=True, superseded=False)
    origin = shown.values_list("origin", flat=True).first()
    JobImage.objects.of(actor).filter(output=asset).update(deleted_after=None)  # its photo may have gone by the rule
    discard(asset)
    if origin:
        step_forward(actor.organization.pk, origin=origin)


@transaction.atomic
def discard(asset: Asset) -> None:
    """Removes the row, and the bytes when they are not used any more; with an image goes the cut it was made with."""
    unused = [asset.blob_id]
    made_by = JobImage.unscoped.filter(output=asset, matte__isnull=False)
    unused += made_by.values_list("matte_id", flat=True)
    made_by.update(matte=None)
    asset.delete()
    for blob_id in unused:
        blobs.remove_unused(blob_id)


def clean_name(name: str) -> str:
    """The last part of a file name, printable, at most 255 characters: it is shown and offered for download."""
    last = name.replace("\\", "/").rpartition("/")[2]
    printable = "".join(character for character in last if character.isprintable()).strip(" .")
    if len(printable) > 255:
        stem, dot, extension = printable.rpartition(".")
        printable = f"{stem[: 254 - len(extension)]}.{extension}" if dot and len(extension) < 10 else printable[:255]
    return printable or "photo"

"""Images that a publication holds on to: rows of its own over the same bytes, whatever becomes of the file."""

from __future__ import annotations

from django.db import transaction

from accounts.kit.errors import NotFound
from integrations.models import Publication
from processing.actions import blobs
from processing.actions.assets import clean_name, discard, limits
from processing.imaging.inspect import inspect
from processing.models import Asset, Blob


def hold(image: Asset) -> Asset:
    """A second row for the image's bytes. The caller's transaction holds. Raises NotFound when they are gone."""
    if Blob.unscoped.select_for_update().filter(pk=image.blob_id).first() is None:
        raise NotFound("There is no such file.", field="fileId")
    return Asset.unscoped.create(
        organization_id=image.organization_id,
        blob_id=image.blob_id,
        kind=Asset.Kind.KEPT,
        name=image.name,
        format=image.format,
        width=image.width,
        height=image.height,
    )


@transaction.atomic
def keep(row: Publication, data: bytes, *, name: str) -> Asset:
    """Bytes that a shop has shown until now. Raises InvalidImage for what is none."""
    info = inspect(data, limits())
    return Asset.unscoped.create(
        organization_id=row.organization_id,
        blob=blobs.store(row.organization_id, data),
        kind=Asset.Kind.KEPT,
        name=clean_name(name),
        format=info.format,
        width=info.width,
        height=info.height,
    )


def let_go(asset: Asset | None) -> None:
    """Rows that name it forget it by themselves."""
    if asset is not None:
        discard(asset)

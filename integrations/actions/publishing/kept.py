"""Images that a publication holds on to: rows of its own over the same bytes, whatever becomes of the file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from accounts.kit.errors import NotFound
from integrations.models import Publication
from processing.actions import assets, blobs
from processing.actions.assets import clean_name, discard, limits
from processing.imaging.inspect import inspect
from processing.models import Asset, Blob

_SENT_STAYS, _OLD_STAYS = timedelta(days=60), timedelta(days=400)
_AT_ONCE = 200


def hold(image: Asset) -> Asset:
    """A second row for the image's bytes. The caller's transaction holds. Raises NotFound when they are gone."""
    assets.hold([image])
    if Blob.unscoped.select_for_update().filter(pk=image.blob_id).first() is None:
        raise NotFound(gettext("There is no such file."), field="fileId")
    held = _held(image)
    held.save(force_insert=True)
    return held


def hold_all(images: Sequence[Asset]) -> list[Asset]:
    """A row for each image, in their order. The caller's transaction holds. Raises NotFound."""
    assets.hold(images)
    wanted = {image.blob_id for image in images}
    locked = Blob.unscoped.select_for_update().filter(pk__in=wanted).order_by("pk").values_list("pk", flat=True)
    if set(locked) != wanted:
        raise NotFound(gettext("There is no such file."), field="fileId")
    return Asset.unscoped.bulk_create([_held(image) for image in images], batch_size=200)


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


def _held(image: Asset) -> Asset:
    return Asset(
        organization_id=image.organization_id,
        blob_id=image.blob_id,
        kind=Asset.Kind.KEPT,
        name=image.name,
        format=image.format,
        width=image.width,
        height=image.height,
    )


def forget_old() -> None:
    """For the sweeper: images of publications that ended so long ago that nobody sends or takes them back any more."""
    now = timezone.now()
    for field, stays in (("sent_image", _SENT_STAYS), ("old_image", _OLD_STAYS)):
        ended = Publication.unscoped.exclude(status__in=Publication.OPEN).filter(finished_at__lte=now - stays)
        for asset in Asset.unscoped.filter(pk__in=ended.values(field))[:_AT_ONCE]:
            discard(asset)

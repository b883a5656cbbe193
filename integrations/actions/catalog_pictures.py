"""Small copies of the images of shops, so that pages show them without a visitor's browser asking the shop.

An address is asked when its picture is first looked at; the copy is kept for a month, a failure for a while. Few are
asked at once, for each holds a thread of the web server.
"""

from __future__ import annotations

import hashlib
import uuid
from contextlib import suppress
from datetime import timedelta
from threading import BoundedSemaphore

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit import tasks
from accounts.kit.errors import InvalidImage, NotFound, PackshotError
from accounts.kit.outbound import OutboundError, fetch
from integrations.models import CatalogImage, CatalogPicture, Connection
from integrations.queries.connections import connections
from processing.imaging.limits import Limits
from processing.imaging.thumbnail import thumbnail

SIDE = 320
_AT_ONCE = 6
_SECONDS = 6.0
_LIMITS = Limits(max_bytes=20_000_000, max_pixels=40_000_000)
_FRESH = timedelta(days=30)
_WAITS = (timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6), timedelta(days=1))
# About 10 KB each: 200 MB for a shop at most.
MOST_KEPT = 20_000
_REMOVED_AT_ONCE = 200

_slots = BoundedSemaphore(_AT_ONCE)


class PictureMissing(PackshotError):
    """The shop did not give the image; it is asked again later."""

    code = "picture_missing"
    status = 404
    title = "The shop's image could not be had"


class PicturesBusy(PackshotError):
    """Others are being fetched just now; ask again in a moment."""

    code = "pictures_busy"
    status = 503
    title = "Other images are being fetched"
    retryable = True


def picture(actor: Actor, *, image_id: int) -> bytes:
    """A WebP of an image of the catalog, its longer side SIDE pixels at most.

    Raises NotFound, PictureMissing, PicturesBusy.
    """
    actor.require(Permission.CATALOG_READ)
    found = CatalogImage.objects.of(actor).select_related("product")
    image = found.filter(pk=image_id, product__connection__in=connections(actor).order_by().values("pk")).first()
    if image is None:
        raise NotFound(gettext("There is no such image in the catalog."))
    row, _ = CatalogPicture.unscoped.get_or_create(
        connection_id=image.product.connection_id,
        key=_key(image.url),
        defaults={"organization_id": image.organization_id},
    )
    kept = _read(row) if row.fetched_at else None
    now = timezone.now()
    if kept is not None and row.fetched_at and (now - row.fetched_at < _FRESH or row.not_before > now):
        return kept
    if kept is None and row.failures and row.not_before > now:
        raise PictureMissing(row.problem)
    if not _slots.acquire(blocking=False):
        if kept is not None:
            return kept
        raise PicturesBusy("Other images are being fetched. Ask again in a moment.")
    try:
        return _fetched(row, image.url)
    except PictureMissing:
        if kept is None:
            raise
        return kept
    finally:
        _slots.release()


def take(connection: Connection, url: str, data: bytes) -> None:
    """Bytes that were fetched for another reason, where no small copy of them is kept yet."""
    row, _ = CatalogPicture.unscoped.get_or_create(
        connection=connection, key=_key(url), defaults={"organization_id": connection.organization_id}
    )
    if row.fetched_at is None:
        with suppress(InvalidImage):
            _keep(row, thumbnail(data, _LIMITS, side=SIDE))


def forget(connection_id: uuid.UUID) -> None:
    """Has the copies of a disconnected shop removed, by a worker: there may be thousands."""
    tasks.send("integrations.forget_pictures", str(connection_id), queue="io")


def remove(connection_id: uuid.UUID) -> None:
    while _remove_oldest(connection_id):
        pass


def _fetched(row: CatalogPicture, url: str) -> bytes:
    try:
        got = fetch(url, max_bytes=_LIMITS.max_bytes, accept="image/*", seconds=_SECONDS)
        data = thumbnail(got.data, _LIMITS, side=SIDE)
    except (OutboundError, InvalidImage) as error:
        row.failures = min(row.failures + 1, len(_WAITS))
        row.problem = str(error)[:300]
        row.not_before = timezone.now() + _WAITS[row.failures - 1]
        row.save(update_fields=["failures", "problem", "not_before"])
        raise PictureMissing(row.problem) from None
    _keep(row, data)
    return data


def _keep(row: CatalogPicture, data: bytes) -> None:
    default_storage.save(row.path, ContentFile(data))
    row.fetched_at, row.failures, row.problem = timezone.now(), 0, ""
    row.save(update_fields=["fetched_at", "failures", "problem"])
    if row.pk % _REMOVED_AT_ONCE == 0 and CatalogPicture.unscoped.filter(connection=row.connection).count() > MOST_KEPT:
        _remove_oldest(row.connection_id)


def _key(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()


def _read(row: CatalogPicture) -> bytes | None:
    try:
        with default_storage.open(row.path, "rb") as file:
            content: bytes = file.read()
    except FileNotFoundError:
        return None
    return content


def _remove_oldest(connection_id: uuid.UUID) -> bool:
    """Those that were fetched first, and what was never had; False when there is none."""
    rows = CatalogPicture.unscoped.filter(connection=connection_id).order_by("fetched_at", "pk")[:_REMOVED_AT_ONCE]
    some = list(rows)
    for row in some:
        if row.fetched_at:
            default_storage.delete(row.path)
    CatalogPicture.unscoped.filter(pk__in=[row.pk for row in some]).delete()
    return bool(some)

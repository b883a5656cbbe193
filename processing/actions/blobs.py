"""Bytes in the file storage: one copy per organization and content, with what is derived from it beside it."""

from __future__ import annotations

import hashlib
import posixpath
import uuid

import structlog
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError
from django.utils.translation import gettext

from accounts.kit.errors import NotFound, PackshotError
from processing.models import Asset, Blob, JobImage

log = structlog.get_logger(__name__)


class StorageFailed(PackshotError):
    """The bytes cannot be kept or read: a full disk, a folder that is gone, a store that does not answer."""

    code = "storage_failed"
    status = 503
    title = "The file storage does not answer"
    retryable = True


def store(organization_id: uuid.UUID, data: bytes) -> Blob:
    """Keeps `data` under its SHA-256; the same bytes again are the same blob. In the caller's transaction.

    The row is held until the commit, whether it was there or not: `remove_unused` waits for us, or we have waited for
    it and the row is a new one.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("bytes are stored in the transaction of what needs them")
    blob = Blob(organization_id=organization_id, sha256=hashlib.sha256(data).hexdigest(), bytes=len(data))
    Blob.unscoped.bulk_create(
        [blob], update_conflicts=True, unique_fields=["organization", "sha256"], update_fields=["bytes"]
    )
    if not _is_kept(blob.path):
        _save(blob.path, data)
    return blob


def read(blob: Blob) -> bytes:
    """The bytes. Raises NotFound when the file has vanished from the storage, StorageFailed when nobody can say."""
    try:
        return _read(blob.path)
    except FileNotFoundError:
        raise NotFound(gettext("The file of this image is gone from the storage.")) from None
    except OSError as error:
        log.error("storage_failed", path=blob.path, error=str(error))
        raise StorageFailed("The image could not be read from the file storage. Try again in a moment.") from error


def remove_unused(blob_id: int) -> None:
    """Deletes the blob, its bytes and everything derived from them, if no asset and no corrected cut uses it.

    After the commit of what made it unused: bytes do not come back with a rollback.
    """
    transaction.on_commit(lambda: _try_to_remove(blob_id))


def _try_to_remove(blob_id: int) -> None:
    try:
        _remove_unused(blob_id)
    except OSError as error:
        # The row stays with its bytes, and the next worker that starts removes both.
        log.warning("bytes_not_removed", blob=blob_id, error=str(error))


@transaction.atomic
def _remove_unused(blob_id: int) -> None:
    blob = Blob.unscoped.select_for_update().filter(pk=blob_id).first()
    if blob is None or Asset.unscoped.filter(blob=blob).exists() or JobImage.unscoped.filter(matte=blob).exists():
        return
    path = blob.path
    blob.delete()
    for derived in _derived(path):
        default_storage.delete(derived)
    default_storage.delete(path)


def read_derived(blob: Blob, kind: str) -> bytes | None:
    """What was kept beside the blob under that name (a mask, a thumbnail), or None: it can be made again."""
    try:
        return _read(f"{blob.path}.{kind}")
    except OSError:
        return None


def keep_derived(blob: Blob, kind: str, data: bytes) -> None:
    """Keeps something that can be made again from the blob; it goes when the blob goes."""
    _save(f"{blob.path}.{kind}", data)


def _read(path: str) -> bytes:
    with default_storage.open(path, "rb") as file:
        content: bytes = file.read()
    return content


def _is_kept(path: str) -> bool:
    """Where nobody can say it is written again: that fails in words, or does no harm."""
    try:
        return default_storage.exists(path)
    except OSError:
        return False


def _save(path: str, data: bytes) -> None:
    try:
        default_storage.save(path, ContentFile(data))
    except OSError as error:
        log.error("storage_failed", path=path, error=str(error))
        raise StorageFailed("The image could not be stored. Tell whoever runs this service, then try again.") from error


def _derived(path: str) -> list[str]:
    folder, name = posixpath.split(path)
    try:
        _, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return []
    return [posixpath.join(folder, file) for file in files if file.startswith(f"{name}.")]

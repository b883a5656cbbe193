"""Bytes and their rows: a rollback loses none, a crowd leaves each once, a full disk is said."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import transaction

from processing.actions import blobs
from processing.actions.assets import discard, save_upload
from processing.actions.blobs import StorageFailed
from processing.models import Asset, Blob
from tests.support.at_once import at_once
from tests.support.cast import make_cast
from tests.support.photos import product_photo

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_deletion_that_is_rolled_back_has_lost_no_bytes() -> None:
    cast = make_cast()
    asset = save_upload(cast.alice, data=product_photo(), name="a.jpg")

    def delete_and_stumble() -> None:
        with transaction.atomic():
            discard(asset)
            raise RuntimeError("the next one cannot be deleted")

    with pytest.raises(RuntimeError):
        delete_and_stumble()
    assert blobs.read(Asset.unscoped.select_related("blob").get(name="a.jpg").blob) == product_photo()


def test_the_same_bytes_kept_and_deleted_by_many_at_once() -> None:
    cast = make_cast()
    data = product_photo()

    def work(number: int) -> object:
        for _ in range(8):
            asset = save_upload(cast.alice, data=data, name=f"{number}.jpg")
            discard(asset)
        return None

    assert at_once(6, work) == [None] * 6
    assert not Blob.unscoped.exists()
    asset = save_upload(cast.alice, data=data, name="last.jpg")
    assert blobs.read(asset.blob) == data


def test_a_storage_that_cannot_keep_it_says_so_and_leaves_no_row() -> None:
    cast = make_cast()
    folder = Path(default_storage.path(str(cast.alice.organization.pk)))
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("a file where the folder should be")
    try:
        with pytest.raises(StorageFailed) as caught:
            save_upload(cast.alice, data=product_photo(), name="a.jpg")
    finally:
        folder.unlink()
    assert isinstance(caught.value.__cause__, OSError)
    assert caught.value.__cause__.errno in {errno.EEXIST, errno.ENOTDIR}
    assert not Blob.unscoped.exists()
    assert not Asset.unscoped.exists()

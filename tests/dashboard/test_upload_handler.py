"""Large uploads pass through files without a name: none is left, however the process ends."""

from __future__ import annotations

import resource
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.test import RequestFactory

from processing.actions.blobs import StorageFailed


def test_a_large_part_lies_on_disk_without_a_name() -> None:
    data = bytes(range(256)) * 20_000  # 5 MB: above FILE_UPLOAD_MAX_MEMORY_SIZE
    request = RequestFactory().post("/", {"image": SimpleUploadedFile("a.png", data), "note": "x"})
    file = request.FILES["image"]
    assert isinstance(file, UploadedFile)
    assert (file.name, file.size) == ("a.png", len(data))
    assert Path(f"/proc/self/fd/{file.fileno()}").readlink().parent == Path(settings.FILE_UPLOAD_TEMP_DIR)
    assert list(Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir()) == []
    assert file.read() == data
    assert b"".join(file.chunks()) == data
    file.close()


def test_a_full_disk_is_said_in_words() -> None:
    data = b"0" * 6_000_000
    request = RequestFactory().post("/", {"image": SimpleUploadedFile("a.png", data)})
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, limit[1]))
    try:
        with pytest.raises(StorageFailed):
            _ = request.FILES
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)

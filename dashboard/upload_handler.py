"""Large parts of an upload on disk, in files without a name: whatever ends the process, nothing is left behind."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from processing.actions.blobs import StorageFailed


@contextmanager
def _full_disk_told() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageFailed("The upload could not be kept on its way. Try again in a moment.") from error


class NamelessFileHandler(FileUploadHandler):
    """As Django's TemporaryFileUploadHandler, whose named files a killed process leaves in the folder for good.

    Raises StorageFailed where the disk is full.
    """

    def new_file(self, *arguments: Any, **named: Any) -> None:
        super().new_file(*arguments, **named)
        self.file = UploadedFile(
            tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR),  # noqa: SIM115   (closed with the request)
            self.file_name,
            self.content_type,
            0,
            self.charset,
            self.content_type_extra,
        )

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        with _full_disk_told():
            self.file.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile:
        with _full_disk_told():
            self.file.seek(0)  # writes what was not written yet
        self.file.size = file_size
        return self.file

    def upload_interrupted(self) -> None:
        if file := getattr(self, "file", None):
            file.close()

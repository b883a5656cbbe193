"""Photos on their way in: a file part, or an address that is fetched when everything else is in order."""

from __future__ import annotations

from functools import cached_property
from urllib.parse import unquote

import httpx2
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from accounts.kit.outbound import OutboundError, check_url, fetch
from dashboard.api.errors import ImageUrlFailed
from processing.imaging.errors import EmptyImage, TooManyBytes, UnsupportedImage
from processing.imaging.sniff import HEAD, sniff

_ACCEPT = "image/avif,image/webp,image/png,image/jpeg,image/*;q=0.9,*/*;q=0.5"


class FilePhoto:
    """A file part. It stays where the parser put it until it is read."""

    def __init__(self, file: UploadedFile, field: str) -> None:
        self._file = file
        self.field = field
        self.name = file.name or "photo"

    def read(self) -> bytes:
        size = self._file.size or 0
        if size > settings.MAX_UPLOAD_BYTES:
            raise TooManyBytes(
                f"The file weighs {size / 1e6:.1f} MB. Send at most {settings.MAX_UPLOAD_BYTES / 1e6:g} MB.",
                field=self.field,
            )
        self._file.seek(0)
        data: bytes = self._file.read()
        return data


class RemotePhoto:
    """An address. Its form is checked at once; it is fetched once, at the first `read`."""

    def __init__(self, url: str, field: str) -> None:
        self.field = field
        self.url = url
        try:
            self.name = _name(check_url(url))
        except OutboundError as error:
            raise ImageUrlFailed(f"{field}: {error.detail}", field=field) from None

    def read(self) -> bytes:
        return self._data

    @cached_property
    def _data(self) -> bytes:
        try:
            data = fetch(self.url, max_bytes=settings.MAX_UPLOAD_BYTES, accept=_ACCEPT).data
            sniff(data[:HEAD])
        except (OutboundError, UnsupportedImage, EmptyImage) as error:
            raise ImageUrlFailed(f"{self.field}: {error.detail}", field=self.field) from None
        return data


def _name(url: httpx2.URL) -> str:
    return unquote(url.path.rstrip("/").rpartition("/")[2]) or "photo"

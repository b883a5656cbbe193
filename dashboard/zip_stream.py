"""A ZIP as it is made: one image in memory at a time, however many there are."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from django.http import StreamingHttpResponse

from processing.actions import blobs
from processing.models import Asset

_LOCAL, _CENTRAL, _END = 30, 46, 22  # bytes of the records around a name


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of the archive; `read` is called when its turn comes and answers with `size` bytes."""

    name: str
    size: int
    modified: datetime
    read: Callable[[], bytes]


def entry(asset: Asset, name: str) -> Entry:
    """The bytes of an image (its blob loaded) under that name."""
    return Entry(name, asset.blob.bytes, asset.created_at, lambda: blobs.read(asset.blob))


def zip_response(entries: Sequence[Entry], *, name: str) -> StreamingHttpResponse:
    """The archive as a download called `name`. Images do not get smaller by packing, so they are stored as they are."""
    response = StreamingHttpResponse(stream(entries), content_type="application/zip")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    if length := _length(entries):
        # Known beforehand, so a browser shows how much is left and notices a download that broke off.
        response["Content-Length"] = str(length)
    return response


def stream(entries: Iterable[Entry]) -> Iterator[bytes]:
    """The archive's bytes, file by file."""
    window = _Window()
    with zipfile.ZipFile(window, "w", zipfile.ZIP_STORED) as archive:
        for one in entries:
            info = zipfile.ZipInfo(one.name, date_time=one.modified.timetuple()[:6])
            info.external_attr = 0o644 << 16
            archive.writestr(info, one.read())
            yield window.take()
    yield window.take()


def _length(entries: Sequence[Entry]) -> int | None:
    """The archive's length in bytes; None where it needs the 64 bit records."""
    names = sum(len(one.name.encode()) for one in entries)
    length = sum(one.size for one in entries) + len(entries) * (_LOCAL + _CENTRAL) + 2 * names + _END
    return length if length < zipfile.ZIP64_LIMIT and len(entries) < zipfile.ZIP_FILECOUNT_LIMIT else None


class _Window(io.RawIOBase):
    """The end of an endless file: what was taken away cannot be gone back to.

    zipfile goes back only to the header of the file it has just written, to fill in its checksum; so headers carry
    sizes and checksums, which readers that cannot seek need.
    """

    def __init__(self) -> None:
        super().__init__()
        self._start = 0
        self._buffer = io.BytesIO()

    def take(self) -> bytes:
        data = self._buffer.getvalue()
        self._start += len(data)
        self._buffer = io.BytesIO()
        return data

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        return self._buffer.write(data)  # type: ignore[arg-type]

    def tell(self) -> int:
        return self._start + self._buffer.tell()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if whence != io.SEEK_SET or offset < self._start:
            raise io.UnsupportedOperation("this part of the archive is sent already")
        return self._start + self._buffer.seek(offset - self._start)

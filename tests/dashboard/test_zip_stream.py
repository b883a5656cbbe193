from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable
from datetime import UTC, datetime

from dashboard.zip_stream import Entry, stream, zip_response

AT = datetime(2026, 11, 3, 14, 30, 22, tzinfo=UTC)


def entry(name: str, data: bytes) -> Entry:
    return Entry(name, len(data), AT, lambda: data)


def packed(*entries: Entry) -> bytes:
    return b"".join(stream(entries))


def test_every_file_comes_back_under_its_name() -> None:
    archive = zipfile.ZipFile(io.BytesIO(packed(entry("cup.jpg", b"a" * 5000), entry("Tasse für Öl.png", b"b"))))
    assert archive.testzip() is None
    assert {info.filename: archive.read(info) for info in archive.infolist()} == {
        "cup.jpg": b"a" * 5000,
        "Tasse für Öl.png": b"b",
    }
    assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}
    assert archive.getinfo("cup.jpg").date_time == (2026, 11, 3, 14, 30, 22)


def test_headers_carry_size_and_checksum_for_readers_that_cannot_seek() -> None:
    start = packed(entry("cup.jpg", b"cup"))[:30]
    flags, sizes = int.from_bytes(start[6:8], "little"), start[14:26]
    assert not flags & 0x08
    assert sizes == zlib.crc32(b"cup").to_bytes(4, "little") + (3).to_bytes(4, "little") * 2


def test_files_are_read_one_after_the_other_as_the_archive_is_taken() -> None:
    read: list[str] = []

    def reading(name: str) -> Callable[[], bytes]:
        def read_now() -> bytes:
            read.append(name)
            return b"x"

        return read_now

    chunks = stream([Entry(name, 1, AT, reading(name)) for name in ("a", "b", "c")])
    next(chunks)
    assert read == ["a"]
    next(chunks)
    assert read == ["a", "b"]


def test_the_length_is_announced_and_true() -> None:
    entries = [entry("cup.jpg", b"a" * 1234), entry("Öl.png", b"b" * 77)]
    response = zip_response(entries, name="Autumn ☕.zip")
    assert response["Content-Length"] == str(len(packed(*entries)))
    assert response["Content-Disposition"] == "attachment; filename*=UTF-8''Autumn%20%E2%98%95.zip"


def test_an_empty_archive_is_an_archive() -> None:
    response = zip_response([], name="none.zip")
    data = b"".join(response.streaming_content)  # type: ignore[arg-type]
    assert zipfile.ZipFile(io.BytesIO(data)).namelist() == []
    assert response["Content-Length"] == str(len(data))

"""Text chunks of a PNG, unpacked within bounds. Decoding never needs them; who judges a file does."""

from __future__ import annotations

import zlib
from contextlib import suppress

_MOST_CHUNKS, _MOST_TEXT = 1000, 1 << 18


def texts(data: bytes) -> bytes:
    """The compressed texts (zTXt, iTXt), one after the other; others stand in `data` as they are."""
    parts: list[bytes] = []
    at = 8
    for _ in range(_MOST_CHUNKS):
        if at + 12 > len(data):
            break
        length, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        content = data[at + 8 : at + 8 + length]
        packed = _packed(name, content) if name in (b"zTXt", b"iTXt") else b""
        if packed:
            with suppress(zlib.error):
                parts.append(zlib.decompressobj().decompress(packed, _MOST_TEXT))
        at += 12 + length
    return b"\n".join(parts)


def _packed(name: bytes, content: bytes) -> bytes:
    _, _, rest = content.partition(b"\0")
    if name == b"zTXt":
        return rest[1:]
    if rest[:1] != b"\1":
        return b""
    return rest[2:].partition(b"\0")[2].partition(b"\0")[2]

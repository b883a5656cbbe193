"""PNG (third edition): chunks. Text and what could unpack without end never reach the decoder."""

from __future__ import annotations

import zlib

from processing.imaging.containers.container import Container
from processing.imaging.errors import BrokenImage, TruncatedImage

_SIGNATURE = 8
_MOST_CHUNKS = 100_000
_LARGEST_PROFILE = 1 << 20  # Pillow's own limit, at which it would refuse the whole picture
_KEPT = {b"IHDR", b"PLTE", b"tRNS", b"iCCP", b"sRGB", b"gAMA", b"cHRM", b"IDAT", b"IEND"}


def read(data: bytes) -> Container:
    """Raises TruncatedImage when the end chunk is missing, BrokenImage for nonsense."""
    if data[12:16] != b"IHDR":
        raise TruncatedImage if len(data) < 33 else _broken()
    kept: list[tuple[int, int]] = []
    exif: bytes | None = None
    cicp: tuple[int, int] | None = None
    frames, at, dropped = 1, _SIGNATURE, False
    for _ in range(_MOST_CHUNKS):
        if at + 12 > len(data):
            raise TruncatedImage
        end = at + 12 + int.from_bytes(data[at : at + 4], "big")
        name = data[at + 4 : at + 8]
        if end > len(data):
            raise TruncatedImage
        if name == b"acTL":
            frames = int.from_bytes(data[at + 8 : at + 12], "big")
        elif name == b"cICP" and end - at == 16:
            cicp = data[at + 8], data[at + 9]
        elif name == b"eXIf":
            exif = data[at:end]
        if name in _KEPT and not (name == b"iCCP" and _bomb(data[at + 8 : end - 4])):
            kept.append((at, end))
        else:
            dropped = True
        if name == b"IEND":
            width, height = int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
            clean = _rebuilt(data, kept, exif) if dropped else data
            return Container(width, height, data=clean, end=end, frames=frames, cicp=cicp)
        at = end
    raise _broken()


def _rebuilt(data: bytes, kept: list[tuple[int, int]], exif: bytes | None) -> bytes:
    """Only the chunks that make the picture; EXIF before the pixels, where it is found without decoding them."""
    (start, end), *others = kept
    return b"".join(
        (data[:_SIGNATURE], data[start:end], exif or b"", *(memoryview(data)[start:end] for start, end in others))
    )


def _bomb(content: bytes) -> bool:
    """Whether a compressed profile is larger than any is, or is compressed in an unknown way."""
    name_end = content.find(b"\0")
    if name_end < 0 or content[name_end + 1 : name_end + 2] != b"\0":
        return True
    unpack = zlib.decompressobj()
    try:
        unpack.decompress(content[name_end + 2 :], _LARGEST_PROFILE)
    except zlib.error:
        return True
    return bool(unpack.unconsumed_tail)


def _broken() -> BrokenImage:
    return BrokenImage("The file starts like a PNG, but cannot be read as one. Save it again and send it.")

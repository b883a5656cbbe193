"""A fast PNG writer: one filter (Up) over bands of rows, then ISA-L's deflate at level 1.

python -m tests.benchmarks.png measures it against Pillow's.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator
from functools import cache

import cv2
import numpy as np
from isal import isal_zlib
from numpy.typing import NDArray

from processing.imaging.arrays import RGB, Alpha
from processing.imaging.profiles import srgb_profile

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_COLOR_TYPES = {1: 0, 2: 4, 3: 2, 4: 6}  # channels → grey, grey + alpha, RGB, RGBA
_UP = 2
_LEVEL = 1
# Filtered rows stay in the processor's cache until they are compressed.
_BAND = 1 << 19


def write_png(pixels: NDArray[np.uint8], alpha: Alpha | None = None, *, xmp: bytes | None = None) -> bytes:
    """`pixels`: uint8 (H, W) or (H, W, 1..4). A PNG tagged as sRGB, with the XMP packet `xmp` or no other metadata.

    `alpha`: uint8 (H, W), the transparency of three channels. What it hides becomes white: one colour costs nothing,
    and white, because some programs drop the alpha and others blur across its edge.
    """
    height, width = pixels.shape[:2]
    rows = np.ascontiguousarray(pixels).reshape(height, -1)
    channels = rows.shape[1] // width if alpha is None else 4
    take = _Plain(rows) if alpha is None else _CutOut(rows.reshape(height, width, 3), alpha)
    chunks = [
        _SIGNATURE,
        _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, _COLOR_TYPES[channels], 0, 0, 0)),
        _profile() if channels > 2 else _chunk(b"sRGB", b"\0"),
    ]
    if xmp is not None:
        # Keyword, then: not compressed, no language, no translated keyword.
        chunks.append(_chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp))
    for part in _compressed(take, height, width * channels):
        if part:
            chunks += _pieces(b"IDAT", part)
    chunks += _pieces(b"IEND", b"")
    return b"".join(chunks)


class _Plain:
    """Rows as they are."""

    def __init__(self, rows: NDArray[np.uint8]) -> None:
        self._rows = rows

    def __call__(self, start: int, stop: int) -> NDArray[np.uint8]:
        return self._rows[start:stop]


class _CutOut:
    """Rows of colours joined with their alpha a band at a time: no copy of the whole picture is made."""

    def __init__(self, rgb: RGB, alpha: Alpha) -> None:
        self._rgb, self._alpha = rgb, alpha
        self._joined = np.empty((0, rgb.shape[1], 4), np.uint8)
        self._white = np.empty_like(self._joined)

    def __call__(self, start: int, stop: int) -> NDArray[np.uint8]:
        if len(self._joined) != stop - start:
            self._joined = np.empty((stop - start, self._rgb.shape[1], 4), np.uint8)
            self._white = np.full_like(self._joined, 255)
            self._white[..., 3] = 0
        alpha = self._alpha[start:stop]
        cv2.cvtColor(self._rgb[start:stop], cv2.COLOR_RGB2RGBA, dst=self._joined)
        cv2.insertChannel(alpha, self._joined, 3)
        cv2.copyTo(self._white, cv2.inRange(alpha, 0, 0), self._joined)
        return self._joined.reshape(stop - start, -1)


def _compressed(take: Callable[[int, int], NDArray[np.uint8]], height: int, length: int) -> Iterator[bytes]:
    """Each row of `length` bytes as its difference from the row above (modulo 256), behind the byte that says so."""
    step = max(1, _BAND // length)
    band = np.empty((step, length + 1), np.uint8)
    band[:, 0] = _UP
    above = np.zeros(length, np.uint8)
    compressor = isal_zlib.compressobj(_LEVEL)
    for start in range(0, height, step):
        rows = take(start, min(start + step, height))
        count = len(rows)
        np.subtract(rows[0], above, out=band[0, 1:])
        np.subtract(rows[1:], rows[:-1], out=band[1:count, 1:])
        above[:] = rows[-1]
        yield compressor.compress(band[:count])
    yield compressor.flush()


@cache
def _profile() -> bytes:
    return _chunk(b"iCCP", b"sRGB\0\0" + zlib.compress(srgb_profile(), 9))


def _chunk(name: bytes, content: bytes) -> bytes:
    return b"".join(_pieces(name, content))


def _pieces(name: bytes, content: bytes) -> list[bytes]:
    """Length, name, content and checksum, unjoined: the content is copied once, with the whole file."""
    checksum = isal_zlib.crc32(content, isal_zlib.crc32(name))
    return [struct.pack(">I", len(content)) + name, content, struct.pack(">I", checksum)]

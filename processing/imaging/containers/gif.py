"""GIF89a: blocks of sub-blocks."""

from __future__ import annotations

from processing.imaging.containers.container import Container
from processing.imaging.errors import BrokenImage, TruncatedImage

_MOST_BLOCKS = 10_000
_MOST_SUB_BLOCKS = 1_000_000
_EXTENSION, _IMAGE, _TRAILER = 0x21, 0x2C, 0x3B


def read(data: bytes) -> Container:
    """Stops at the second frame. Raises TruncatedImage, BrokenImage."""
    if len(data) < 14:
        raise TruncatedImage
    width, height = int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little")
    at, frames = 13 + _color_table(data[10]), 0
    for _ in range(_MOST_BLOCKS):
        # Many programs leave out the trailer; the picture is whole without it.
        kind = data[at] if at < len(data) else _TRAILER
        if kind == _TRAILER or frames > 1:
            break
        if kind == _EXTENSION:
            at = _after_sub_blocks(data, at + 2)
        elif kind == _IMAGE:
            if at + 11 > len(data):
                raise TruncatedImage
            left, top, wide, high = (int.from_bytes(data[at + n : at + n + 2], "little") for n in (1, 3, 5, 7))
            # Readers enlarge the canvas for a frame that reaches over its edge.
            width, height, frames = max(width, left + wide), max(height, top + high), frames + 1
            at = _after_sub_blocks(data, at + 11 + _color_table(data[at + 9]))
        else:
            break
    if frames == 0:
        raise TruncatedImage if at >= len(data) else BrokenImage("The GIF holds no picture. Save it again and send it.")
    return Container(width, height, data=data, end=min(at + 1, len(data)), frames=frames)


def _color_table(flags: int) -> int:
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _after_sub_blocks(data: bytes, at: int) -> int:
    for _ in range(_MOST_SUB_BLOCKS):
        if at >= len(data):
            raise TruncatedImage
        length = data[at]
        at += 1 + length
        if length == 0:
            return at
    raise BrokenImage("The GIF is built in a way no program does. Save it again and send it.")
